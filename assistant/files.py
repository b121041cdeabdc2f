"""The one way to read and write small files that belong to the user.

Promises: reading ends soon, whatever is in the place of the file; a crash or a power cut leaves the
old file or the new one, never half of it; what is written can be read by the user alone; a disk
that is full or read-only is reported, not raised.
"""

import errno
import os
import stat
import tempfile
import time
from collections.abc import Hashable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Literal, TextIO

MOST_BYTES = 1_000_000
"""No file that a person writes by hand comes near it."""

_UNFINISHED = ".unfinished"
_LEFT_BEHIND_SECONDS = 3600.0
"""No write takes this long: an older unfinished file belongs to a process that was killed."""


def read_file(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return what is in `path`; raises OSError if it is not a file, or has more than `most` bytes.

    A pipe or a device in its place would keep the program waiting, or fill its memory.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError(errno.EINVAL, "A pipe or a device, not a file", str(path))
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return content


def read_text(path: Path) -> str:
    """Return the text in `path`, with or without a byte order mark; else like `read_file`.

    Raises UnicodeDecodeError if it is not UTF-8.
    """
    return read_file(path).decode("utf-8-sig")


def open_private(path: Path, mode: Literal["w", "a"]) -> TextIO:
    """Open a text file for writing; a new one can be read by the user alone. Raises OSError."""
    return open(path, mode, encoding="utf-8", opener=_for_the_user_alone)


def leftovers_of(path: Path) -> list[Path]:
    """Return unfinished writes of `path` by processes that were killed."""
    return [
        *path.parent.glob(f".{path.name}.*{_UNFINISHED}"),
        *path.parent.glob(f"{path.name}.[0-9]*"),
    ]


def write_whole(path: Path, content: bytes) -> str:
    """Replace `path` by `content`; where that is not possible, leave what was there.

    Several threads and processes may write the same file: the last one to finish wins. Returns a
    sentence that says why the file could not be written; empty when it was.
    """
    unfinished: Path | None = None
    try:
        path.parent.mkdir(0o700, parents=True, exist_ok=True)
        _remove_left_behind(path.parent)
        # mkstemp creates a file that only its owner can read, and `replace` keeps that.
        handle, name = tempfile.mkstemp(_UNFINISHED, f".{path.name}.", path.parent)
        unfinished = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)  # or the new name could reach the disk before the bytes do
        unfinished.replace(path)
    except OSError as error:
        if unfinished:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
        return (
            f"{path} cannot be written: {error.strerror}. "
            "Free some disk space, or check who owns the folder."
        )
    return ""


def same_file(one: Path, other: Path) -> bool:
    """Whether both are the same file, under whatever names and links; never for a device."""
    return identity(one) is not None and identity(one) == identity(other)


def identity(path: Path) -> Hashable | None:
    """Return what tells one file from another; None for folders, pipes and devices."""
    try:
        status = path.stat()
    except OSError:  # not there yet
        return os.path.normcase(os.path.realpath(path))
    return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else None


def aside_of(path: Path) -> Path:
    """Return the name under which a damaged `path` is kept."""
    return path.with_suffix(".damaged")


def set_aside(path: Path) -> Path:
    """Rename a damaged file and return its new name; if that is not allowed, return `path`."""
    try:
        return path.replace(aside_of(path))
    except OSError:
        return path


@lru_cache(maxsize=64)
def _remove_left_behind(folder: Path) -> None:
    """Delete unfinished files of killed processes; once per folder, since a cache can be large."""
    for file in folder.glob(f".*{_UNFINISHED}"):
        with suppress(OSError):
            if time.time() - file.stat().st_mtime > _LEFT_BEHIND_SECONDS:
                file.unlink()


def _for_the_user_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
