"""Unpacks a speech model's archive into the model's folder.

Promises: nothing is written outside that folder, and a model that is already there stays until the
new one is complete and has been loaded on trial.
"""

import logging
import lzma
import shutil
import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath, PureWindowsPath

from assistant.errors import ModelError
from assistant.speech_model.integrity import Trial, keep_checksums, thorough_fault
from assistant.speech_model.store import fault

_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    RuntimeError,
    ValueError,
    LookupError,
    OverflowError,
)
"""What `zipfile` raises for an archive that is truncated, damaged, encrypted or unusual."""

_log = logging.getLogger(__name__)


def install(archive: Path, destination: Path, work: Path, trial: Trial) -> None:
    """Unpack `archive` (zip or aar) in the folder `work` and move the model to `destination`.

    `work` and `destination` must be on one file system. `trial` must find nothing wrong with the
    model, whose checksums are then kept with it. Raises ModelError when the archive is
    not a usable model or the disk is too full, OSError for other errors of the disk.
    """
    fresh, old = work / "unpacked", work / "old"
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        _unpack(archive, fresh)
        if wrong := fault(fresh) or trial(fresh):
            raise ModelError(f"{archive} is not a usable speech model: it {wrong}.")
        keep_checksums(fresh)
        _swap(fresh, destination, old)
        thorough_fault(destination, trial)  # so that the first start need not read it all
        _log.info("installed %s as %s", archive.name, destination)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def restore(destination: Path, work: Path) -> None:
    """Put the old model back if a swap was interrupted between its two renames."""
    old = work / "old"
    if old.exists() and not destination.exists():
        old.rename(destination)
    shutil.rmtree(old, ignore_errors=True)


def _swap(fresh: Path, destination: Path, old: Path) -> None:
    if destination.exists():
        destination.rename(old)
    try:
        fresh.rename(destination)
    finally:
        restore(destination, old.parent)


def _unpack(archive: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [member for member in opened.infolist() if not member.is_dir()]
            for member in members:
                _refuse_escape(archive, member)
            root = _model_root(archive, members)
            wanted = [member for member in members if member.filename.startswith(root)]
            _check_space(folder.parent, sum(member.file_size for member in wanted))
            for member in wanted:
                target = folder / member.filename.removeprefix(root)
                target.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(member) as packed, target.open("wb") as unpacked:
                    shutil.copyfileobj(packed, unpacked)
    except _UNREADABLE as error:
        raise ModelError(f"{archive} is not a complete zip or aar archive ({error}).") from error


def _model_root(archive: Path, members: list[zipfile.ZipInfo]) -> str:
    """Return the folder of the model in the archive, with its final slash, or ""."""
    for member in members:
        root = member.filename.removesuffix("am/final.mdl")
        if root != member.filename and (not root or root.endswith("/")):
            return root
    raise ModelError(f"{archive} is not a Vosk speech model: there is no am/final.mdl in it.")


def _refuse_escape(archive: Path, member: zipfile.ZipInfo) -> None:
    # Windows takes "C:x" and "\\x" for absolute and "\\" for a separator, so both rules apply.
    paths = PurePosixPath(member.filename), PureWindowsPath(member.filename)
    if any(path.anchor or ".." in path.parts for path in paths):
        raise ModelError(
            f"{archive} is refused: its member {member.filename!r} points outside the archive."
        )
    if stat.S_ISLNK(member.external_attr >> 16):
        raise ModelError(f"{archive} is refused: its member {member.filename!r} is a link.")


def _check_space(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise ModelError(
            f"The disk is too full for the speech model: unpacking takes {needed / 1e6:,.0f} MB, "
            f"{free / 1e6:,.0f} MB are free at {folder}."
        )
