"""Lets pytest collect dialogue scripts: one test per `*.dialogue` file, named by its title.

A script whose header says `by: text, voice` gives a second test, marked `by_voice`.

Promises: it is active only where it is asked for, with `-p assistant.rehearsal.pytest_plugin` or
`pytest_plugins` in a conftest.py. An entry point would change every pytest run of an environment
that happens to hold this package. Without a script among the tests it imports nothing more.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.errors import MassageError

if TYPE_CHECKING:
    from assistant.rehearsal.script import Script
    from assistant.rehearsal.stage import Stage


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", "by_voice: a dialogue script spoken by a simulated user")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "DialogueFile | None":
    """Collect dialogue scripts."""
    if file_path.suffix == ".dialogue":
        return DialogueFile.from_parent(parent, path=file_path)
    return None


class _PlainFailure:
    """Reports a failure in the words of the error instead of a traceback."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:
        """Return the sentence, or the conversation around the difference."""
        if isinstance(excinfo.value, MassageError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)  # type: ignore[misc]  # of pytest's class behind it


class DialogueFile(_PlainFailure, pytest.File):  # type: ignore[misc]  # what it shows is a text
    """One script."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a test for each medium, text or voice, that the header asks for."""
        from assistant.rehearsal.script import read_script

        script = read_script(self.path)
        for medium in script.header.by:
            yield DialogueItem.from_parent(self, script=script, by_voice=medium == "voice")


class DialogueItem(_PlainFailure, pytest.Item):  # type: ignore[misc]
    """One performance."""

    def __init__(self, *, script: "Script", by_voice: bool, **kwargs: object) -> None:
        name = f"{script.title} (by voice)" if by_voice else script.title
        super().__init__(name=name, **kwargs)  # type: ignore[arg-type]
        self._script, self._by_voice = script, by_voice
        if by_voice:
            self.add_marker("by_voice")

    def runtest(self) -> None:
        """Perform the script; raises ScriptError at the first difference."""
        _stage(self._by_voice).perform(self._script)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where the script is."""
        return self.path, 0, self.name


@cache
def _stage(by_voice: bool) -> "Stage":
    """Return the stage for all scripts performed by text, or for all by voice.

    The coach speaks with the system voice, which every computer has and which renders at once.
    """
    from assistant.config import Settings
    from assistant.rehearsal.stage import Stage

    return Stage(Settings(voice="pyttsx3"), by_voice)
