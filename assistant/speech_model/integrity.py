"""Whether a speech model's files are those that were once found to work.

When a model is unpacked, and has been loaded on trial, the SHA-256 of each file is kept with it, in
the format of `sha256sum`. Reading all files again takes a fifth of a second, which every start
would cost. So the sizes and times of the files that were last found sound are kept in the user's
cache, and while those stay the same nothing is read. A model without checksums, one that the user
put there, is loaded on trial instead.
"""

import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.errors import ModelError
from assistant.files import read_text, write_whole
from assistant.folders import cache_folder

CHECKSUMS = "files.sha256"
"""In the model's folder; `sha256sum -c files.sha256` reads it too."""
MOST_REMEMBERED = 8
"""Folders whose state is kept."""

Trial = Callable[[Path], str | None]
"""Loads the model in a folder at no risk to this process, and returns what is wrong, or None."""

_log = logging.getLogger(__name__)


def quick_fault(folder: Path, trial: Trial) -> str | None:
    """Return what is wrong with the model in `folder`, or None; within milliseconds if it is known.

    What is wrong follows the model's name in a sentence ("has a damaged graph/Gr.fst").
    """
    if _remembered().get(str(folder.resolve())) == _state(folder):
        return None
    return thorough_fault(folder, trial)


def thorough_fault(folder: Path, trial: Trial) -> str | None:
    """Like `quick_fault`, but read every file, whatever is known of it."""
    state = _state(folder)  # before the files are read: a change from then on is noticed later
    wrong = _difference(folder) if has_checksums(folder) else trial(folder)
    if wrong is None:
        _remember(folder, state)
    else:
        _log.info("the speech model in %s %s", folder, wrong)
    return wrong


def has_checksums(folder: Path) -> bool:
    """Return whether checksums are kept with the model in `folder`."""
    return (folder / CHECKSUMS).exists()


def keep_checksums(folder: Path) -> None:
    """Keep the checksums of a model that works. Raises ModelError if they cannot be written."""
    lines = [f"{_digest(folder / name)}  {name}\n" for name in _names(folder)]
    if trouble := write_whole(folder / CHECKSUMS, "".join(lines).encode()):
        raise ModelError(trouble)


def _difference(folder: Path) -> str | None:
    """Return how the files differ from their checksums, or None."""
    try:
        lines = [line.split("  ", 1) for line in read_text(folder / CHECKSUMS).splitlines()]
        sums = {name: digest for digest, name in lines}
    except (OSError, ValueError):
        sums = {}
    if not sums or not all(map(str.isprintable, sums)):
        return f"has a damaged {CHECKSUMS}"
    for name, digest in sums.items():
        path = folder / name
        try:
            if not path.is_file():  # nor a pipe or a device, which would never end
                return f"has no {name}"
            if _digest(path) != digest:
                return f"has a damaged {name}"
        except OSError as error:
            return f"has a {name} that cannot be read ({error.strerror})"
    return None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _names(folder: Path) -> Iterator[str]:
    """Yield the model's files in order, relative to its folder and with forward slashes."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != CHECKSUMS:
            yield path.relative_to(folder).as_posix()


def _state(folder: Path) -> str:
    """Return a digest of the names, sizes and times of all files."""
    found = []
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            try:
                status = path.stat()
            except OSError as error:
                found.append((str(path.relative_to(folder)), error.errno, 0))
            else:
                entry = (str(path.relative_to(folder)), status.st_size, status.st_mtime_ns)
                found.append(entry)
    return hashlib.sha256(repr(sorted(found, key=str)).encode()).hexdigest()


def _memory() -> Path:
    return cache_folder() / "speech-models.json"


def _remembered() -> dict[str, str]:
    """Return the last sound state of each folder."""
    try:
        found = json.loads(read_text(_memory()))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _remember(folder: Path, state: str) -> None:
    name = str(folder.resolve())
    others = {key: value for key, value in _remembered().items() if key != name}
    kept = dict([*others.items(), (name, state)][-MOST_REMEMBERED:])
    if trouble := write_whole(_memory(), json.dumps(kept).encode()):
        _log.info("%s", trouble)
