"""Every shipped routine file is valid, and every line of its narration is fit to be heard."""

import re

import pytest

from assistant._resources import resource
from assistant.library.check import check_file
from assistant.library.library import Library
from assistant.library.shipped import load_sources
from assistant.routine.plan import SpokenLine, Step, Strokes
from assistant.routine.schema import MOST_WORDS, sentences

ROUTINES = resource("routines")
LIBRARY = Library([ROUTINES])
FILES = [
    *ROUTINES.glob("techniques/*.yaml"),
    *(ROUTINES / f"{name}.yaml" for name in LIBRARY.routines),
]
STEPS = [
    pytest.param(step, id=f"{name}-{number}-{step.technique}")
    for name in LIBRARY.routines
    for number, step in enumerate(LIBRARY.plan(name).steps, start=1)
]


def lines(step: Step) -> list[str]:
    return [item.text for item in step.score if isinstance(item, SpokenLine)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_shipped_file_passes_its_own_check(path):
    assert check_file(path) == []


@pytest.mark.parametrize("name", ["narration", "safety", "sources"])
def test_what_all_routines_share_passes_too(name):
    assert check_file(ROUTINES / f"{name}.yaml") == []


@pytest.mark.parametrize("step", STEPS)
def test_every_step_says_area_contact_direction_pressure_and_timing(step):
    said = " ".join(line.lower() for line in lines(step))
    for fact in (step.area, step.contact, step.direction):
        assert fact.lower() in said
    assert re.search(rf"\b{step.pressure}\b", said)
    assert re.search(r"\b(seconds?|minutes?)\b", said)


@pytest.mark.parametrize("step", STEPS)
def test_no_sentence_is_too_long_to_follow(step):
    for line in lines(step):
        assert sentences(line) == [line], "a line is one sentence"
        assert len(line.split()) <= MOST_WORDS, line


@pytest.mark.parametrize("step", STEPS)
def test_every_line_is_in_words(step):
    """A digit or a bracket is read differently by every voice."""
    for line in lines(step):
        assert re.fullmatch(r"[A-Z][A-Za-z ,.:'-]*", line), line


@pytest.mark.parametrize("step", STEPS)
def test_a_step_ends_its_instructions_before_its_strokes_begin(step):
    kinds = [item.kind if isinstance(item, SpokenLine) else "strokes" for item in step.score]
    assert kinds[0] == "title"
    assert kinds.index("lead in") == kinds.index("strokes") - 1
    assert kinds[-1] == "close"


@pytest.mark.parametrize("name", LIBRARY.routines)
def test_safety_is_spoken_before_the_strokes_it_concerns(name):
    said: list[str] = []
    techniques, before = LIBRARY.techniques, LIBRARY.narration.before
    for step in LIBRARY.plan(name).steps:
        for item in step.score:
            if isinstance(item, Strokes):
                for tag in techniques[step.technique].tags & before.keys():
                    assert set(sentences(before[tag])) <= set(said)
                assert set(sentences(step.caution)) <= set(said)
            else:
                said.append(item.text)
    cautions = [
        item.text
        for step in LIBRARY.plan(name).steps
        for item in step.score
        if isinstance(item, SpokenLine) and item.kind == "caution"
    ]
    assert len(cautions) == len(set(cautions)), "once a massage is enough"


def test_both_sides_are_announced_and_worked_alike():
    (step,) = [s for s in LIBRARY.plan("morning-puffiness").steps if s.technique == "cheek-drain"]
    score = [
        (item.side, item.count) if isinstance(item, Strokes) else item.text for item in step.score
    ]
    assert score[-6:] == [
        "Left side first.",
        "Ready, and.",
        ("left", 5),
        "Now the right side.",
        ("right", 5),
        "And rest.",
    ]
    assert "One stroke every four seconds, five times on each side." in lines(step)


def test_lymph_routines_open_and_close_at_the_neck():
    for name in ("puffy-eyes", "morning-puffiness"):
        steps = LIBRARY.plan(name).steps
        for role in ("opening", "closing"):
            assert {s.technique for s in steps if s.role == role} == {
                "neck-sides",
                "collarbone-hollows",
            }


def test_only_lymph_strokes_go_down_the_neck_and_none_of_them_is_firm():
    for name, technique in LIBRARY.techniques.items():
        if "neck" in technique.area_tags:
            assert technique.lymph, name
        if technique.lymph:
            assert technique.pressure in ("feather", "light"), name


def test_near_the_eyes_pressure_is_at_most_feather():
    for name, technique in LIBRARY.techniques.items():
        if "eyes" in technique.area_tags:
            assert technique.pressure in ("rest", "feather"), name
            assert "Never press the eyeball." in technique.caution, name


def test_a_reason_that_rests_on_vendors_alone_does_not_sound_like_evidence():
    known = load_sources().sources
    for name, technique in LIBRARY.techniques.items():
        if all(known[key].grade == "C" for key in technique.source):
            assert re.search(r"common|advice", technique.why), name


def test_a_stand_in_needs_another_tool_or_touches_another_place():
    for name, technique in LIBRARY.techniques.items():
        if technique.stand_in:
            instead = LIBRARY.techniques[technique.stand_in]
            other_place = not set(instead.area_tags) & set(technique.area_tags)
            assert instead.tool != technique.tool or other_place, name


def test_stand_ins_come_to_an_end():
    for name in LIBRARY.techniques:
        seen, technique = {name}, LIBRARY.techniques[name]
        while technique.stand_in:
            assert technique.stand_in not in seen, name
            seen.add(technique.stand_in)
            technique = LIBRARY.techniques[technique.stand_in]
