"""Fields become sentences that sound like a person counting."""

import pytest

from assistant._resources import resource
from assistant.library.library import Library
from assistant.routine.narration import Facts, compose_facts
from assistant.routine.routine_schema import RoutineStep
from assistant.routine.selection import DraftStep

LIBRARY = Library([resource("routines")])


def facts(technique: str, strokes: int, **overrides: object) -> Facts:
    step = RoutineStep.model_validate({"use": technique, "strokes": strokes, **overrides})
    draft = DraftStep(step, technique, LIBRARY.techniques[technique], strokes)
    return compose_facts(draft, LIBRARY.narration)


@pytest.mark.parametrize(
    ("said", "technique", "strokes", "overrides"),
    [
        ("One stroke every four seconds, six times.", "under-eye-sweep", 6, {}),
        ("One stroke every four seconds, once.", "under-eye-sweep", 1, {}),
        ("One stroke every second, six times.", "under-eye-sweep", 6, {"tempo": 1}),
        ("One stroke every two and a half seconds, two times.", "jaw-drain", 2, {"tempo": 2.5}),
        ("One stroke every four seconds, for about two minutes.", "masseter-knead", 30, {}),
        ("One stretch every two seconds, ten times.", "neck-sides", 10, {}),
        ("One circle every two seconds, twenty times.", "temple-circles", 20, {}),
        ("Hold for ten seconds.", "jaw-rest", 1, {}),
        ("Hold for one minute.", "jaw-rest", 6, {}),
        ("Hold for one and a half minutes.", "cool-cloth", 9, {}),
        ("Hold for about one minute.", "jaw-rest", 7, {}),
        ("Five slow breaths, about eight seconds each.", "belly-breaths", 5, {}),
        (
            "One stroke every four seconds, six times on each side.",
            "cheek-drain",
            6,
            {"sides": "each"},
        ),
    ],
)
def test_timing_sounds_as_people_say_it(said, technique, strokes, overrides):
    assert facts(technique, strokes, **overrides).timing == said


def test_a_step_may_ask_for_another_pressure():
    assert facts("jaw-drain", 3, pressure="feather").pressure.startswith("Feather-light pressure")
