"""Endpointing and rejection, with the real recognizer and a real grammar."""

from collections.abc import Callable

import numpy as np
import pytest

from assistant.audio.device import BLOCK_IN, RATE_IN, Samples
from assistant.hearing.endpointer import Endpointer
from assistant.hearing.speech_events import SpeechAbandoned, SpeechEvent, SpeechStarted, Utterance
from assistant.hearing.vosk import VoskModel, VoskRecognizer
from assistant.understanding.grammar import Grammar
from assistant.understanding.interpreter import Interpreter
from assistant.understanding.template_files import load_templates

Say = Callable[..., Samples]
Noise = Callable[[str], Samples]

SENTENCES = """
language: en
intents:
  Any:
    data:
      - sentences:
          - next [step]
          - (pause|stop|yes|no|slower|faster|louder|quieter|help|resume|repeat)
          - "(turn it|speed) up"
          - how hard should i press
          - how (long|much time) is left
          - go to step (one|two|three|four)
          - (say that again|go back|skip this step|that hurts|switch sides|where am i)
  Start:
    data:
      - sentences: ["puffy eyes [for {minutes} minutes]"]
lists:
  minutes: {values: [{in: five, out: 5}, {in: ten, out: 10}]}
"""
COMMANDS = [
    "next",
    "next step",
    "stop",
    "slower",
    "turn it up",
    "how hard should i press",
    "how much time is left",
    "go to step four",
    "that hurts",
    "puffy eyes",
    "puffy eyes for ten minutes",
]


@pytest.fixture(scope="module")
def grammar(tmp_path_factory: pytest.TempPathFactory) -> Grammar:
    path = tmp_path_factory.mktemp("sentences") / "any.yaml"
    path.write_text(SENTENCES, encoding="utf-8")
    return Interpreter(load_templates([path])).grammar()


@pytest.fixture
def endpointer(model: VoskModel, grammar: Grammar) -> Endpointer:
    endpointer = Endpointer(VoskRecognizer(model), VoskRecognizer(model))
    endpointer.expect(grammar)
    return endpointer


def room(seconds: float) -> Samples:
    """A quiet room: noise at -65 dBFS."""
    noise = np.random.default_rng(3).standard_normal(round(seconds * RATE_IN))
    return (noise * 10 ** (-65 / 20)).astype(np.float32)


def sounding(clip: Samples) -> Samples:
    """The clip without the silence around it."""
    loud = np.flatnonzero(np.abs(clip) > 0.01 * np.abs(clip).max())
    return clip[loud[0] : loud[-1] + 1]


def hear(endpointer: Endpointer, *sounds: Samples) -> list[SpeechEvent]:
    sound = np.concatenate(sounds)
    blocks = sound[: len(sound) // BLOCK_IN * BLOCK_IN].reshape(-1, BLOCK_IN)
    return [event for block in blocks for event in endpointer.listen(block)]


def utterances(events: list[SpeechEvent]) -> list[Utterance]:
    return [event for event in events if isinstance(event, Utterance)]


def last_sound(sound: Samples) -> float:
    return float(np.nonzero(np.abs(sound) > 0.03 * np.abs(sound).max())[0][-1] / RATE_IN)


@pytest.mark.parametrize("voice", ["slt", "rms"])
def test_commands_are_decided_soon_after_the_last_sound(
    endpointer: Endpointer, say: Say, voice: str
) -> None:
    delays = []
    for command in COMMANDS:
        began = endpointer.seconds
        spoken = np.concatenate([room(0.6), say(command, voice)])
        (utterance,) = utterances(hear(endpointer, spoken, room(1.0)))
        ended = began + last_sound(spoken)
        assert utterance.text == command
        assert utterance.end == pytest.approx(ended, abs=0.2)
        delays.append(utterance.decided - ended)
    assert max(delays) < 0.6
    assert np.median(delays) < 0.25


def over(tap: Samples, spoken: Samples, snr: float) -> Samples:
    """Running water under `spoken`, which is so many decibels louder while it sounds."""
    tap = np.resize(tap, len(spoken))
    loud = np.abs(spoken) > 0.03 * np.abs(spoken).max()
    gain = np.sqrt(np.mean(spoken[loud] ** 2) / np.mean(tap**2)) * 10 ** (-snr / 20)
    mixed: Samples = spoken + np.float32(gain) * tap
    return mixed


def test_commands_over_a_running_tap_are_heard_and_ended_soon(
    endpointer: Endpointer, say: Say, noise: Noise
) -> None:
    """The tap fills every pause: nothing falls silent but the voice."""
    delays = {}
    for command in ("how hard should i press", "how much time is left", "go to step four"):
        began = endpointer.seconds
        spoken = np.concatenate([room(1.5), say(command, "rms"), room(1.5)])
        for utterance in utterances(hear(endpointer, over(noise("running_tap"), spoken, 10))):
            delays[utterance.text] = utterance.decided - began - last_sound(spoken)
    assert list(delays) == ["how hard should i press", "how much time is left", "go to step four"]
    assert max(delays.values()) < 0.4


@pytest.mark.parametrize("command", ["next", "stop", "that hurts"])
def test_a_voice_over_a_loud_tap_is_noticed_and_comes_to_an_end(
    endpointer: Endpointer, say: Say, noise: Noise, command: str
) -> None:
    """At 5 dB, whatever the recognizer makes of it."""
    spoken = np.concatenate([room(1.5), say(command), room(1.5)])
    began, ended = hear(endpointer, over(noise("running_tap"), spoken, 5))
    assert isinstance(began, SpeechStarted)
    assert began.at < last_sound(spoken)
    assert isinstance(ended, Utterance | SpeechAbandoned)
    known = ended.decided if isinstance(ended, Utterance) else ended.at
    assert known - last_sound(spoken) < 0.9


def test_a_sentence_that_could_go_on_is_waited_for_in_one_utterance(
    endpointer: Endpointer, say: Say
) -> None:
    routine, minutes = sounding(say("puffy eyes")), sounding(say("for ten minutes"))
    events = hear(endpointer, room(0.6), routine, room(0.2), minutes, room(1.0))
    assert [utterance.text for utterance in utterances(events)] == ["puffy eyes for ten minutes"]


def test_two_commands_a_second_apart_are_two_utterances(endpointer: Endpointer, say: Say) -> None:
    events = hear(endpointer, room(0.5), say("slower"), room(1.0), say("louder"), room(1.0))
    first, second = utterances(events)
    assert (first.text, second.text) == ("slower", "louder")
    assert first.end < first.decided < second.start


def test_all_speech_that_started_comes_to_an_end(endpointer: Endpointer, say: Say) -> None:
    sounds = [say(text) for text in ("stop", "elephants remember everything", "next step")]
    events = hear(endpointer, *(part for sound in sounds for part in (room(0.7), sound)), room(1.5))
    kinds = [isinstance(event, SpeechStarted) for event in events]
    assert kinds == [True, False] * (len(kinds) // 2)
    assert len(kinds) >= 6


def test_speech_has_started_before_it_is_over(endpointer: Endpointer, say: Say) -> None:
    spoken = np.concatenate([room(0.5), say("how hard should i press")])
    started = hear(endpointer, spoken, room(1.0))[0]
    assert isinstance(started, SpeechStarted)
    assert started.at < 1.0


def test_silence_is_not_an_utterance(endpointer: Endpointer) -> None:
    assert hear(endpointer, room(8.0), np.zeros(8 * RATE_IN, np.float32)) == []


@pytest.mark.parametrize("name", ["running_tap", "doing_the_dishes"])
def test_household_noise_is_not_a_command(endpointer: Endpointer, noise: Noise, name: str) -> None:
    events = hear(endpointer, np.resize(noise(name), 20 * RATE_IN))
    assert [utterance.text for utterance in utterances(events)] == []


@pytest.mark.parametrize(
    "sentence",
    ["turn left at the house", "what is the weather like today", "my sister bought a new car"],
)
def test_foreign_sentences_do_not_become_commands(
    endpointer: Endpointer, grammar: Grammar, say: Say, sentence: str
) -> None:
    heard = utterances(hear(endpointer, room(0.6), say(sentence), room(1.5)))
    assert heard
    assert all(grammar.reach(u.text).value in {"outside", "beginning"} for u in heard)


def test_speech_cut_off_by_the_end_of_the_audio_is_still_heard(
    endpointer: Endpointer, say: Say
) -> None:
    spoken = say("how hard should i press")
    events = hear(endpointer, room(0.5), spoken[: round(last_sound(spoken) * RATE_IN)])
    assert utterances(events) == []
    (utterance,) = utterances(endpointer.flush())
    assert utterance.text == "how hard should i press"
    assert endpointer.flush() == []


@pytest.mark.parametrize("command", ["how much time is left", "next step"])
def test_a_command_at_the_very_beginning_of_the_audio_is_heard(
    endpointer: Endpointer, say: Say, command: str
) -> None:
    """A recording often begins with its first word."""
    events = hear(endpointer, sounding(say(command, "rms")), room(1.0))
    assert [utterance.text for utterance in utterances(events)] == [command]


def test_the_grammar_changes_in_silence_without_losing_a_word(
    model: VoskModel, grammar: Grammar, say: Say
) -> None:
    fresh = Endpointer(VoskRecognizer(model, ["elephant"]), VoskRecognizer(model))
    spoken = np.concatenate([room(0.6), say("slower"), room(0.8)])
    onset = round(0.62 * RATE_IN) // BLOCK_IN * BLOCK_IN
    events = hear(fresh, spoken[:onset])
    fresh.expect(grammar)
    events += hear(fresh, spoken[onset:])
    assert [utterance.text for utterance in utterances(events)] == ["slower"]


def test_the_same_audio_gives_the_same_decisions(
    model: VoskModel, grammar: Grammar, say: Say
) -> None:
    sound = np.concatenate([room(0.5), say("next step"), room(0.4), say("stop"), room(1.0)])
    runs = []
    for _ in range(2):
        endpointer = Endpointer(VoskRecognizer(model), VoskRecognizer(model))
        endpointer.expect(grammar)
        runs.append(hear(endpointer, sound))
    assert runs[0] == runs[1]


def test_a_knock_is_ignored_or_abandoned(endpointer: Endpointer) -> None:
    knock = np.exp(-np.arange(RATE_IN // 20) / 100).astype(np.float32)
    events = hear(endpointer, room(0.6), 0.5 * knock, room(1.0))
    assert utterances(events) == []
    assert sum(isinstance(e, SpeechStarted) for e in events) == sum(
        isinstance(e, SpeechAbandoned) for e in events
    )
