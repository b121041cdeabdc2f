"""Keeps what the user said and the coach did not understand, if the user asks for it.

A line of JSON each: `text`, `state`, and `perhaps` where the coach asked back and was not told yes.
Text only, for the user alone to read (0600). A disk that is full ends the keeping, not the massage.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from assistant.dialogue.state import MODES
from assistant.errors import SettingsError
from assistant.files import open_private, read_file
from assistant.transcript import TranscriptEntry

MOST_BYTES = 16 * 2**20
"""Of misses: years of them."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A sentence that was not understood, and what it was taken for, if it was asked about."""

    text: str
    state: str
    perhaps: str = ""


class MissKeeper:
    """Finds the misses among the entries of a transcript, as they come."""

    def __init__(self, file: TextIO, on_trouble: Callable[[str], None]) -> None:
        self._file = file
        self._on_trouble = on_trouble
        self._mode: str = MODES[0]
        self._asked: Miss | None = None
        self._failed = False

    def add(self, entry: TranscriptEntry) -> None:
        """Take one entry; write a line if it shows that something was not understood."""
        self._mode = entry.get("mode", self._mode)
        if "user" not in entry:
            return
        names = [intent["intent"] for intent in entry["intents"]]
        if self._asked and names[:1] != ["yes"]:
            self._write(self._asked)
        self._asked = None
        if perhaps := entry.get("perhaps"):
            self._asked = Miss(entry["user"], self._mode, perhaps[0]["intent"])
        elif not names and entry["user"]:
            self._write(Miss(entry["user"], self._mode))

    def finish(self) -> None:
        """Keep what was asked back last and never answered."""
        if self._asked:
            self._write(self._asked)

    def _write(self, miss: Miss) -> None:
        told: dict[str, Any] = {"text": miss.text, "state": miss.state}
        if miss.perhaps:
            told["perhaps"] = miss.perhaps
        if self._failed:
            return
        try:
            self._file.write(json.dumps(told, ensure_ascii=False) + "\n")
            self._file.flush()
        except OSError as error:
            self._failed = True
            self._on_trouble(f"What is not understood is no longer kept: {error.strerror}.")


@contextmanager
def kept_misses(path: Path, on_trouble: Callable[[str], None]) -> Iterator[MissKeeper]:
    """Yield what appends to `path`, and tells once if the disk is full.

    Raises SettingsError if the file cannot be opened.
    """
    try:
        file = open_private(path, "a")
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be written: {error.strerror}. Choose another file for --keep-misses."
        ) from None
    keeper = MissKeeper(file, on_trouble)
    try:
        yield keeper
    finally:
        keeper.finish()
        with suppress(OSError):
            file.close()


def read_misses(path: Path) -> list[Miss]:
    """Return the misses in a file that `--keep-misses` wrote; raises SettingsError."""
    advice = "Name a file that --keep-misses has written."
    try:
        lines = read_file(path, MOST_BYTES).decode("utf-8").splitlines()
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}. {advice}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} cannot be read: it is not text. {advice}") from None
    return [_read(path, number, line) for number, line in enumerate(lines, 1)]


def _read(path: Path, number: int, line: str) -> Miss:
    try:
        told = json.loads(line)
        return Miss(str(told["text"]), str(told["state"]), str(told.get("perhaps", "")))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SettingsError(
            f"{path}:{number}: found a line that --keep-misses did not write; delete it."
        ) from None
