"""A plan fits the minutes as nearly as it may, and never at the cost of opening or closing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from assistant._resources import resource
from assistant.routine.library import Library
from assistant.routine.plan import Line, Plan, Step, Strokes
from assistant.routine.planner import MOST_GROWTH

LIBRARY = Library([resource("routines")])
ROUTINES = list(LIBRARY.routines)
ALL_STEPS = {name: LIBRARY.routines[name].steps for name in ROUTINES}


def strokes_per_side(step: Step) -> int:
    return next(item.count for item in step.score if isinstance(item, Strokes))


def bookends(plan: Plan) -> list[tuple[str, str]]:
    return [(step.technique, step.role) for step in plan.steps if step.role != "work"]


@pytest.mark.parametrize("name", ROUTINES)
def test_without_minutes_the_strokes_are_as_written(name):
    planned = LIBRARY.plan(name)
    assert [strokes_per_side(step) for step in planned.steps] == [
        step.strokes for step in ALL_STEPS[name]
    ]
    assert planned.left_out == ()


@pytest.mark.parametrize("name", ROUTINES)
def test_a_plan_is_as_long_as_its_score(name):
    planned = LIBRARY.plan(name)
    strokes = sum(
        item.count * item.tempo
        for step in planned.steps
        for item in step.score
        if isinstance(item, Strokes)
    )
    words = sum(
        item.seconds for step in planned.steps for item in step.score if isinstance(item, Line)
    )
    assert planned.seconds == pytest.approx(strokes + words)
    assert 4 * 60 <= planned.seconds <= 16 * 60


@settings(deadline=None)
@given(name=st.sampled_from(ROUTINES), minutes=st.floats(0, 60))
def test_opening_and_closing_survive_every_wish(name, minutes):
    planned, whole = LIBRARY.plan(name, minutes), LIBRARY.plan(name)
    assert bookends(planned) == bookends(whole)
    for step in planned.steps:
        if step.role != "work":
            written = next(
                part.strokes
                for part in ALL_STEPS[name]
                if (part.use, part.role) == (step.technique, step.role)
            )
            assert written <= strokes_per_side(step) <= MOST_GROWTH * written


@settings(deadline=None)
@given(name=st.sampled_from(ROUTINES), minutes=st.floats(0, 60))
def test_strokes_stay_within_their_limits_and_only_optional_steps_go(name, minutes):
    planned = LIBRARY.plan(name, minutes)
    kept = iter(planned.steps)
    step = next(kept)
    for written in ALL_STEPS[name]:
        if step is not None and step.technique == written.use and step.role == written.role:
            fewest = written.trim_to or written.strokes
            assert fewest <= strokes_per_side(step) <= MOST_GROWTH * written.strokes
            step = next(kept, None)
        else:
            assert written.optional
            assert LIBRARY.techniques[written.use].title in planned.left_out
    assert step is None


@settings(deadline=None)
@given(name=st.sampled_from(ROUTINES), seconds=st.integers(0, 900))
def test_a_possible_length_is_met_within_ten_seconds(name, seconds):
    shortest, longest = LIBRARY.plan(name, 0).seconds, LIBRARY.plan(name, 60).seconds
    planned = LIBRARY.plan(name, seconds / 60).seconds
    assert abs(planned - min(max(seconds, shortest), longest)) <= 10


@pytest.mark.parametrize("name", ROUTINES)
def test_the_same_wish_gives_the_same_plan(name):
    assert LIBRARY.plan(name, 5) == Library([resource("routines")]).plan(name, 5)


@pytest.mark.parametrize("name", ROUTINES)
def test_a_plan_survives_being_saved_and_loaded(name):
    form = TypeAdapter(Plan)
    assert form.validate_json(form.dump_json(LIBRARY.plan(name))) == LIBRARY.plan(name)


def test_a_missing_tool_is_replaced_by_another_technique():
    steps = LIBRARY.plan("jaw-clenching", tools=["hands"]).steps
    assert (steps[0].technique, steps[0].contact) == ("warm-palms", "your palms, rubbed warm")


def test_a_step_whose_tool_nothing_replaces_is_left_out_and_named():
    planned = LIBRARY.plan("puffy-eyes", tools=[])
    assert "cool-cloth" not in [step.technique for step in planned.steps]
    assert planned.left_out == ("Cool cloth",)
    assert planned.tools == ("hands",)


def test_the_announced_timing_follows_the_strokes():
    for minutes, timing in [
        (4, "One stroke every four seconds, three times."),
        (15, "One stroke every four seconds, ten times."),
    ]:
        steps = LIBRARY.plan("puffy-eyes", minutes).steps
        step = next(step for step in steps if step.technique == "under-eye-sweep")
        assert step.timing_line == timing
        assert Line(timing, "what") in step.score


def test_a_hold_is_one_silent_stretch_of_time():
    steps = LIBRARY.plan("jaw-clenching").steps
    assert Strokes(6, 10, earcons=False) in steps[0].score
    assert steps[0].timing_line == "Hold for one minute."
