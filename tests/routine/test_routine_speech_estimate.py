"""The planner's estimate of how long a line takes agrees with the voices."""

import pytest

from assistant._resources import resource
from assistant.library.library import Library
from assistant.routine.plan import SpokenLine
from assistant.speaking import piper_models
from assistant.speaking.piper_voice import PiperVoice
from assistant.speaking.pyttsx3_voice import Pyttsx3Voice
from assistant.speaking.voice import Voice

LIBRARY = Library([resource("routines")])
LINES = sorted(
    {
        item.text
        for name in LIBRARY.routines
        for step in LIBRARY.plan(name).steps
        for item in step.score
        if isinstance(item, SpokenLine)
    }
)
"""Rendering all takes a minute; the estimate was 1.4 % (eSpeak) and 0.4 % (Piper) off then."""


def estimated(lines: list[str]) -> float:
    return sum(SpokenLine(text, "what").seconds for text in lines)


def spoken(voice: Voice, lines: list[str]) -> float:
    try:
        return sum(voice.render(text).seconds for text in lines)
    finally:
        voice.close()


def test_narration_takes_as_long_as_estimated_with_the_system_voice():
    sample = LINES[::6]
    assert spoken(Pyttsx3Voice(), sample) == pytest.approx(estimated(sample), rel=0.05)


@pytest.mark.skipif(not piper_models.installed(), reason="the neural voice is not installed")
def test_narration_takes_as_long_as_estimated_with_the_neural_voice():
    sample = LINES[::20]
    assert spoken(PiperVoice(), sample) == pytest.approx(estimated(sample), rel=0.05)
