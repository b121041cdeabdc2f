"""Recordings of real people and of real noise."""

from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile

from assistant.audio.device import Samples

CLIPS = Path(__file__).parents[1] / "audio_clips"


@pytest.fixture(scope="session")
def recordings() -> Callable[..., list[Path]]:
    """The files in which volunteers say these words."""
    return lambda *words: [path for word in words for path in sorted((CLIPS / word).iterdir())]


@pytest.fixture(scope="session")
def noise() -> Callable[[str], Samples]:
    """Some seconds of household noise, (n,) at 16 kHz."""
    return lambda name: soundfile.read(CLIPS / "noise" / f"{name}.flac", dtype="float32")[0]
