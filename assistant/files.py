"""Small files of the user's own: written whole or not at all, set aside when they are damaged."""

import os
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: bytes) -> str:
    """Write `content`, or, where the disk is full or read-only, leave what was there.

    Returns a sentence that says why it could not be written; empty when it was.
    """
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(content)
        aside.replace(path)
    except OSError as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        return f"{path} cannot be written: {error.strerror}. Make room, or see who owns the folder."
    return ""


def aside_of(path: Path) -> Path:
    """Return where a damaged `path` is put."""
    return path.with_suffix(".damaged")


def set_aside(path: Path) -> Path:
    """Rename a damaged file and return its new name; it stays where it is if it is not ours."""
    try:
        return path.replace(aside_of(path))
    except OSError:
        return path
