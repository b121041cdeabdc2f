"""Rendering ahead: in order, once each, never in the session's way, and never without a voice."""

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.clip import Clip
from assistant.errors import VoiceError
from assistant.routine.plan import SpokenLine
from assistant.speaking.clip_cache import ClipCache
from assistant.speaking.pyttsx3_voice import Pyttsx3Voice
from assistant.speaking.renderer import Renderer
from tests.speaking.sounds import same_sound


class RecordingVoice:
    """Writes down what it is asked to say; `gate` holds it up until opened."""

    key = "recording 1"
    loading_seconds = 0.0

    def __init__(self, gate: threading.Event | None = None) -> None:
        self.said: list[str] = []
        self.started = threading.Event()
        self.closed = threading.Event()
        self._gate = gate

    def render(self, text: str, rate: float = 1.0) -> Clip:
        self.said.append(text)
        self.started.set()
        if self._gate is not None:
            self._gate.wait(30)
        return Clip.from_pcm(np.full(round(480 / rate), len(text), np.int16))

    def close(self) -> None:
        self.closed.set()


class FailingVoice:
    key = "failing 1"
    loading_seconds = 0.0

    def __init__(self, error: Exception) -> None:
        self._error = error

    def render(self, text: str, rate: float = 1.0) -> Clip:  # noqa: ARG002
        raise self._error

    def close(self) -> None:
        pass


@pytest.fixture
def gate():
    gate = threading.Event()
    yield gate
    gate.set()


def test_texts_are_rendered_in_the_order_given_and_once_each():
    voice = RecordingVoice()
    renderer = Renderer([voice], None)
    renderer.prepare(["a", "b", "a", "c"])
    for text in "abca":
        renderer.wait(text)
    renderer.prepare(["c", "b"])
    renderer.wait("d")
    renderer.close()
    assert voice.said == ["a", "b", "c", "d"]


def test_what_is_needed_now_overtakes_what_was_prepared(gate: threading.Event):
    voice = RecordingVoice(gate)
    renderer = Renderer([voice], None)
    renderer.prepare(["first", "second", "third"])
    assert voice.started.wait(10)
    renderer.prepare(["answer one", "answer two"])
    assert renderer.clip("urgent") is None
    gate.set()
    order = ["first", "urgent", "answer one", "answer two", "second", "third"]
    for text in order:
        renderer.wait(text)
    renderer.close()
    assert voice.said == order


def test_a_clip_not_ready_is_none_at_once_and_there_later(gate: threading.Event):
    renderer = Renderer([RecordingVoice(gate)], None)
    assert renderer.clip("hello") is None
    gate.set()
    waited = renderer.wait("hello")
    ready = renderer.clip("hello")
    renderer.close()
    assert ready is not None
    assert same_sound(ready, waited)


def test_the_rate_is_part_of_what_is_rendered():
    renderer = Renderer([RecordingVoice()], None)
    assert renderer.wait("hello", 1.0).length == 2 * renderer.wait("hello", 2.0).length
    renderer.close()


def test_what_one_session_rendered_the_next_one_has_on_disk(tmp_path: Path):
    first = Renderer([RecordingVoice()], ClipCache(tmp_path))
    rendered = first.wait("hello")
    first.close()
    voice = RecordingVoice()
    second = Renderer([voice], ClipCache(tmp_path))
    assert same_sound(second.wait("hello"), rendered)
    second.close()
    assert voice.said == []


@pytest.mark.parametrize("error", [VoiceError("No engine."), RuntimeError("a bug in a library")])
def test_a_voice_that_fails_is_replaced_and_the_user_told_once(error: Exception):
    told: list[str] = []
    spare = RecordingVoice()
    renderer = Renderer([FailingVoice(error), spare], None, told.append)
    renderer.wait("hello")
    renderer.wait("again")
    assert renderer.voice is spare
    renderer.close()
    assert len(told) == 1
    assert "failing" in told[0]
    assert "recording" in told[0]


def test_with_every_voice_gone_silence_of_the_right_length_remains():
    renderer = Renderer([FailingVoice(VoiceError("No engine."))], None)
    clip = renderer.wait("three words here")
    renderer.close()
    assert clip.samples is None
    assert clip.seconds == pytest.approx(SpokenLine("three words here", "what").seconds, abs=0.01)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("assistant.speaking.voice.PATIENCE_SECONDS", 0.05)


@pytest.mark.usefixtures("impatient")
def test_a_voice_that_hangs_is_replaced_and_closed_when_it_comes_loose(gate: threading.Event):
    told: list[str] = []
    hanging, spare = RecordingVoice(gate), RecordingVoice()
    renderer = Renderer([hanging, spare], None, told.append)
    renderer.wait("hello")
    assert spare.said == ["hello"]
    assert len(told) == 1
    gate.set()
    assert hanging.closed.wait(10)
    renderer.close()


def test_closing_is_prompt_even_while_a_voice_hangs(gate: threading.Event):
    import time

    voice = RecordingVoice(gate)
    renderer = Renderer([voice], None)
    renderer.prepare(["hello"])
    assert voice.started.wait(10)
    started = time.monotonic()
    renderer.close()
    assert time.monotonic() - started < 2.0


def test_the_process_outlasts_what_is_being_rendered():
    """If Piper returned from native code after the interpreter's end, the process would abort."""
    program = """
import threading
from assistant.speaking.renderer import Renderer
begun = threading.Event()

class Slow:
    key, loading_seconds = "slow 1", 0.0
    def render(self, text, rate=1.0):
        begun.set()
        threading.Event().wait(1.5)  # longer than closing waits
        print("rendered", flush=True)
        raise RuntimeError
    def close(self):
        pass

renderer = Renderer([Slow()], None)
renderer.prepare(["Hello."])
begun.wait()
renderer.close()
print("closed", flush=True)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.split()) == (0, ["closed", "rendered"])


def test_closing_lets_go_of_the_voice():
    voice = RecordingVoice()
    renderer = Renderer([voice], None)
    renderer.wait("hello")
    renderer.close()
    assert voice.closed.is_set()


def test_waiting_gives_the_same_samples_whether_prepared_or_not():
    lines = ["Close your eyes.", "Breathe in.", "Breathe out."]
    prepared, direct = (Renderer([Pyttsx3Voice()], None) for _ in range(2))
    prepared.prepare(lines)
    for line in reversed(lines):
        assert same_sound(prepared.wait(line), direct.wait(line))
    prepared.close()
    direct.close()
