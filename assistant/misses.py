"""Keeps what the user said and the coach did not understand, if the user asks for it.

A line of JSON each: `text`, `state`, and `perhaps` where the coach asked back and the user denied
it. Text only, for the user alone to read (0600).
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from assistant.dialogue.state import MODES
from assistant.errors import SettingsError
from assistant.transcript import TranscriptEntry


@dataclass(frozen=True, slots=True)
class Miss:
    """A sentence that was not understood, and what it was taken for, if it was asked about."""

    text: str
    state: str
    perhaps: str = ""


@dataclass
class MissKeeper:
    """Finds the misses among the entries of a transcript, as they come."""

    file: TextIO
    mode: str = MODES[0]
    asked: Miss | None = field(default=None)

    def add(self, entry: TranscriptEntry) -> None:
        """Take one entry; write a line if it shows that something was not understood."""
        if "mode" in entry:
            self.mode = entry["mode"]
        if "user" not in entry:
            return
        names = [intent["intent"] for intent in entry["intents"]]
        if self.asked and names[:1] != ["yes"]:
            self._write(self.asked)
        self.asked = None
        if perhaps := entry.get("perhaps"):
            self.asked = Miss(entry["user"], self.mode, perhaps[0]["intent"])
        elif not names and entry["user"]:
            self._write(Miss(entry["user"], self.mode))

    def _write(self, miss: Miss) -> None:
        told: dict[str, Any] = {"text": miss.text, "state": miss.state}
        if miss.perhaps:
            told["perhaps"] = miss.perhaps
        self.file.write(json.dumps(told, ensure_ascii=False) + "\n")
        self.file.flush()


@contextmanager
def kept_misses(path: Path) -> Iterator[MissKeeper]:
    """Yield what appends to `path`; raises SettingsError if that cannot be written."""
    try:
        with open(path, "a", encoding="utf-8", opener=_for_the_user_alone) as file:
            yield MissKeeper(file)
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be written: {error.strerror}. Choose another file for --keep-misses."
        ) from None


def read_misses(path: Path) -> list[Miss]:
    """Return the misses in a file that `--keep-misses` wrote; raises SettingsError."""
    from assistant.files import read_file

    misses = []
    try:
        lines = read_file(path, MOST_BYTES).decode("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} cannot be read: {error}. Name a file that --keep-misses has written."
        ) from None
    for number, line in enumerate(lines, 1):
        try:
            told = json.loads(line)
            misses.append(Miss(str(told["text"]), str(told["state"]), str(told.get("perhaps", ""))))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise SettingsError(
                f"{path}:{number}: found a line that --keep-misses did not write; delete it."
            ) from None
    return misses


MOST_BYTES = 16 * 2**20
"""Of misses: years of them."""


def _for_the_user_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
