"""What works on this computer, what does not, and what to do about it."""

import argparse
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.config import load_settings
from assistant.errors import MassageError

if TYPE_CHECKING:
    from assistant.audio.sound_card import CardInfo

ENOUGH_DISK = 300_000_000
"""Bytes: the speech model and a full cache of clips."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One part and whether it works."""

    part: str
    good: bool
    text: str


def examine(options: argparse.Namespace) -> Iterator[Finding]:
    """Yield a finding on microphone, speaker, speech model, voice and disk."""
    from assistant.audio.sound_card import probe

    found = probe()
    yield _device("microphone", found.microphone, found.troubles, "type `massage chat`")
    yield _device("speaker", found.speaker, found.troubles, "read along in the terminal")
    settings = load_settings(vars(options))
    yield _model(settings.model)
    yield _voice(settings.voice)
    free = shutil.disk_usage(Path.home()).free
    enough = free > ENOUGH_DISK
    advice = "" if enough else "; make some room, 300 MB will do"
    yield Finding("disk", enough, f"{free / 1e9:.1f} GB free{advice}")


def _device(part: str, card: "CardInfo | None", troubles: tuple[str, ...], else_do: str) -> Finding:
    if card is not None:
        return Finding(part, True, f"{card.name}, {card.rate} Hz")
    why = next((trouble for trouble in troubles if part in trouble), "none was found.")
    return Finding(part, False, f"{why} Until then, {else_do}.")


def _model(named: str | None) -> Finding:
    from assistant.hearing.model_store import find_model

    try:
        return Finding("speech model", True, str(find_model(Path(named) if named else None)))
    except MassageError as error:
        return Finding("speech model", False, str(error))


def _voice(named: str | None) -> Finding:
    from assistant.speaking.choose import choose_voices
    from assistant.speaking.renderer import Renderer

    problems: list[str] = []
    try:
        renderer = Renderer(choose_voices(named), None, problems.append)
        clip = renderer.wait("This is how I sound.")
        key = renderer.voice.key
        renderer.close()
    except MassageError as error:
        return Finding("voice", False, str(error))
    good = clip.samples is not None
    return Finding("voice", good, "; ".join([key, *problems]))
