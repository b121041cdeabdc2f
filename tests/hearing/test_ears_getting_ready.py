"""Ears that get ready beside the loop: late at first, never deaf."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.device import BLOCK_IN, BLOCK_OUT, Samples
from assistant.audio.echo_canceller import EchoCanceller
from assistant.errors import ModelError
from assistant.hearing.ears import Ears
from assistant.hearing.grammar import Grammar
from assistant.hearing.listener import Heard, Listener, Utterance
from assistant.hearing.vosk import VoskModel, VoskRecognizer
from assistant.understanding.interpreter import Interpreter
from assistant.understanding.template_files import load_templates

NOTHING_PLAYED = np.zeros((BLOCK_OUT, 2), np.float32)
SECOND = 50
"""Blocks."""


@pytest.fixture
def grammar() -> Grammar:
    return Interpreter(load_templates([Path(__file__).parent / "commands.yaml"])).grammar()


@pytest.fixture
def make_listener(model: VoskModel) -> Callable[[], Listener]:
    return lambda: Listener(VoskRecognizer(model), VoskRecognizer(model))


def hear(ears: Ears, sound: Samples) -> list[Heard]:
    blocks = sound[: len(sound) // BLOCK_IN * BLOCK_IN].reshape(-1, BLOCK_IN)
    return [news for block in blocks for news in ears.listen(block, NOTHING_PLAYED)]


def hear_silence(ears: Ears, blocks: int) -> list[Heard]:
    return hear(ears, np.zeros(blocks * BLOCK_IN, np.float32))


def utterances(heard: list[Heard]) -> list[Utterance]:
    return [news for news in heard if isinstance(news, Utterance)]


def await_readiness() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("ears"):
            thread.join(60)


def test_what_is_said_before_they_are_ready_is_heard_as_if_they_had_been(
    make_listener: Callable[[], Listener], grammar: Grammar, say: Callable[..., Samples]
) -> None:
    ready = Ears(make_listener(), EchoCanceller())
    ready.expect(lambda: grammar)
    expected = utterances([*hear(ready, say("next step")), *hear_silence(ready, 3 * SECOND)])

    ears, first_words = Ears(make_listener, EchoCanceller()), Future[Samples | None]()
    ears.get_ready(lambda: [grammar], first_words)
    ears.expect(lambda: grammar)
    assert hear(ears, say("next step")) == []
    first_words.set_result(say("welcome"))
    await_readiness()
    heard = utterances(hear_silence(ears, 3 * SECOND))
    assert [said.text for said in heard] == ["next step"]
    times = [(said.start, said.end) for said in expected]
    assert [(said.start, said.end) for said in heard] == [pytest.approx(time) for time in times]


def test_they_listen_for_what_is_expected_when_they_are_ready(
    make_listener: Callable[[], Listener], grammar: Grammar, say: Callable[..., Samples]
) -> None:
    """A typed answer may have changed the state meanwhile; a silent voice gives no first words."""
    other, first_words = Grammar(()), Future[Samples | None]()
    ears = Ears(make_listener, EchoCanceller())
    ears.get_ready(lambda: [other, grammar], first_words)
    ears.expect(lambda: other)
    ears.expect(lambda: grammar)
    first_words.set_result(None)
    await_readiness()
    heard = [*hear(ears, say("slower")), *hear_silence(ears, 2 * SECOND)]
    assert [said.text for said in utterances(heard)] == ["slower"]


def test_a_model_that_cannot_be_loaded_is_told_by_the_loop(grammar: Grammar) -> None:
    def broken() -> Listener:
        raise ModelError("The speech model is broken.")

    ears = Ears(broken, EchoCanceller())
    ears.get_ready(lambda: [grammar], Future())
    await_readiness()
    with pytest.raises(ModelError, match="is broken"):
        hear_silence(ears, 1)
