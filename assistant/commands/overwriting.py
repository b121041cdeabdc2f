"""Refuses to overwrite what a command reads: a recording cannot be made again."""

import argparse
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from assistant.config import SETTING_NAMES, load_settings
from assistant.errors import SettingsError
from assistant.files import identity

READ = ("file", "files", "mic", "noise", "paths", "sentences", "source")
"""Arguments, by name, that name files to read. The settings do so, too."""
WRITTEN = ("speaker", "transcript", "record", "score", "out", "folder", "keep_misses", "log")
"""Arguments that name files to write; of `folder`, the files of `massage demo` in it."""
IN_FOLDER = ("demo.wav", "demo.jsonl")
_READ_SETTINGS = ("bed", "voice")
_STANDARD_INPUT = 0


def refuse_overwriting(parsed: argparse.Namespace) -> None:
    """Raise SettingsError if a file is to be written that is also read, or is written twice.

    However the files are named or linked. Call this before anything is opened for writing.
    """
    written = list(_written(parsed))
    if not written:
        return
    read = {identity(path) for path in _read(parsed)} | {_standard_input()}
    seen: dict[object, str] = {}
    for option, path in written:
        if (file := identity(path)) is None:
            continue
        if file in read:
            raise SettingsError(
                f"{option} would overwrite {path}, which is also read; choose another file."
            )
        if file in seen:
            raise SettingsError(
                f"{seen[file]} and {option} would both write {path}; choose another file for one."
            )
        seen[file] = option


def _written(parsed: argparse.Namespace) -> Iterator[tuple[str, Path]]:
    """Yield the option and the path of each file to write."""
    for name in WRITTEN:
        path: Path | None = getattr(parsed, name, None)
        if path is not None:
            for each in [path / file for file in IN_FOLDER] if name == "folder" else [path]:
                yield f"--{name.replace('_', '-')}", each


def _read(parsed: argparse.Namespace) -> Iterator[Path]:
    for name in READ:
        given = getattr(parsed, name, None) or []
        yield from given if isinstance(given, list) else [given]
    with suppress(SettingsError):  # the command will raise it, if it needs the settings
        settings = load_settings({name: getattr(parsed, name, None) for name in SETTING_NAMES})
        named = [getattr(settings, name) for name in _READ_SETTINGS]
        yield from (Path(path).expanduser() for path in named if path)


def _standard_input() -> object:
    """Return the identity of the file that standard input comes from, if any."""
    with suppress(OSError):
        status = os.fstat(_STANDARD_INPUT)
        return (status.st_dev, status.st_ino)
    return None
