"""Fields become sentences that sound like a person counting."""

import pytest

from assistant._resources import resource
from assistant.library.library import Library
from assistant.routine.narration import facts
from assistant.routine.schema import RoutineStep

LIBRARY = Library([resource("routines")])


def timing(technique: str, strokes: int, **overrides: object) -> str:
    step = RoutineStep.model_validate({"use": technique, "strokes": strokes, **overrides})
    return facts(LIBRARY.phrases, LIBRARY.techniques[technique], step, strokes).timing


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
def test_timing_is_said_as_people_say_it(said, technique, strokes, overrides):
    assert timing(technique, strokes, **overrides) == said


def test_a_step_may_ask_for_another_pressure():
    step = RoutineStep(use="jaw-drain", strokes=3, pressure="feather")
    spoken = facts(LIBRARY.phrases, LIBRARY.techniques["jaw-drain"], step, 3)
    assert spoken.pressure.startswith("Feather pressure")
