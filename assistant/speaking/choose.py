"""Which voices to use, best first. No engine is loaded before the first sentence."""

from pathlib import Path

from assistant.speaking import piper_models
from assistant.speaking.piper_voice import PiperVoice
from assistant.speaking.pyttsx3_voice import Pyttsx3Voice
from assistant.speaking.silent_voice import SilentVoice
from assistant.speaking.voice import Voice


def choose_voices(name: str | None = None) -> list[Voice]:
    """Return the voice `name`, followed by those to fall back on or change to.

    `name` is "piper", "pyttsx3", "silent", the path of a Piper voice (`.onnx`), or the name of an
    installed voice; None means the best that is installed. Raises VoiceError for an unknown name,
    suggesting similar ones, and for a file that is not a Piper voice.
    """
    if name == "silent":
        return [SilentVoice()]
    neural: list[Voice] = [PiperVoice()] if piper_models.installed() else []
    if name is None:
        return [*neural, Pyttsx3Voice(), SilentVoice()]
    if name == "piper":
        return [*(neural or [PiperVoice()]), Pyttsx3Voice(), SilentVoice()]
    if name == "pyttsx3":
        return [Pyttsx3Voice(), *neural, SilentVoice()]
    if model := _model(name):
        return [PiperVoice(model), Pyttsx3Voice(), SilentVoice()]
    from assistant.speaking.installed_voices import require_system_voice

    require_system_voice(name)
    return [Pyttsx3Voice(name), *neural, SilentVoice()]


def _model(name: str) -> Path | None:
    """Return the file of the Piper voice with that path or name; None if there is none."""
    if name.endswith(".onnx") or Path(name).is_file():
        return Path(name).expanduser()
    models = {piper_models.name_of(model).lower(): model for model in piper_models.all_models()}
    return models.get(name.lower())
