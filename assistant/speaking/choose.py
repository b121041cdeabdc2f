"""Which voices to speak with, best first; nothing is loaded before the first sentence."""

from collections.abc import Iterable
from pathlib import Path

from assistant.errors import VoiceError
from assistant.speaking import piper_voice
from assistant.speaking.piper_voice import PiperVoice
from assistant.speaking.pyttsx3_voice import Pyttsx3Voice
from assistant.speaking.silent_voice import SilentVoice
from assistant.speaking.voice import Voice

ENGINES = ("piper", "pyttsx3", "silent")


def choose_voices(name: str | None = None) -> list[Voice]:
    """Return the voice `name` and those to fall back on.

    `name` is "piper", "pyttsx3", "silent", the path of a Piper voice (`.onnx`), or the name of a
    voice of the system; None takes the best that is installed. Raises VoiceError for an unknown
    name, naming the nearest, and for a file that is no Piper voice.
    """
    if name == "silent":
        return [SilentVoice()]
    fallback: list[Voice] = [Pyttsx3Voice(), SilentVoice()]
    if name == "pyttsx3":
        return fallback
    if name is None:
        return [PiperVoice(), *fallback] if piper_voice.installed() else fallback
    if name == "piper":
        return [PiperVoice(), *fallback]
    if name.endswith(".onnx") or Path(name).is_file():
        return [PiperVoice(Path(name).expanduser()), *fallback]
    _require(name, installed_voices())
    return [Pyttsx3Voice(name), SilentVoice()]


def installed_voices() -> list[str]:
    """Return the names of the system's voices. Raises VoiceError when it has no speech engine."""
    engine = Pyttsx3Voice()
    try:
        return engine.voices()
    finally:
        engine.close()


def _require(name: str, installed: Iterable[str]) -> None:
    """Raise VoiceError unless `name` (eSpeak's variant, "+f3", left aside) is installed."""
    import difflib

    short = {voice.lower().split("/")[-1]: voice for voice in installed}
    base = name.partition("+")[0].lower()
    if base in short or base in {voice.lower() for voice in short.values()}:
        return
    nearest = difflib.get_close_matches(base, [*ENGINES, *short], n=3, cutoff=0.3)
    raise VoiceError(
        f"No voice {name!r} is installed; the nearest are: {', '.join(nearest) or 'none'}."
    )
