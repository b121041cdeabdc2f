"""What every room's tests share."""

import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import soundfile
from hypothesis import settings

from assistant.errors import ModelError

if TYPE_CHECKING:
    from assistant.audio.device import Samples
    from assistant.hearing.vosk import VoskModel

settings.register_profile("same for everyone", derandomize=True)
settings.load_profile("same for everyone")  # what is red is red everywhere, and again tomorrow


@pytest.fixture(scope="session")
def model_path() -> Path:
    """The speech model that `massage setup` fetched."""
    from assistant.speech_model.store import find_model

    try:
        return find_model()
    except ModelError as missing:
        pytest.fail(f"{missing} (script/test does it)")


@pytest.fixture(scope="session")
def say(tmp_path_factory: pytest.TempPathFactory) -> "Callable[..., Samples]":
    """Speak a sentence with flite: (n,) at 16 kHz, rendered once per session."""
    folder = tmp_path_factory.mktemp("spoken")

    @cache
    def render(text: str, voice: str = "slt") -> "Samples":
        path = folder / f"{voice}-{abs(hash(text))}.wav"
        command = ["flite", "-voice", voice, "-t", text, "-o", str(path)]
        subprocess.run(command, check=True, timeout=30)
        return soundfile.read(path, dtype="float32")[0]

    return render


@pytest.fixture(scope="session")
def model(model_path: Path) -> "VoskModel":
    from assistant.hearing.vosk import VoskModel

    return VoskModel(model_path)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or leaves anything in the developer's own folders."""
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
