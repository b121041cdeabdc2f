"""A plan comes as near to the minutes as it may, but never at the cost of opening or closing."""

import re
from collections import defaultdict
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from assistant._resources import resource
from assistant.errors import PlanRefused, UnknownTool
from assistant.library.library import Library
from assistant.library.shipped import load_health
from assistant.routine.plan import Plan, SpokenLine, Step, Strokes
from assistant.routine.planner import plan
from assistant.routine.routine_schema import RoutineStep
from assistant.routine.selection import MOST_GROWTH

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
        item.lead + item.count * item.tempo
        for step in planned.steps
        for item in step.score
        if isinstance(item, Strokes)
    )
    words = sum(
        item.seconds
        for step in planned.steps
        for item in step.score
        if isinstance(item, SpokenLine)
    )
    assert planned.seconds == pytest.approx(strokes + words)
    assert 4 * 60 <= planned.seconds <= 16 * 60


@settings(deadline=None, max_examples=40)
@given(name=st.sampled_from(ROUTINES), minutes=st.floats(0, 60))
def test_opening_and_closing_survive_any_number_of_minutes(name, minutes):
    planned, whole = LIBRARY.plan(name, minutes), LIBRARY.plan(name)
    assert bookends(planned) == bookends(whole)
    for step in planned.steps:
        if step.role != "work":
            written = next(
                part.strokes
                for part in ALL_STEPS[name]
                if (part.use, part.role) == (step.technique, step.role)
            )
            assert written
            assert written <= strokes_per_side(step) <= MOST_GROWTH * written


@settings(deadline=None, max_examples=40)
@given(name=st.sampled_from(ROUTINES), minutes=st.floats(0, 60))
def test_strokes_stay_within_their_limits_and_only_optional_work_goes(name, minutes):
    planned = LIBRARY.plan(name, minutes)
    for written in ALL_STEPS[name]:
        given_ = [s for s in planned.steps if (s.technique, s.role) == (written.use, written.role)]
        if not given_:
            assert written.optional or LIBRARY.techniques[written.use].spreads_oil
            assert LIBRARY.techniques[written.use].title in planned.left_out
        fewest = written.trim_to or written.strokes
        assert fewest
        assert written.strokes
        for step in given_:
            assert fewest <= strokes_per_side(step) <= MOST_GROWTH * written.strokes


@settings(deadline=None, max_examples=40)
@given(name=st.sampled_from(ROUTINES), minutes=st.floats(20, 45))
def test_no_technique_lasts_longer_than_its_limit(name, minutes):
    spent: defaultdict[str, float] = defaultdict(float)
    for step in LIBRARY.plan(name, minutes).steps:
        spent[step.technique] += strokes_per_side(step) * step.tempo
    for technique, seconds in spent.items():
        most = LIBRARY.techniques[technique].most_seconds
        assert most is None or seconds <= most, technique


@settings(deadline=None, max_examples=60)
@given(name=st.sampled_from(ROUTINES), seconds=st.integers(120, 2700))
def test_a_possible_length_is_met_and_an_impossible_one_is_noted(name, seconds):
    shortest, longest = LIBRARY.plan(name, 0).seconds, LIBRARY.plan(name, 60).seconds
    planned = LIBRARY.plan(name, seconds / 60)
    allowed = max(10, 0.05 * seconds)
    assert abs(planned.seconds - min(max(seconds, shortest), longest)) <= allowed
    assert planned.near == (abs(planned.seconds - seconds) <= allowed)
    assert planned.near == (planned.notes == ())


def test_one_minute_of_a_full_face_is_answered_with_the_shortest_that_it_can_be():
    planned = LIBRARY.plan("full-face", 1)
    assert planned.asked == 60
    assert planned.notes == (
        "This one can't be any shorter, because the beginning and the end keep their length.",
    )


def test_a_long_massage_repeats_the_work_in_rounds_and_says_so():
    planned = LIBRARY.plan("morning-puffiness", 20)
    said = [step.score[0].text for step in planned.steps if isinstance(step.score[0], SpokenLine)]
    second, third = said.index("Second round."), said.index("Third round.")
    first_round = [step.technique for step in planned.steps[:second] if step.role == "work"]
    second_round = [step.technique for step in planned.steps[second:third]]
    assert second_round == first_round[-len(second_round) :]
    assert "belly-breaths" not in second_round, "nobody settles down twice"
    assert all(step.role == "closing" for step in planned.steps[-2:])


@pytest.mark.parametrize("name", ROUTINES)
@pytest.mark.parametrize("minutes", [2, 30])
def test_however_short_every_step_says_direction_pressure_and_timing(name, minutes):
    for step in LIBRARY.plan(name, minutes).steps:
        said = " ".join(item.text for item in step.score if isinstance(item, SpokenLine))
        assert step.direction_line in said
        assert step.timing_line in said
        assert re.search(rf"\b{step.pressure}\b", said.lower())


@pytest.mark.parametrize("name", ROUTINES)
@pytest.mark.parametrize("minutes", [None, 3, 30])
def test_dry_work_comes_first_and_oil_before_what_glides(name, minutes):
    oiled = False
    for step in LIBRARY.plan(name, minutes).steps:
        technique = LIBRARY.techniques[step.technique]
        if technique.spreads_oil:
            assert not oiled, "once is enough"
            oiled = True
        elif technique.surface == "oiled":
            assert oiled
        elif technique.surface == "dry":
            assert not (oiled and step.role == "work")


def test_a_routine_that_forgot_the_oil_gets_it_and_its_dry_work_moved_forward():
    steps = [
        {"use": "neck-sides", "strokes": 5, "role": "opening"},
        {"use": "cheek-glide", "strokes": 5},
        {"use": "around-the-ears", "strokes": 5},
        {"use": "neck-sides", "strokes": 5, "role": "closing"},
    ]
    routine = LIBRARY.routines["glow"].model_copy(
        update={"steps": tuple(RoutineStep.model_validate(step) for step in steps)}
    )
    planned = plan("mine", routine, LIBRARY.techniques, LIBRARY.narration)
    order = ["neck-sides", "around-the-ears", "oil-on", "cheek-glide", "neck-sides"]
    assert [step.technique for step in planned.steps] == order
    said = [item.text for item in planned.steps[-1].score if isinstance(item, SpokenLine)]
    assert LIBRARY.narration.over_oil in said


@pytest.mark.parametrize("name", ROUTINES)
def test_the_same_request_gives_the_same_plan(name):
    assert LIBRARY.plan(name, 5) == Library([resource("routines")]).plan(name, 5)


@pytest.mark.parametrize("name", ROUTINES)
def test_a_plan_survives_being_saved_and_loaded(name):
    form = TypeAdapter(Plan)
    assert form.validate_json(form.dump_json(LIBRARY.plan(name))) == LIBRARY.plan(name)


def test_a_missing_tool_is_replaced_by_another_technique():
    steps = LIBRARY.plan("jaw-clenching", tools=["hands"]).steps
    assert (steps[0].technique, steps[0].contact) == ("warm-palms", "your warm palms")


def test_a_stand_in_has_its_own_strokes_and_tempo_and_lasts_as_long():
    written = LIBRARY.plan("gua-sha")
    planned = LIBRARY.plan("gua-sha", tools=["hands"])
    stone = next(step for step in written.steps if step.technique == "gua-sha-jaw")
    knuckles = next(step for step in planned.steps if step.technique == "knuckle-jaw-glide")
    assert (stone.tempo, strokes_per_side(stone)) == (5, 5)
    assert (knuckles.tempo, strokes_per_side(knuckles)) == (6, 4)
    assert planned.tools == ("hands",)
    assert planned.notes[0].startswith("Without a gua sha, use two bent knuckles")


def test_a_massage_that_is_all_tool_is_refused_without_it():
    with pytest.raises(PlanRefused, match=r"^You can't do this massage without a device\.$"):
        LIBRARY.plan("device-timer", tools=["hands"])


@pytest.mark.parametrize("name", ["gua-sha", "gua sha", "Gua-Sha"])
def test_tools_are_known_by_the_names_that_people_give_them(name):
    assert "gua sha" in LIBRARY.plan("gua-sha", tools=[name]).tools


def test_an_unknown_tool_is_refused_with_those_there_are():
    with pytest.raises(UnknownTool, match=r"There is no tool 'hammer'. There are hands, cloth, "):
        LIBRARY.plan("gua-sha", tools=["hammer"])


def test_a_step_whose_tool_nothing_replaces_is_left_out_and_named():
    planned = LIBRARY.plan("puffy-eyes", tools=[])
    assert "cool-cloth" not in [step.technique for step in planned.steps]
    assert planned.left_out == ("Cool cloth",)
    assert planned.tools == ("hands",)


def test_the_announced_timing_follows_the_strokes():
    for minutes, timing in [
        (2, "One stroke every four seconds, three times."),
        (None, "One stroke every four seconds, five times."),
    ]:
        steps = LIBRARY.plan("puffy-eyes", minutes).steps
        step = next(step for step in steps if step.technique == "under-eye-sweep")
        assert step.timing_line == timing
        assert SpokenLine(timing, "what") in step.score


def test_a_hold_is_one_stretch_of_time_without_a_sound_for_each_part_of_it():
    steps = LIBRARY.plan("jaw-clenching").steps
    (run,) = (item for item in steps[0].score if isinstance(item, Strokes))
    assert (run.count, run.tempo, run.earcons) == (6, 10, False)
    assert steps[0].timing_line == "Hold for one minute."


def test_a_preferred_tool_takes_the_place_of_the_one_that_does_the_same_work():
    planned = LIBRARY.plan("jawline", preferred="roller")
    assert planned.tools == ("hands", "roller")
    assert planned.prepare.endswith("Have a clean roller within reach too.")
    assert "stone" not in planned.prepare
    assert planned.notes == ()


def test_a_preferred_tool_without_such_work_changes_nothing():
    planned = LIBRARY.plan("puffy-eyes", preferred="roller")
    assert planned.steps == LIBRARY.plan("puffy-eyes").steps
    assert planned.prepare == LIBRARY.plan("puffy-eyes").prepare


def test_health_goes_before_a_preferred_tool():
    acne = load_health().restrictions({"acne": None}, date(2026, 11, 25))
    planned = LIBRARY.plan("jawline", restrictions=acne, preferred="roller")
    assert planned.tools == ("hands",)


def test_what_health_rules_out_is_not_blamed_on_a_missing_tool():
    raynaud = load_health().restrictions({"raynaud": None}, date(2026, 11, 25))
    with pytest.raises(PlanRefused) as refusal:
        LIBRARY.plan("chilled-tools", tools={"hands"}, restrictions=raynaud)
    assert "leave out everything cold" in str(refusal.value)
    assert "without a" not in str(refusal.value)
