"""Where the speech model is: the catalog, the places a model can lie, and what makes a folder one.

Nothing here downloads (`model_fetch` does) or loads a model. A path that the user names is taken
or refused, never silently passed over.
"""

import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant._resources import resource
from assistant.errors import ModelError

MODEL_VARIABLE = "VOSK_MODEL_PATH"

# Every file that recognition within a grammar cannot do without, and how it begins: a download
# that went wrong is often of the right name and full of HTML.
_KALDI, _FST = b"\0B<TransitionModel>", bytes.fromhex("d6fdb27e")
_NEEDED = {
    "am/final.mdl": _KALDI,
    "conf/model.conf": b"",
    "conf/mfcc.conf": b"",
    "graph/Gr.fst": _FST,
    "graph/HCLr.fst": _FST,
    "graph/phones/word_boundary.int": b"",
}


@dataclass(frozen=True, slots=True)
class ModelSource:
    """One archive of the model: the zip at a `url`, or the aar of a Maven `artifact`."""

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
    """In the order in which they are tried."""

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

    Looked up in this order: `explicit`, $VOSK_MODEL_PATH, the checkout's `models/`, the user's data
    folder. Raises ModelError when there is none, or when one of the first two is given and is none.
    """
    if explicit is not None:
        return _named(explicit, "--model")
    if from_environment := os.environ.get(MODEL_VARIABLE):
        return _named(Path(from_environment), f"${MODEL_VARIABLE}")
    for folder in _own_folders():
        if fault(folder) is None:
            return folder
    raise ModelError("There is no speech model on this computer yet; type `massage setup`.")


def install_folder() -> Path:
    """Return where a fetched model goes: into the checkout, else into the user's data folder."""
    return next(_own_folders())


def fault(folder: Path) -> str | None:
    """Say what keeps `folder` from being a speech model, or return None when it is one."""
    if not folder.is_dir():
        return "is no folder" if folder.exists() else "does not exist"
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
            f"{named_by} is no speech model: {folder} {wrong}; "
            "leave it out to use the one that `massage setup` fetches."
        )
    return folder


def _own_folders() -> Iterator[Path]:
    from platformdirs import user_data_path

    name, models = speech_model().name, resource("models")
    if models.parent.name != "_data":  # inside a wheel, `models` is no place to write to
        yield models / name
    yield user_data_path("massage-assistant", appauthor=False) / "models" / name
