"""However long somebody talks, memory does not grow."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.device import BLOCK_IN, BLOCK_OUT, RATE_IN, Samples
from assistant.echo.canceller import EchoCanceller
from assistant.hearing.endpointer import Endpointer
from assistant.hearing.speech_input import InlineSpeechInput
from assistant.hearing.vosk import VoskModel, VoskRecognizer
from assistant.understanding.interpreter import Interpreter
from assistant.understanding.template_files import load_templates

Say = Callable[..., Samples]

SENTENCES = """
language: en
intents:
  Any:
    data: [{sentences: ["(pause|stop|yes|no|next [step]|slower|louder|say that again)"]}]
"""
TALK = ("slower", "my sister bought a new car and drives it to work")
MOST_BYTES = 200_000
"""Three seconds of audio in memory; ten are heard from the first measurement to the last."""


@pytest.fixture
def speech_input(model: VoskModel, tmp_path: Path) -> InlineSpeechInput:
    path = tmp_path / "any.yaml"
    path.write_text(SENTENCES, encoding="utf-8")
    speech_input = InlineSpeechInput(
        Endpointer(VoskRecognizer(model), VoskRecognizer(model)), EchoCanceller()
    )
    speech_input.expect(Interpreter(load_templates([path])).grammar)
    return speech_input


def test_endless_talk_over_the_coach_takes_no_memory(
    speech_input: InlineSpeechInput, say: Say
) -> None:
    hiss = np.random.default_rng(1).standard_normal((BLOCK_OUT, 2)) / 100
    played: Samples = hiss.astype(np.float32)
    pause = np.zeros(RATE_IN // 20, np.float32)
    round_of_talk = np.concatenate([part for text in TALK for part in (say(text), pause)])
    blocks = round_of_talk[: len(round_of_talk) // BLOCK_IN * BLOCK_IN].reshape(-1, BLOCK_IN)
    kept = []
    tracemalloc.start()
    try:
        for _ in range(3):
            for block in blocks:
                speech_input.listen(block, played)
            for _ in range(75):
                speech_input.listen(np.zeros(BLOCK_IN, np.float32), played)
            kept.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert kept[-1] - kept[0] < MOST_BYTES, kept
