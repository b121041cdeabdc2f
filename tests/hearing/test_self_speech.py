"""The coach's voice comes back into the microphone, and only the user must be heard."""

from collections.abc import Callable

import numpy as np
import pytest
import soxr

from assistant.audio.device import BLOCK_IN, BLOCK_OUT, RATE_IN, RATE_OUT, Samples
from assistant.echo.canceller import EchoCanceller
from assistant.hearing.endpointer import Endpointer
from assistant.hearing.self_speech import SelfSpeech
from assistant.hearing.speech_events import SpeechEvent, Utterance
from assistant.hearing.speech_input import InlineSpeechInput
from assistant.hearing.vosk import VoskModel, VoskRecognizer
from assistant.understanding.grammar import Grammar
from assistant.understanding.interpreter import Interpreter
from assistant.understanding.template_files import load_templates

Say = Callable[..., Samples]

SENTENCES = """
language: en
intents:
  Any:
    data:
      - sentences: ["(pause|stop|yes|no|next [step]|slower|louder|repeat|say that again)"]
"""
NARRATION = (
    "Place your ring fingers under your eyes. Glide softly from the inner corner, out along the "
    "bone, to the temple. Let the skin barely move, and breathe. This moves fluid towards the "
    "lymph nodes in front of the ear. Take your time, ten strokes, three seconds each."
)
INVITATION = "Next step."
RATTLE = 30.0
"""How far the speaker is overdriven."""


@pytest.fixture(scope="module")
def grammar(tmp_path_factory: pytest.TempPathFactory) -> Grammar:
    path = tmp_path_factory.mktemp("sentences") / "any.yaml"
    path.write_text(SENTENCES, encoding="utf-8")
    return Interpreter(load_templates([path])).grammar()


@pytest.fixture
def speech_input(model: VoskModel, grammar: Grammar) -> InlineSpeechInput:
    speech_input = InlineSpeechInput(
        Endpointer(VoskRecognizer(model), VoskRecognizer(model)), EchoCanceller()
    )
    speech_input.expect(lambda: grammar)
    return speech_input


def padded(sound: Samples, before: float = 0.0, after: float = 0.0) -> Samples:
    return np.pad(sound, (round(before * RATE_IN), round(after * RATE_IN)))


def echo_of(sound: Samples) -> Samples:
    """In a room that answers for 0.2 s, beginning after 80 ms."""
    tail = np.arange(round(0.2 * RATE_IN)) / RATE_IN
    path = np.random.default_rng(1).standard_normal(len(tail)) * np.exp(-tail / 0.03) * 0.05
    path[0] = 0.6
    path = np.concatenate([np.zeros(round(0.08 * RATE_IN)), path])
    return np.convolve(sound, path)[: len(sound)].astype(np.float32)


def as_loud_as(other: Samples, sound: Samples, decibels: float = 0.0) -> Samples:
    """`sound`, with its peak so many decibels above the one of `other`."""
    return sound * np.float32(np.abs(other).max() / np.abs(sound).max() * 10 ** (decibels / 20))


def listen(speech_input: InlineSpeechInput, mic: Samples, played: Samples) -> list[SpeechEvent]:
    noise = np.random.default_rng(3).standard_normal(len(mic)) * 10 ** (-65 / 20)
    heard = (mic + noise).astype(np.float32)
    stereo = np.repeat(soxr.resample(played, RATE_IN, RATE_OUT)[:, np.newaxis], 2, axis=1)
    count = len(heard) // BLOCK_IN
    blocks = heard[: count * BLOCK_IN].reshape(-1, BLOCK_IN)
    outs = stereo[: count * BLOCK_OUT].reshape(-1, BLOCK_OUT, 2)
    return [
        event for both in zip(blocks, outs, strict=True) for event in speech_input.listen(*both)
    ]


def texts(events: list[SpeechEvent]) -> list[str]:
    return [event.text for event in events if isinstance(event, Utterance) and event.text]


def test_a_command_over_the_narration_is_heard_and_nothing_else(
    speech_input: InlineSpeechInput, say: Say
) -> None:
    """Without the canceller nothing is: the two voices are equally loud."""
    narration = padded(say(NARRATION), after=1.0)
    echo = echo_of(narration)
    user = np.zeros_like(echo)
    for at, command in ((6.0, "pause"), (9.0, "slower"), (12.0, "next step")):
        word = say(command, "rms")
        user[round(at * RATE_IN) :][: len(word)] = as_loud_as(echo, word)
    assert texts(listen(speech_input, echo + user, narration)) == ["pause", "slower", "next step"]


def test_the_coachs_very_first_words_are_not_a_command(
    speech_input: InlineSpeechInput, say: Say
) -> None:
    """The echo path is not known yet, so little of them is cancelled, and they are misheard."""
    words = padded(say(INVITATION), before=0.2, after=1.0)
    speech_input.coach_says("Next steps.", len(words) / RATE_IN)
    assert texts(listen(speech_input, echo_of(words), words)) == []


@pytest.mark.parametrize("told", [True, False])
def test_what_the_coach_says_through_a_speaker_that_rattles_is_not_a_command(
    speech_input: InlineSpeechInput, say: Say, told: bool
) -> None:
    """A linear canceller leaves a fifth of it; only the text shows whose words they are."""
    narration = padded(say(NARRATION), after=0.6)
    words = padded(say(INVITATION), after=1.2)
    played = np.concatenate([narration, words])
    rattling = 0.3 * echo_of(np.tanh(RATTLE * played))
    listen(speech_input, rattling[: len(narration)], narration)
    if told:
        speech_input.coach_says(INVITATION, len(words) / RATE_IN)
    heard = texts(listen(speech_input, rattling[len(narration) :], words))
    assert ("next step" in heard) is not told


@pytest.mark.parametrize("decibels", [0.0, -4.0, -8.0])
def test_the_first_words_are_no_command_however_loud_their_echo_and_whatever_they_resemble(
    speech_input: InlineSpeechInput, say: Say, decibels: float
) -> None:
    """ "You stopped" holds a "stop", and nothing tells how the echo will be misheard."""
    words = padded(say("You stopped partway."), before=0.2, after=1.0)
    speech_input.coach_says("You stopped partway.", len(words) / RATE_IN)
    echo = echo_of(words) * np.float32(10 ** (decibels / 20))
    assert texts(listen(speech_input, echo, words)) == []


def test_a_user_who_says_the_coachs_first_words_over_them_is_heard(
    speech_input: InlineSpeechInput, say: Say
) -> None:
    """The word is the coach's, but the sound is not."""
    words = padded(say("Now follow me, and say stop whenever you like."), before=0.2, after=1.0)
    speech_input.coach_says("Now follow me, and say stop whenever you like.", len(words) / RATE_IN)
    user = padded(say("stop", "rms"), before=0.8, after=4.0)[: len(words)]
    echo = echo_of(words)
    mic = echo * np.float32(0.1) + as_loud_as(echo, user)
    heard = texts(listen(speech_input, mic, words))
    assert heard == ["stop"]


def test_a_user_who_speaks_into_the_first_words_is_heard(
    speech_input: InlineSpeechInput, say: Say
) -> None:
    words = padded(say(INVITATION), before=0.2, after=1.0)
    speech_input.coach_says(INVITATION, len(words) / RATE_IN)
    user = padded(say("slower", "rms"), before=0.2, after=2.0)[: len(words)]
    assert texts(listen(speech_input, user, words)) == ["slower"]


def test_a_cry_of_pain_is_not_self_speech() -> None:
    """While the echo path is not known, whatever sounds like the coach's words is ignored."""
    self_speech = SelfSpeech()
    self_speech.say("Hello. Now follow me slowly.", 0.0, 2.0)
    assert self_speech.resembles("hello know follow", 0.0, 1.2)
    assert not self_speech.resembles("ow", 0.5, 0.8)
    assert not self_speech.resembles("louder", 0.5, 1.0)


def test_with_headphones_the_user_may_say_what_the_coach_is_saying(
    speech_input: InlineSpeechInput, say: Say
) -> None:
    narration = say(NARRATION)
    listen(speech_input, np.zeros_like(narration), narration)
    words = padded(say(INVITATION), before=0.2, after=1.0)
    speech_input.coach_says(INVITATION, len(words) / RATE_IN)
    user = padded(say("next step", "rms"), before=0.3)
    user = padded(user, after=(len(words) - len(user)) / RATE_IN + 0.001)[: len(words)]
    assert texts(listen(speech_input, user, words)) == ["next step"]


def test_words_that_the_coach_did_not_get_to_say_can_be_a_command(
    speech_input: InlineSpeechInput, say: Say
) -> None:
    speech_input.coach_says("Take a rest, and then the next step.", 0.8)
    silence = np.zeros(round(0.4 * RATE_IN), np.float32)
    listen(speech_input, silence, silence)
    speech_input.coach_hushed()
    user = padded(say("next step", "rms"), before=0.2, after=1.0)
    assert texts(listen(speech_input, user, np.zeros_like(user))) == ["next step"]
