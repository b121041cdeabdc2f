"""The shipped massages: asked for as people speak, opened and closed, safe, and modest."""

import re
from itertools import takewhile

import pytest
from hassil.parse_expression import parse_sentence
from hassil.sample import sample_expression

from assistant._resources import resource
from assistant.assembly import make_interpreter
from assistant.hearing.vosk import VoskModel
from assistant.library.library import Library
from assistant.library.shipped import load_knowledge, load_sources
from assistant.routine.narration import compose_facts
from assistant.routine.routine_schema import Routine, RoutineStep
from assistant.routine.schema import (
    MOST_WORDS,
    Technique,
    sentences,
)
from assistant.routine.selection import DraftStep
from assistant.understanding.interpreter import Interpreter

ROUTINES = resource("routines")
LIBRARY = Library([ROUTINES])
MINUTES = {
    "cheek-lift": 6,
    "chilled-tools": 6,
    "device-timer": 8,
    "evening-unwind": 9,
    "forehead": 5,
    "full-face": 15,
    "glow": 5,
    "gua-sha": 10,
    "jade-roller": 8,
    "jaw-clenching": 6,
    "jawline": 6,
    "morning-puffiness": 6,
    "neck-drainage": 5,
    "puffy-eyes": 5,
}
UNDRAINED = {"jaw-clenching", "evening-unwind", "device-timer"}
NEVER_CLAIMED = re.compile(
    r"\b(lift|detox|slim|cure|heals|remove|melt|tighten|firm(s|ing|er)\b|anti-ag|rejuvenat|erase)\w*",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def interpreter() -> Interpreter:
    return make_interpreter(LIBRARY)


def techniques_of(routine: Routine, role: str | None = None) -> list[Technique]:
    steps = (step for step in routine.steps if role in (None, step.role))
    return [LIBRARY.techniques[step.use] for step in steps]


def test_all_massages_are_there():
    assert LIBRARY.problems == ()
    assert LIBRARY.routines.keys() == MINUTES.keys()


@pytest.mark.parametrize("name", MINUTES)
def test_as_written_it_lasts_about_as_long_as_meant(name):
    assert LIBRARY.plan(name).seconds / 60 == pytest.approx(MINUTES[name], abs=1.5)


@pytest.mark.parametrize("name", MINUTES)
def test_it_opens_and_closes(name):
    roles = [step.role for step in LIBRARY.routines[name].steps]
    work = roles.index("work")
    # Breathing may come before the opening: it is what time leaves out first.
    assert "opening" in roles[: work + 2]
    assert roles[-1] == "closing"
    opened = list(takewhile(lambda role: role != "closing", roles))
    assert set(roles[len(opened) :]) == {"closing"}


@pytest.mark.parametrize("name", MINUTES.keys() - UNDRAINED)
def test_drainage_of_neck_and_collarbones_comes_first_and_last(name):
    routine = LIBRARY.routines[name]
    for role in ("opening", "closing"):
        drained = techniques_of(routine, role)
        assert drained
        assert all(part.lymph and "neck" in part.area_tags for part in drained)
    assert len(techniques_of(routine, "closing")) == 2


@pytest.mark.parametrize("name", MINUTES)
def test_dry_work_comes_before_oil(name):
    surfaces = [technique.surface for technique in techniques_of(LIBRARY.routines[name])]
    if "oiled" in surfaces:
        uses = [step.use for step in LIBRARY.routines[name].steps]
        assert surfaces.index("oiled") == uses.index("oil-on")
        assert "dry" not in surfaces[surfaces.index("oiled") :]


@pytest.mark.parametrize("name", LIBRARY.techniques)
def test_every_technique_has_sentences_for_pressure_direction_and_timing(name):
    technique = LIBRARY.techniques[name]
    draft = DraftStep(RoutineStep(use=name, strokes=4), name, technique, 4)
    facts = compose_facts(draft, LIBRARY.narration)
    assert technique.direction in facts.direction
    assert re.search(rf"\b{technique.pressure}\b", facts.pressure.lower())
    assert re.search(r"\b(seconds?|minutes?)\b", facts.timing)
    for text in (facts.area, facts.direction, facts.timing, technique.why, technique.caution):
        for sentence in sentences(text):
            assert len(sentence.split()) <= MOST_WORDS
            assert re.fullmatch(r"[A-Z][A-Za-z ,.:'-]*", sentence), sentence


def test_a_stand_in_is_another_movement_and_not_only_another_word():
    for name, technique in LIBRARY.techniques.items():
        if technique.stand_in and technique.tool in ("gua sha", "roller", "chilled tool"):
            instead = LIBRARY.techniques[technique.stand_in]
            assert instead.contact != technique.contact, name
            assert (instead.stroke, instead.tempo) != (technique.stroke, technique.tempo), name


def test_each_edge_of_the_stone_has_its_place():
    edges = {"jaw": "curved", "cheek": "flat", "forehead": "flat", "brow": "tip", "temples": "tip"}
    for place, edge in edges.items():
        assert edge in LIBRARY.techniques[f"gua-sha-{place}"].contact


def test_cold_stays_short():
    steps = [
        (step, LIBRARY.techniques[step.use], 2 if step.sides == "each" else 1)
        for step in LIBRARY.routines["chilled-tools"].steps
        if LIBRARY.techniques[step.use].cold
    ]
    seconds = {step.use: (step.strokes or 0) * cold.tempo for step, cold, _ in steps}
    assert sum(seconds[step.use] * sides for step, _, sides in steps) <= 5 * 60
    assert all(length <= 60 for length in seconds.values())
    assert seconds["chilled-under-eye"] <= 30


def test_no_massage_promises_what_no_source_supports():
    for routine in LIBRARY.routines.values():
        for text in (routine.title, routine.summary, routine.prepare):
            assert not NEVER_CLAIMED.search(text), text
    for technique in LIBRARY.techniques.values():
        spoken = (technique.title, technique.contact, technique.direction, technique.cue)
        for text in (*spoken, technique.why, technique.caution):
            assert not NEVER_CLAIMED.search(text), text
            assert not re.search(r"\b(study|studies|trial) (shows?|proves?)\b", text), text


def test_every_cited_source_is_explained():
    known = load_sources().sources
    cited = {key for technique in LIBRARY.techniques.values() for key in technique.source}
    cited |= {key for question in load_knowledge().questions.values() for key in question.source}
    assert cited <= known.keys()
    for key, source in known.items():
        assert re.match(r"[\w.-]+\.\w+(/\S*)?$", source.url), key


def test_no_sentence_asks_for_two_massages():
    routine_of: dict[str, str] = {}
    for template, name in LIBRARY.heard_as():
        for sentence in sample_expression(parse_sentence(template).expression):
            words = " ".join(sentence.split())
            assert routine_of.setdefault(words, name) == name, words


@pytest.mark.parametrize(
    ("text", "routine"),
    [
        ("ten minutes for my jaw", "jaw-clenching"),
        ("I grind my teeth", "jaw-clenching"),
        ("something for my eyes", "puffy-eyes"),
        ("under eye bags", "puffy-eyes"),
        ("I woke up puffy", "morning-puffiness"),
        ("my face is puffy", "morning-puffiness"),
        ("ten minutes for my face", "morning-puffiness"),
        ("full face please", "full-face"),
        ("do something for my smile lines", "cheek-lift"),
        ("something for my cheeks", "cheek-lift"),
        ("double chin", "jawline"),
        ("I've got frown lines", "forehead"),
        ("five minutes for my forehead", "forehead"),
        ("something before a party", "glow"),
        ("a bit of glow", "glow"),
        ("drain my neck", "neck-drainage"),
        ("lymphatic drainage", "neck-drainage"),
        ("let's do gua sha", "gua-sha"),
        ("do the jade roller", "jade-roller"),
        ("something cold", "chilled-tools"),
        ("ice globes", "chilled-tools"),
        ("relax before bed", "evening-unwind"),
        ("relaxing one before bed", "evening-unwind"),
        ("something for stress", "evening-unwind"),
        ("time my device", "device-timer"),
    ],
)
def test_people_get_the_massage_that_they_ask_for(interpreter, text, routine):
    (intent,) = interpreter.interpret(text, "choosing")
    assert (intent.name, intent.slots.get("routine")) == ("start", routine)


def test_the_recognizer_knows_every_word_that_people_may_say(model_path):
    model = VoskModel(model_path)
    templates = [*LIBRARY.heard_as(), *load_knowledge().heard_as()]
    words = {word for template, _ in templates for word in re.findall(r"[a-z']+", template)}
    assert "[unk]" not in model.grammar(sorted(words)).replace(', "[unk]"]', "")
