"""For any health answers and tools: a plan that respects them, or a refusal that says why."""

from collections.abc import Mapping
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant._resources import resource
from assistant.errors import PlanRefused
from assistant.library.library import Library
from assistant.library.shipped import load_health
from assistant.routine.plan import Plan, SpokenLine
from assistant.routine.restrictions import Restrictions
from assistant.routine.schema import PRESSURES, sentences
from assistant.routine.tools import TOOLS

LIBRARY = Library([resource("routines")])
HEALTH = load_health()
TODAY = date(2026, 11, 22)
MINUTES = (3, 5, 10, 15, 20)
KITS = {"no tools": ("hands",), "all tools": TOOLS}
FRESH = date(2026, 11, 20)
OLDER = date(2026, 10, 20)
ANSWERS: list[Mapping[str, date | None]] = [
    {},
    *({name: None} for name in HEALTH.conditions),
    *({name: FRESH} for name, condition in HEALTH.conditions.items() if condition.needs_date),
    {"filler": OLDER},
]


def without_duplicates(answers: list[Mapping[str, date | None]]) -> list[Restrictions]:
    """The restrictions of the answers, without those that equal earlier ones."""
    found: dict[object, Restrictions] = {}
    for answer in answers:
        restrictions = HEALTH.restrictions(answer, TODAY)
        key = tuple(
            (restriction.forbids, restriction.firmest, restriction.refuses)
            for restriction in restrictions.parts
        )
        found.setdefault(key, restrictions)
    return list(found.values())


ALL_RESTRICTIONS = without_duplicates(ANSWERS)


@cache
def planned(name: str, minutes: float, kit: str, restrictions: Restrictions) -> Plan | str:
    """A plan, or the words of the refusal."""
    try:
        return LIBRARY.plan(name, minutes, KITS[kit], restrictions)
    except PlanRefused as refusal:
        return str(refusal)


def assert_respected(plan: Plan, restrictions: Restrictions, kit: str) -> None:
    roles = [step.role for step in plan.steps]
    assert roles.count("opening") >= 1
    assert roles.count("closing") >= 1
    assert roles[-1] == "closing"
    for step in plan.steps:
        technique = LIBRARY.techniques[step.technique]
        for restriction in restrictions.parts:
            assert not restriction.forbids & {*technique.area_tags, technique.tool}, step.technique
            assert not (technique.lymph and "lymph" in restriction.forbids), step.technique
            assert not (technique.cold and "cold" in restriction.forbids), step.technique
            assert PRESSURES.index(step.pressure) <= PRESSURES.index(restriction.firmest)
        assert technique.tool in KITS[kit]


def assert_length_is_right_or_noted(plan: Plan, minutes: float) -> None:
    off = abs(plan.seconds - minutes * 60)
    near = off <= max(10, 0.05 * minutes * 60)
    noted = any(
        note.startswith(("This one can't be any shorter", "That's the most")) for note in plan.notes
    )
    assert near != noted


@pytest.mark.parametrize("name", LIBRARY.routines)
@pytest.mark.parametrize("minutes", MINUTES)
@pytest.mark.parametrize("kit", KITS)
def test_every_single_answer_is_respected(name, minutes, kit):
    for restrictions in ALL_RESTRICTIONS:
        plan = planned(name, minutes, kit, restrictions)
        if isinstance(plan, str):
            assert sentences(plan), "a refusal says why"
            says = {restriction.say for restriction in restrictions.parts}
            assert any(say in plan for say in says) or "without a device" in plan
        else:
            assert not restrictions.refused
            assert_respected(plan, restrictions, kit)
            assert_length_is_right_or_noted(plan, minutes)


@pytest.mark.parametrize("name", LIBRARY.routines)
def test_without_an_answer_only_a_missing_device_is_a_refusal(name):
    refused = isinstance(planned(name, 5, "no tools", Restrictions()), str)
    assert refused == (name == "device-timer")
    assert isinstance(planned(name, 5, "all tools", Restrictions()), Plan)


@settings(deadline=None, max_examples=60)
@given(
    name=st.sampled_from(list(LIBRARY.routines)),
    minutes=st.floats(2, 45),
    kit=st.sampled_from(list(KITS)),
    answers=st.dictionaries(
        st.sampled_from(list(HEALTH.conditions)), st.none() | st.just(OLDER), max_size=4
    ),
)
def test_several_answers_are_respected_together(name, minutes, kit, answers):
    restrictions = HEALTH.restrictions(answers, TODAY)
    plan = planned(name, minutes, kit, restrictions)
    if isinstance(plan, Plan):
        assert_respected(plan, restrictions, kit)
        assert_length_is_right_or_noted(plan, minutes)
    else:
        assert restrictions.parts or kit == "no tools"


@pytest.mark.parametrize("name", LIBRARY.routines)
def test_what_health_leaves_out_is_said_once_and_only_where_it_matters(name):
    techniques = LIBRARY.techniques
    whole = {step.use for step in LIBRARY.routines[name].steps}
    near_eyes = any("eyes" in techniques[use].area_tags for use in whole)
    restrictions = HEALTH.restrictions({"glaucoma": None, "retina": None}, TODAY)
    plan = planned(name, 10, "all tools", restrictions)
    notes = plan if isinstance(plan, str) else " ".join(plan.notes)
    assert notes.count("around the eyes") == (2 if near_eyes else 0)


def test_an_answer_that_blocks_everything_is_a_refusal_with_the_reason():
    refusal = planned("glow", 5, "all tools", HEALTH.restrictions({"unwell": None}, TODAY))
    assert refusal == "Today, feeling unwell means no massage. Come back when it's over."


def test_lymph_drainage_is_refused_whole_when_lymph_may_not_be_moved():
    refusal = planned("neck-drainage", 5, "all tools", HEALTH.restrictions({"heart": None}, TODAY))
    assert isinstance(refusal, str)
    assert refusal.startswith("Because of your heart, I'll leave out all lymph drainage.")
    assert refusal.endswith("That leaves too little of this massage: neck drainage.")


def test_without_the_neck_a_massage_opens_and_closes_with_breathing():
    plan = planned("full-face", 15, "all tools", HEALTH.restrictions({"thyroid": None}, TODAY))
    assert isinstance(plan, Plan)
    assert (plan.steps[0].technique, plan.steps[0].role) == ("belly-breaths", "opening")
    assert plan.steps[1].technique != "belly-breaths", "once, not for each step that is left out"
    assert (plan.steps[-1].technique, plan.steps[-1].role) == ("belly-breaths", "closing")
    assert plan.notes[0].startswith("Because of your thyroid, I'll leave out the neck.")


def test_blood_thinners_make_hands_feather_light():
    plan = planned("glow", 5, "all tools", HEALTH.restrictions({"blood_thinners": None}, TODAY))
    assert isinstance(plan, Plan)
    assert {step.pressure for step in plan.steps} <= {"rest", "feather"}
    assert "cheek-knead" not in {step.technique for step in plan.steps}
    said = [item.text for step in plan.steps for item in step.score if isinstance(item, SpokenLine)]
    assert not any(text.startswith(("Light pressure", "Moderate pressure")) for text in said)
