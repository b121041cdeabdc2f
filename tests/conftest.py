"""What every room's tests share."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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

settings.register_profile("fixed", derandomize=True)
settings.register_profile("explore", print_blob=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--explore", action="store_true", help="property tests take new ways, not the fixed ones"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Fixed ways by default: what fails here fails everywhere, and again tomorrow."""
    settings.load_profile("explore" if config.getoption("explore") else "fixed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever uses the virtual sound card keeps time with it."""
    for item in items:
        if "virtual_card" in getattr(item, "fixturenames", ()):
            item.add_marker("real_time")


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


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def refusal(self) -> str:
        """The one sentence that says why the command was refused."""
        assert self.status not in (0, 130), self.err
        [line] = self.err.splitlines()
        assert line.startswith("massage: ")
        return line


@pytest.fixture
def massage(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Done]]:
    """Run `massage` with arguments in this process, with `stdin` typed into it."""
    from assistant.cli import main

    def run(*arguments: str | Path, stdin: str = "") -> Done:
        capsys.readouterr()
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        assert isinstance(ended.value.code, int)
        return Done(ended.value.code, *capsys.readouterr())

    before = signal.getsignal(signal.SIGTERM)
    yield run
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def no_sound_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a microphone nor a speaker is found, whatever this computer has."""
    from assistant.audio import sound_card

    troubles = tuple(f"No {kind} was found; plug one in." for kind in ("microphone", "speaker"))
    monkeypatch.setattr(sound_card, "probe", lambda: sound_card.Probe(None, None, troubles))


@pytest.fixture
def hurried_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Typed conversations pass twenty times as quickly as they do for a user."""
    from assistant.audio import wall_clock

    monkeypatch.setattr(wall_clock, "BLOCK_SECONDS", 0.001)


@pytest.fixture(scope="session")
def model(model_path: Path) -> "VoskModel":
    from assistant.hearing.vosk import VoskModel

    return VoskModel(model_path)


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache folder for a whole run: no test depends on what is in it, only its speed does."""
    base = tmp_path_factory.getbasetemp()
    parallel = "PYTEST_XDIST_WORKER" in os.environ  # then each worker has a folder in the same one
    return (base.parent if parallel else base) / "cache"


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, shared_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or leaves anything in the developer's own folders."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(shared_cache))
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
