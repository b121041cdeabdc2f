"""The model of paraphrases: it belongs to the examples, is small and quick, and understands."""

import hashlib
import threading
from pathlib import Path

import numpy as np
import pytest

from assistant.assembly import concern_sentences, make_interpreter
from assistant.dialogue.state import MODES
from assistant.library.library import load_library
from assistant.understanding.paraphrases import CARD, MODEL, VOCABULARY, WEIGHTS, Paraphrases
from assistant.understanding.risk import GRAVE, RISKY, decide, reported_conditions
from assistant.understanding.vector_cache import SHIPPED, vectors_of
from training.examples import digest, read_examples

EXAMPLES = MODEL.with_name("examples") / "en"
MOST_BYTES = 25_000_000


@pytest.fixture(scope="module")
def model() -> Paraphrases:
    return Paraphrases.load()


def test_model_is_made_from_these_examples(model: Paraphrases) -> None:
    found = digest(read_examples(EXAMPLES))
    assert model.card["examples_digest"] == found, "the examples have changed: run script/train"


def test_card_belongs_to_the_weights(model: Paraphrases) -> None:
    found = hashlib.sha256((MODEL / WEIGHTS).read_bytes()).hexdigest()
    assert model.card["weights_sha256"] == found
    assert model.card["classes"]["states"] == list(MODES)


def test_model_is_small() -> None:
    parts = (WEIGHTS, VOCABULARY, CARD, SHIPPED)
    assert sum((MODEL / name).stat().st_size for name in parts) <= MOST_BYTES


def test_ranks_only_what_is_possible(model: Paraphrases) -> None:
    for state in MODES:
        ranked = model.read("that'll do for this bit", state).candidates
        assert {c.intent for c in ranked} == set(model.card["possible"][state])
        assert [c.log_odds for c in ranked] == sorted((c.log_odds for c in ranked), reverse=True)


def test_without_a_state_it_is_the_usual_one(model: Paraphrases) -> None:
    assert model.read("i'm with you") == model.read("i'm with you", "guiding")


def test_threads_get_the_same_answers(model: Paraphrases) -> None:
    texts = [f"my hand's getting tired here {number}" for number in range(20)]
    alone = [model.read(text, "guiding") for text in texts]
    fresh = Paraphrases(MODEL)
    found: list[list[object]] = []
    threads = [
        threading.Thread(target=lambda: found.append([fresh.read(t, "guiding") for t in texts]))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [alone] * 4


@pytest.mark.parametrize("text", ["", "?!", "zzzz " * 500, "日本語", "x" * 5000])
def test_odd_texts_do_no_harm(model: Paraphrases, text: str) -> None:
    decision = decide(model.read(text, "guiding"), model.bars)
    assert decision.action != "act" or decision.intent not in RISKY


PLAIN = [
    ("could you take it down a notch you're racing along", "guiding", "slower"),
    ("pick up the pace a little would you", "guiding", "faster"),
    ("i can hardly make you out turn it up a bit", "guiding", "louder"),
    ("you're shouting bring the volume down", "guiding", "quieter"),
    ("what are we up to in this whole thing", "guiding", "where_am_i"),
    ("give me a moment the doorbell just rang", "guiding", "pause"),
    ("right i've answered the door let's carry on", "paused", "resume"),
    ("i missed that say the last instruction again", "guiding", "repeat"),
    ("this bit isn't for me jump over it", "guiding", "skip"),
    ("how many minutes till we're finished", "guiding", "time_left"),
    ("what's the point of doing this movement", "guiding", "ask_why"),
    ("roughly how firmly am i meant to push", "guiding", "ask_pressure"),
    ("that's enough for today let's finish here", "guiding", "stop"),
    ("which fingers am i supposed to be using", "guiding", "ask_tool"),
]
"""Text, state and intent, of no example."""


def test_plain_sentences_are_in_no_example() -> None:
    assert not {text for text, *_ in PLAIN} & {e.text for e in read_examples(EXAMPLES)}


@pytest.mark.parametrize(("text", "state", "intent"), PLAIN)
def test_understands_plain_sentences_of_no_example(
    model: Paraphrases, text: str, state: str, intent: str
) -> None:
    decision = decide(model.read(text, state), model.bars)
    assert (decision.action, decision.intent) == ("act", intent)


@pytest.mark.parametrize(
    "text",
    [
        "darling have you fed the cat",
        "the council put the rates up again",
        "no i said the blue one not the green one",
        "and now the weather for the south east",
    ],
)
def test_talk_to_others_is_left_alone(model: Paraphrases, text: str) -> None:
    assert decide(model.read(text, "guiding"), model.bars).action != "act"


def test_topics_conditions_and_tiers(model: Paraphrases) -> None:
    assert "how-often" in {
        topic.name for topic in model.read("how many times a week do i do this").topics
    }
    told = model.read("i take warfarin for my heart", "screening")
    assert "blood_thinners" in reported_conditions(told, model.bars)
    told = model.read("no nothing like that", "screening")
    assert reported_conditions(told, model.bars) == ()
    told = model.read("half my face has gone droopy and i can't lift my arm")
    assert told.tiers[0].name in GRAVE


def test_the_sentences_of_the_first_start_come_with_their_vectors(tmp_path: Path) -> None:
    """Making them would take seconds, in which nobody could be heard."""
    sentences = [said for said, _ in concern_sentences(make_interpreter(load_library()))]
    model, kept = Paraphrases.load(), tmp_path / "meanings.npy"
    shipped = vectors_of(sentences, model, kept)
    made = [model.vector(sentence) for sentence in sentences[:3]]
    assert np.allclose(shipped[:3], made, atol=1e-2)
    assert not kept.exists(), "script/train makes them"


def test_a_sentence_that_does_not_come_with_the_model_is_kept(tmp_path: Path) -> None:
    model, kept = Paraphrases.load(), tmp_path / "meanings.npy"
    made = vectors_of(["my jaw is a brick", "crow's feet"], model, kept)
    assert kept.exists()
    assert np.array_equal(made, vectors_of(["my jaw is a brick", "crow's feet"], model, kept))
