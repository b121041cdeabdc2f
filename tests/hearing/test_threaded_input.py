"""Speech input on a thread of its own: sometimes late, but nothing is lost."""

import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.device import BLOCK_IN, BLOCK_OUT, Samples
from assistant.echo.canceller import EchoCanceller
from assistant.errors import ModelError
from assistant.hearing.endpointer import Endpointer
from assistant.hearing.speech_events import SpeechEvent, Utterance
from assistant.hearing.speech_input import InlineSpeechInput
from assistant.hearing.threaded_input import ThreadedSpeechInput
from assistant.hearing.vosk import VoskModel, VoskRecognizer
from assistant.understanding.grammar import Grammar
from assistant.understanding.interpreter import Interpreter
from assistant.understanding.template_files import load_templates

NOTHING_PLAYED = np.zeros((BLOCK_OUT, 2), np.float32)
SECOND = 50
"""Blocks."""


@pytest.fixture
def grammar() -> Grammar:
    return Interpreter(load_templates([Path(__file__).parent / "commands.yaml"])).grammar()


@pytest.fixture
def make_endpointer(model: VoskModel) -> Callable[[], Endpointer]:
    return lambda: Endpointer(VoskRecognizer(model), VoskRecognizer(model))


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as executor:
        yield executor


@pytest.fixture
def threaded(
    make_endpointer: Callable[[], Endpointer], thread: ThreadPoolExecutor
) -> ThreadedSpeechInput:
    return ThreadedSpeechInput(
        lambda: InlineSpeechInput(make_endpointer(), EchoCanceller()), thread
    )


def hear(
    speech_input: InlineSpeechInput | ThreadedSpeechInput,
    sound: Samples,
    thread: ThreadPoolExecutor | None = None,
) -> list[SpeechEvent]:
    """Let `speech_input` hear; with `thread`, wait after each block until it is done."""
    heard = []
    for block in sound[: len(sound) // BLOCK_IN * BLOCK_IN].reshape(-1, BLOCK_IN):
        heard += speech_input.listen(block, NOTHING_PLAYED)
        if thread:
            thread.submit(int).result()
    return heard


def silence(blocks: int) -> Samples:
    return np.zeros(blocks * BLOCK_IN, np.float32)


def utterances(heard: list[SpeechEvent]) -> list[Utterance]:
    return [event for event in heard if isinstance(event, Utterance)]


def test_what_is_said_before_it_is_ready_is_heard_as_if_it_had_been(
    make_endpointer: Callable[[], Endpointer],
    threaded: ThreadedSpeechInput,
    grammar: Grammar,
    say: Callable[..., Samples],
    thread: ThreadPoolExecutor,
) -> None:
    ready = InlineSpeechInput(make_endpointer(), EchoCanceller())
    ready.expect(lambda: grammar)
    expected = utterances([*hear(ready, say("next step")), *hear(ready, silence(3 * SECOND))])

    first_words = Future[Samples | None]()
    threaded.start(lambda: [grammar], first_words)
    threaded.expect(lambda: grammar)
    assert hear(threaded, say("next step")) == []
    first_words.set_result(say("welcome"))
    heard = utterances(hear(threaded, silence(3 * SECOND), thread))
    assert [said.text for said in heard] == ["next step"]
    times = [(said.start, said.end) for said in expected]
    assert [(said.start, said.end) for said in heard] == [pytest.approx(time) for time in times]


def test_it_listens_for_what_is_expected_when_it_is_ready(
    threaded: ThreadedSpeechInput,
    grammar: Grammar,
    say: Callable[..., Samples],
    thread: ThreadPoolExecutor,
) -> None:
    """A typed answer may have changed the state meanwhile; a silent voice gives no first words."""
    other, first_words = Grammar(()), Future[Samples | None]()
    threaded.start(lambda: [other, grammar], first_words)
    threaded.expect(lambda: other)
    threaded.expect(lambda: grammar)
    first_words.set_result(None)
    heard = hear(threaded, np.concatenate([say("slower"), silence(2 * SECOND)]), thread)
    assert [said.text for said in utterances(heard)] == ["slower"]


def test_the_loop_does_not_wait_while_it_is_busy_and_nothing_is_lost(
    threaded: ThreadedSpeechInput,
    grammar: Grammar,
    say: Callable[..., Samples],
    thread: ThreadPoolExecutor,
) -> None:
    nothing, late = Future[Samples | None](), Future[Grammar]()
    nothing.set_result(None)
    threaded.start(lambda: [grammar], nothing)
    thread.submit(int).result()
    threaded.expect(lambda: late.result(timeout=30))
    assert hear(threaded, say("slower")) == []
    late.set_result(grammar)
    [heard] = utterances(hear(threaded, silence(SECOND), thread))
    assert heard.text == "slower"


def test_what_was_waiting_for_long_is_marked_as_late(
    threaded: ThreadedSpeechInput,
    grammar: Grammar,
    say: Callable[..., Samples],
    thread: ThreadPoolExecutor,
) -> None:
    nothing, late = Future[Samples | None](), Future[Grammar]()
    nothing.set_result(None)
    threaded.start(lambda: [grammar], nothing)
    threaded.expect(lambda: late.result(timeout=30))
    assert hear(threaded, np.concatenate([say("slower"), silence(5 * SECOND)])) == []
    late.set_result(grammar)
    [first] = utterances(hear(threaded, silence(5), thread))
    assert first.late > 3.0
    [second] = utterances(hear(threaded, np.concatenate([say("slower"), silence(SECOND)]), thread))
    assert second.late < 0.5


def test_speech_input_that_never_gets_ready_does_not_fill_the_memory(
    threaded: ThreadedSpeechInput, grammar: Grammar
) -> None:
    first_words = Future[Samples | None]()
    threaded.start(lambda: [grammar], first_words)
    tracemalloc.start()
    try:
        for _ in range(100 * SECOND):
            threaded.listen(np.zeros(BLOCK_IN, np.float32), NOTHING_PLAYED)
        kept = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
        first_words.set_result(None)
    assert kept < 3_000_000


def test_a_model_that_cannot_be_loaded_is_reported_by_the_loop(
    grammar: Grammar, thread: ThreadPoolExecutor
) -> None:
    def broken() -> InlineSpeechInput:
        raise ModelError("The speech model is broken.")

    speech_input = ThreadedSpeechInput(broken, thread)
    speech_input.start(lambda: [grammar], Future())
    thread.submit(int).result()
    with pytest.raises(ModelError, match="is broken"):
        hear(speech_input, silence(1))
