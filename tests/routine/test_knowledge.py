"""Questions are understood as people ask them; answers are short, modest and have sources."""

import re
from pathlib import Path

import pytest
from hassil.parse_expression import parse_sentence
from hassil.sample import sample_expression

from assistant._resources import resource
from assistant.assembly import make_interpreter
from assistant.content.validation import load
from assistant.errors import ContentError
from assistant.library.library import Library
from assistant.library.shipped import load_knowledge, load_sources
from assistant.routine.knowledge import MOST_ANSWER_WORDS, Knowledge
from assistant.routine.plan import SpokenLine
from assistant.routine.schema import MOST_WORDS
from assistant.understanding.interpreter import Interpreter

ROUTINES = resource("routines")
KNOWLEDGE = load_knowledge()
TOPICS = sorted(KNOWLEDGE.questions)
PROMISED = re.compile(
    r"\b(lift|tighten|firm|detox|slim|cure|heal|remove|melt|reverse)(s|es|ing)?\b(?! strokes)",
    re.IGNORECASE,
)
DENIED = re.compile(r"\b(no|not|nobody|cannot|never|nothing)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def interpreter() -> Interpreter:
    return make_interpreter(Library([ROUTINES]))


def answer(topic: str) -> str:
    return " ".join(KNOWLEDGE.answer(topic))


def test_at_least_forty_questions_have_an_answer():
    assert len(TOPICS) >= 40


@pytest.mark.parametrize("topic", TOPICS)
def test_an_answer_is_short_enough_to_be_heard(topic):
    text = KNOWLEDGE.answer(topic)
    assert 1 <= len(text) <= 4
    assert sum(len(sentence.split()) for sentence in text) <= MOST_ANSWER_WORDS
    assert sum(SpokenLine(sentence, "what").seconds for sentence in text) < 20
    for sentence in text:
        assert len(sentence.split()) <= MOST_WORDS
        assert re.fullmatch(r"[A-Z][A-Za-z ,.:'-]*", sentence), sentence


@pytest.mark.parametrize("topic", TOPICS)
def test_an_answer_without_a_source_claims_no_evidence(topic):
    cited = KNOWLEDGE.questions[topic].source
    known = load_sources().sources
    assert set(cited) <= known.keys()
    text = answer(topic)
    if all(known[key].grade == "C" for key in cited):
        assert not re.search(r"\b(studies show|proven to|trial|in one study)\b", text), text


@pytest.mark.parametrize("topic", TOPICS)
def test_a_popular_promise_is_mentioned_only_to_deny_it(topic):
    for sentence in KNOWLEDGE.answer(topic):
        if PROMISED.search(sentence):
            assert DENIED.search(sentence), sentence


@pytest.mark.parametrize(
    ("topic", "truth"),
    [
        ("slimming", "can't slim"),
        ("lifting", "Nobody has shown that it lifts"),
        ("detox", "^No"),
        ("lymph-pump", "their own muscle"),
        ("upwards", "On the sides of the neck, we go down"),
        ("start-at-the-neck", "begin with breathing, the neck, and the collarbones"),
        ("exercises", "insufficient"),
        ("microcurrent", "no trial of a home microcurrent device"),
        ("vibration", "not a roller"),
        ("roller-studies", "for at least ten minutes"),
        ("gua-sha-studies", "gone within forty minutes"),
        ("stress", "more alert, not calmer"),
        ("absorption", "little to support"),
        ("cold", "no source"),
        ("collagen", "nobody has shown"),
        ("longer-is-better", "couldn't confirm"),
        ("jaw-muscles", "the opposite"),
        ("ageing", "no good proof"),
        ("jade-or-quartz", "any study that found a difference"),
    ],
)
def test_what_popular_articles_get_wrong_is_corrected(topic, truth):
    assert re.search(truth, answer(topic))


@pytest.mark.parametrize(
    ("topic", "whom"),
    [
        ("pregnancy", "midwife or doctor"),
        ("botox", "who injected you"),
        ("filler", "who injected you"),
        ("acne", "clinician"),
        ("blood-thinners", "clinician"),
        ("surgery", "surgeon"),
        ("safety", "clinician"),
    ],
)
def test_an_answer_about_a_condition_says_whom_to_ask(topic, whom):
    assert whom in answer(topic)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("does this really work", "does-it-work"),
        ("how often should i do this", "how-often"),
        ("when will i see results", "results"),
        ("how long does it last", "how-long-it-lasts"),
        ("can it slim my face", "slimming"),
        ("does massage get rid of a double chin", "double-chin"),
        ("is it good against ageing", "ageing"),
        ("before or after serum", "serum"),
        ("which oil is best", "which-oil"),
        ("jade or quartz", "jade-or-quartz"),
        ("roller or gua sha", "tools-compared"),
        ("what do studies say about rollers", "roller-studies"),
        ("what do the studies say about gua sha", "gua-sha-studies"),
        ("does micro current really work", "microcurrent"),
        ("do face exercises work", "exercises"),
        ("what about radio frequency", "radio-frequency"),
        ("how do i clean my roller", "cleaning"),
        ("is it normal that my skin is red", "red-skin"),
        ("is it normal that i need to pee", "need-to-pee"),
        ("is it normal if it tingles", "tingling"),
        ("are bruises normal", "bruising"),
        ("should i take before and after photos", "photos"),
        ("does lymph have a pump", "lymph-pump"),
        ("does it help with stress", "stress"),
        ("what about my sinuses", "sinus"),
        ("does this help me sleep", "sleep"),
        ("can i do this after botox", "botox"),
        ("can i do this if i'm pregnant", "pregnancy"),
        ("are you a doctor", "clinician"),
    ],
)
@pytest.mark.parametrize("state", ["choosing", "guiding"])
def test_a_question_is_understood_as_people_ask_it(interpreter, state, text, topic):
    heard = interpreter.interpret(text, state)
    assert [(intent.name, intent.slots) for intent in heard] == [("ask", {"topic": topic})]


def test_no_question_has_two_answers():
    topic_of: dict[str, str] = {}
    for template, topic in KNOWLEDGE.heard_as():
        for sentence in sample_expression(parse_sentence(template).expression):
            words = " ".join(sentence.split())
            assert topic_of.setdefault(words, topic) == topic, words


def test_a_wrong_answer_is_refused_with_its_line(tmp_path: Path):
    path = tmp_path / "knowledge.yaml"
    start = "questions:\n  one:\n    title: One?\n    heard_as: [one]\n    source: []\n    answer: "
    for answer, allowed in [
        ("So. " * 5, "at most 4 sentences"),
        ("No stop", "whole sentences, the last one ending with a full stop"),
        (("word " * 15 + "word. ") * 4, "at most 48 words"),
    ]:
        path.write_text(start + answer.strip() + "\n")
        with pytest.raises(ContentError) as refusal:
            load(path, Knowledge)
        assert str(refusal.value).startswith(f"{path}:6: answer: ")
        assert str(refusal.value).endswith(f"allowed: {allowed}")


def test_an_unknown_topic_has_no_answer():
    assert KNOWLEDGE.answer("horoscope") == ()
