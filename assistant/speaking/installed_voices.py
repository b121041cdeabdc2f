"""The voices on this computer, by name: Piper's models and the system's own voices."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.errors import VoiceError
from assistant.nearest import nearest
from assistant.speaking import piper_models
from assistant.speaking.pyttsx3_voice import Pyttsx3Voice, SystemVoice

Engine = Literal["piper", "pyttsx3"]


@dataclass(frozen=True, slots=True)
class VoiceInfo:
    """A voice as the user sees it."""

    name: str
    """What `--voice` takes."""
    engine: Engine
    language: str
    """As the engine writes it, such as en-us or en_US; empty if it does not say."""
    title: str
    """The engine's own name for it; for a Piper voice, its file."""

    @property
    def english(self) -> bool:
        """Whether it can pronounce the shipped sentences."""
        return self.language.lower().startswith("en")


def piper_voices() -> list[VoiceInfo]:
    """Return the Piper voices; none without the `neural` extra."""
    if not piper_models.engine_installed():
        return []
    return [
        VoiceInfo(piper_models.name_of(model), "piper", piper_models.language_of(model), str(model))
        for model in piper_models.all_models()
    ]


def system_voices() -> list[VoiceInfo]:
    """Return the system's voices. Raises VoiceError when it has no speech engine."""
    return [_info(voice) for voice in _found()]


def require_system_voice(name: str) -> None:
    """Raise VoiceError, suggesting similar names, unless the system has a voice `name`.

    `name` may be its id, the id's last part or its name; eSpeak's variant ("+f3") is ignored.
    """
    base = name.partition("+")[0].lower()
    known = _found()
    names = {called.lower() for voice in known for called in (voice.id, voice.short, voice.name)}
    if base not in names:
        near = _nearest(base, [*piper_voices(), *map(_info, known)])
        raise VoiceError(
            f"No voice {name!r} is installed; "
            + (f"the nearest are: {', '.join(near)}." if near else "`massage voices` lists all.")
        )


def _found() -> list[SystemVoice]:
    engine = Pyttsx3Voice()
    try:
        return engine.voices()
    finally:
        engine.close()


def _info(voice: SystemVoice) -> VoiceInfo:
    return VoiceInfo(voice.short, "pyttsx3", voice.language, voice.name)


def _nearest(name: str, known: Iterable[VoiceInfo]) -> list[str]:
    """Return up to three voices with names similar to `name`, the English ones first."""
    names: list[tuple[str, str]] = []
    for voice in sorted(known, key=lambda voice: not voice.english):
        called = f"{voice.name} {Path(voice.title).stem}".lower()
        parts = (voice.name.lower(), *re.split(r"[^\w]+|_", called))
        names += [(part, voice.name) for part in parts]
    return nearest(name, names, limit=3, whole=True)
