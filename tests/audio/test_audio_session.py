"""A whole conversation through the sound card: commands go in, the coach's voice comes out."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.audio.wav_files import read_wav
from assistant.commands.voices import TRIED_WITH
from assistant.library.shipped import load_replies
from assistant.understanding.normalize import words_of

if TYPE_CHECKING:
    from tests.audio.virtual_card import VirtualCard

PATIENCE = 60.0
TRIES = 4
"""A user says again what was not heard: this machine may be too busy for its sound card."""


def flite(text: str, path: Path) -> Path:
    subprocess.run(["flite", "-voice", "slt", "-t", text, "-o", path], check=True, timeout=60)
    return path


def entries(transcript: Path) -> list[dict[str, object]]:
    text = transcript.read_text("utf-8") if transcript.exists() else ""
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def came(
    transcript: Path,
    running: subprocess.Popen[Any],
    wanted: Callable[[dict[str, object]], bool],
    within: float,
) -> bool:
    """Look at the transcript until it has what is wanted."""
    deadline = time.monotonic() + within
    while not any(map(wanted, entries(transcript))):
        if time.monotonic() > deadline or running.poll() is not None:
            return any(map(wanted, entries(transcript)))
        try:
            running.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
    return True


def said(beginning: str) -> Callable[[dict[str, object]], bool]:
    return lambda entry: str(entry.get("coach", "")).startswith(beginning)


def test_spoken_commands_are_obeyed_and_the_coach_is_heard(
    virtual_card: "VirtualCard", model_path: Path, tmp_path: Path
) -> None:
    """Choosing, a question, a pause and the end, all by voice, over a real sound server."""
    commands = {
        text: flite(text, tmp_path / f"{text}.wav")
        for text in (
            *("puffy eyes", "no", "skip the questions", "ready", "how hard should I press"),
            *("hold on", "stop"),
        )
    }
    transcript, recording = tmp_path / "t.jsonl", tmp_path / "speaker.wav"
    with (
        virtual_card.record_speaker(recording),
        subprocess.Popen(
            [sys.executable, "-m", "assistant", "--voice", "pyttsx3", "--transcript", transcript],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=virtual_card.env | {"VOSK_MODEL_PATH": str(model_path)},
        ) as running,
        ExitStack() as stack,
    ):
        stack.callback(running.kill)
        assert came(transcript, running, said("What would you like"), PATIENCE)
        for command, wanted in (
            ("puffy eyes", lambda e: e.get("mode") == "screening"),
            ("no", said("Do you have a long-term illness")),
            ("skip the questions", lambda e: e.get("mode") == "preparing"),
            ("ready", lambda e: e.get("mode") == "guiding"),
            ("how hard should I press", said("Light pressure, just enough to move the skin. Use")),
            ("hold on", lambda e: e.get("mode") == "paused"),
            ("stop", lambda e: e.get("mode") == "confirming"),
            ("no", lambda e: e.get("mode") == "finished"),
        ):
            for _ in range(TRIES):
                virtual_card.play_into_microphone(commands[command])
                if came(transcript, running, wanted, 10.0):
                    break
            else:
                raise AssertionError((command, entries(transcript)[-6:]))
        assert running.wait(PATIENCE) == 0
    played = read_wav(recording, 16_000)
    loud = np.abs(played).max()
    assert 0.05 < loud < 1.0
    told = " ".join(str(entry["coach"]) for entry in entries(transcript) if "coach" in entry)
    assert len(words_in_both(told, hear_openly(played, model_path))) >= 5


def test_pause_stops_the_narration_that_the_microphone_hears_as_well(
    virtual_card: "VirtualCard", model_path: Path, tmp_path: Path
) -> None:
    """All that the speaker plays comes back into the microphone 150 ms later, at full strength.

    The massage is begun by typing, so that only "pause" depends on hearing.
    """
    virtual_card.echo(milliseconds=150)
    pause, transcript = flite("pause", tmp_path / "pause.wav"), tmp_path / "t.jsonl"
    terminal, keyboard = os.openpty()
    with (
        subprocess.Popen(
            [sys.executable, "-m", "assistant", "--voice", "pyttsx3", "--transcript", transcript],
            stdin=keyboard,
            stderr=subprocess.PIPE,
            env=virtual_card.env | {"VOSK_MODEL_PATH": str(model_path)},
        ) as running,
        ExitStack() as stack,
    ):
        stack.callback(running.kill)
        assert came(transcript, running, said("What would you like"), PATIENCE)
        for typed, then in (
            ("puffy eyes", "Before we begin"),
            ("skip the questions", "Puffy eyes"),
            ("ready", "Opening"),
        ):
            os.write(terminal, f"{typed}\n".encode())
            assert came(transcript, running, said(then), PATIENCE), entries(transcript)
        for _ in range(TRIES):
            virtual_card.play_into_microphone(pause)
            if came(transcript, running, lambda entry: entry.get("mode") == "paused", 4.0):
                break
        else:
            raise AssertionError(entries(transcript)[-8:])
    os.close(terminal)
    os.close(keyboard)


def words_in_both(told: str, heard: str) -> set[str]:
    """Return the coach's longer words that were heard; a busy machine drops pieces of others."""
    return {word for word in words_of(told) if len(word) > 3} & {*heard.split()}


def hear_openly(samples: np.ndarray, model_path: Path) -> str:
    """Return what an open vocabulary hears in a recording."""
    from assistant.audio.device import BLOCK_IN
    from assistant.hearing.vosk import VoskModel, VoskRecognizer

    recognizer = VoskRecognizer(VoskModel(model_path))
    heard = []
    for start in range(0, len(samples) - BLOCK_IN, BLOCK_IN):
        hypothesis = recognizer.accept(samples[start : start + BLOCK_IN])
        if hypothesis and hypothesis.final:
            heard.append(hypothesis.text)
    heard.append(recognizer.finish().text)
    return " ".join(heard)


def test_a_voice_that_is_tried_is_heard_from_the_speaker(
    virtual_card: "VirtualCard", model_path: Path, tmp_path: Path
) -> None:
    recording = tmp_path / "speaker.wav"
    with virtual_card.record_speaker(recording):
        tried = subprocess.run(
            [sys.executable, "-m", "assistant", "voices", "try", "pyttsx3"],
            env=virtual_card.env,
            timeout=PATIENCE,
            check=False,
        )
    assert tried.returncode == 0
    told = " ".join(load_replies().text(key) for key in TRIED_WITH)
    assert len(words_in_both(told, hear_openly(read_wav(recording, 16_000), model_path))) >= 3
