"""Where the speech model is: the catalog, the folders to look in, and what makes a folder a model.

Nothing here downloads a model; `fetch` does. A folder that the user names is used or refused, never
silently ignored.
"""

import logging
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant._resources import resource
from assistant.errors import ModelError
from assistant.folders import data_folder
from assistant.speech_model.integrity import Trial, quick_fault, thorough_fault

MODEL_VARIABLE = "VOSK_MODEL_PATH"

# Every file that recognition with a grammar needs, and its first bytes: a download that went wrong
# often has the right name and contains HTML.
_KALDI, _FST = b"\0B<TransitionModel>", bytes.fromhex("d6fdb27e")
_NEEDED = {
    "am/final.mdl": _KALDI,
    "conf/model.conf": b"",
    "conf/mfcc.conf": b"",
    "graph/Gr.fst": _FST,
    "graph/HCLr.fst": _FST,
    "graph/phones/word_boundary.int": b"",
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ModelSource:
    """One archive of the model: the zip at `url`, or the aar of the Maven `artifact`."""

    size: int
    """Bytes."""
    sha256: str
    url: str | None = None
    artifact: str | None = None


@dataclass(frozen=True, slots=True)
class SpeechModel:
    """A model as the catalog lists it."""

    name: str
    license: str
    sources: tuple[ModelSource, ...]
    """In the order in which to try them."""

    @property
    def size(self) -> int:
        """Bytes to download."""
        return self.sources[0].size


def speech_model() -> SpeechModel:
    """Return the speech model of `models/catalog.toml`."""
    catalog = tomllib.loads((resource("models") / "catalog.toml").read_text(encoding="utf-8"))
    entry = catalog["speech"]
    sources = tuple(ModelSource(**source) for source in entry["source"])
    return SpeechModel(entry["name"], entry["license"], sources)


def find_model(explicit: Path | None = None) -> Path:
    """Return the folder of the speech model.

    It is looked for in this order: `explicit`, $VOSK_MODEL_PATH, the checkout's `models/`, the
    user's data folder. Raises ModelError when it is nowhere, or when one of the first two is given
    and is not a model.
    """
    if explicit is not None:
        return _named(explicit, "--model")
    if from_environment := os.environ.get(MODEL_VARIABLE):
        return _named(Path(from_environment), f"${MODEL_VARIABLE}")
    for folder in _own_folders():
        if (wrong := fault(folder)) is None:
            return folder
        _log.info("no speech model: %s %s", folder, wrong)
    raise ModelError("There is no speech model on this computer yet; type `massage setup`.")


def sound_model(explicit: Path | None, trial: Trial, *, certainly: bool = False) -> Path:
    """Return what `find_model` finds, if it is undamaged; else raise ModelError.

    With `certainly`, all its files are read and it is loaded on trial, whatever is known of it.
    """
    folder = find_model(explicit)
    if certainly:
        wrong = thorough_fault(folder, trial) or trial(folder)
    else:
        wrong = quick_fault(folder, trial)
    if wrong is None:
        return folder
    named_by = "--model" if explicit else f"${MODEL_VARIABLE}"
    if folder.resolve() in (own.resolve() for own in _own_folders()):
        advice = "type `massage setup` to fetch it again"
    else:
        advice = f"replace it, or leave out {named_by} to use the one that `massage setup` fetches"
    raise ModelError(f"The speech model in {folder} {wrong}; {advice}.")


def install_folder() -> Path:
    """Return where a fetched model goes: in a checkout `models/`, else the user's data folder."""
    return next(_own_folders())


def fault(folder: Path) -> str | None:
    """Return what is wrong with `folder` as a speech model ("has no ..."), or None."""
    if not folder.is_dir():
        return "is not a folder" if folder.exists() else "does not exist"
    for path in folder.rglob("*"):
        if not (path.is_file() or path.is_dir()):  # the library would wait for it for good
            name = path.relative_to(folder).as_posix()
            return f"has a {name} that is a pipe, a device, or a link to nothing"
    for name, beginning in _NEEDED.items():
        try:
            with (folder / name).open("rb") as file:
                found = file.read(max(len(beginning), 1))
        except FileNotFoundError:
            return f"has no {name}"
        except OSError as error:
            return f"has a {name} that cannot be read ({error.strerror})"
        if not found or not found.startswith(beginning):
            return f"has a broken {name}"
    return None


def _named(folder: Path, named_by: str) -> Path:
    if wrong := fault(folder):
        raise ModelError(
            f"{named_by} is not a speech model: {folder} {wrong}; "
            "leave it out to use the one that `massage setup` fetches."
        )
    return folder


def _own_folders() -> Iterator[Path]:
    name, models = speech_model().name, resource("models")
    if models.parent.name != "_data":  # a wheel's `models` is not for writing
        yield models / name
    yield data_folder() / "models" / name
