"""A whole conversation through the sound card: commands go in, the coach's voice comes out."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.audio.wav_files import read_wav

if TYPE_CHECKING:
    from conftest import VirtualCard

PATIENCE = 60.0


def flite(text: str, path: Path) -> Path:
    subprocess.run(["flite", "-voice", "slt", "-t", text, "-o", path], check=True, timeout=60)
    return path


def entries(transcript: Path) -> list[dict[str, object]]:
    text = transcript.read_text("utf-8") if transcript.exists() else ""
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def wait_for(
    transcript: Path, running: subprocess.Popen[str], wanted: Callable[[dict[str, object]], bool]
) -> None:
    """Look at the transcript until it has what is wanted."""
    deadline = time.monotonic() + PATIENCE
    while not any(map(wanted, entries(transcript))):
        assert time.monotonic() < deadline, entries(transcript)[-6:]
        try:
            running.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        assert any(map(wanted, entries(transcript))), running.stderr and running.stderr.read()


def said(beginning: str) -> Callable[[dict[str, object]], bool]:
    return lambda entry: str(entry.get("coach", "")).startswith(beginning)


def test_spoken_commands_are_obeyed_and_the_coach_is_heard(
    virtual_card: "VirtualCard", model_path: Path, tmp_path: Path
) -> None:
    """Choosing, a question, a pause and the end, all by voice, over a real sound server."""
    commands = {
        text: flite(text, tmp_path / f"{text}.wav")
        for text in ("puffy eyes", "ready", "how hard should I press", "pause", "stop")
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
        wait_for(transcript, running, said("What would you like"))
        virtual_card.play_into_microphone(commands["puffy eyes"])
        wait_for(transcript, running, lambda e: e.get("mode") == "preparing")
        wait_for(transcript, running, said("Tell me when you're ready"))
        virtual_card.play_into_microphone(commands["ready"])
        wait_for(transcript, running, said("Put "))
        virtual_card.play_into_microphone(commands["how hard should I press"])
        wait_for(transcript, running, said("Light pressure, just enough to move the skin. Use"))
        virtual_card.play_into_microphone(commands["pause"])
        wait_for(transcript, running, lambda e: e.get("mode") == "paused")
        virtual_card.play_into_microphone(commands["stop"])
        assert running.wait(PATIENCE) == 0
    played = read_wav(recording, 16_000)
    loud = np.abs(played).max()
    assert 0.05 < loud < 1.0
    assert "massage" in hear_openly(played, model_path)


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
    recognizer.close()
    return " ".join(heard)
