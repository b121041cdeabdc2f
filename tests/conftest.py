"""What every room's tests share, and the collection of dialogue scripts: one test per script."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.errors import ModelError, ScriptError

if TYPE_CHECKING:
    from assistant.commands.rehearsing import Stage


@pytest.fixture(scope="session")
def model_path() -> Path:
    """The speech model that `massage setup` fetched."""
    from assistant.hearing.model_store import find_model

    try:
        return find_model()
    except ModelError as missing:
        pytest.fail(f"{missing} (script/test does it)")


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or leaves anything in the developer's own folders."""
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))


@cache
def stage() -> "Stage":
    """Where all scripts are performed by text."""
    from assistant.commands.rehearsing import Stage
    from assistant.config import Settings

    return Stage(Settings(), by_voice=False)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix == ".dialogue":
        return DialogueFile.from_parent(parent, path=file_path)
    return None


class DialogueFile(pytest.File):
    """One script."""

    def collect(self) -> Iterator[pytest.Item]:
        from assistant.rehearsal.script import read_script

        yield DialogueItem.from_parent(self, name=read_script(self.path).title)


class DialogueItem(pytest.Item):
    """The script performed by text."""

    def runtest(self) -> None:
        from assistant.rehearsal.script import read_script

        stage().perform(read_script(self.path))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:
        if excinfo.errisinstance(ScriptError):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name
