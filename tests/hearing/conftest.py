"""A place for a model, empty or taken; a voice to be heard and the model that hears it."""

import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import soundfile
from fake_model import PARTS

from assistant.audio.device import Samples
from assistant.hearing.vosk import VoskModel


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "data" / "models" / "small"


@pytest.fixture
def old_model(place: Path) -> Path:
    """A model in place, to be told from a new one by its README."""
    for name, content in {**PARTS, "README": b"the old one"}.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    return place


@pytest.fixture(scope="session")
def say(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Samples]:
    """Speak a sentence with flite: (n,) at 16 kHz, rendered once per session."""
    folder = tmp_path_factory.mktemp("spoken")

    @cache
    def render(text: str, voice: str = "slt") -> Samples:
        path = folder / f"{voice}-{abs(hash(text))}.wav"
        command = ["flite", "-voice", voice, "-t", text, "-o", str(path)]
        subprocess.run(command, check=True, timeout=30)
        return soundfile.read(path, dtype="float32")[0]

    return render


@pytest.fixture(scope="session")
def model(model_path: Path) -> VoskModel:
    return VoskModel(model_path)
