"""What works on this computer, what does not, and what to do about it."""

import argparse
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.config import Settings, load_settings
from assistant.errors import MassageError, ModelError

if TYPE_CHECKING:
    from assistant.audio.clip import Clip
    from assistant.audio.sound_card import CardInfo

ENOUGH_DISK = 300_000_000
"""Bytes: the speech model and a full cache of clips."""
WANTED = "next"
NO_ECHO_DB, STRONG_ECHO_DB = -40.0, 6.0
"""Gain from speaker to microphone: below, it is as with headphones; above, commands drown in it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One part and whether it works."""

    part: str
    good: bool
    text: str


def examine(options: argparse.Namespace) -> Iterator[Finding]:
    """Yield a finding on microphone, speaker, speech model, voice and disk.

    Where there is a microphone, listen to it for five seconds as well, and to the echo.
    """
    from assistant.audio.sound_card import probe

    found = probe()
    yield _device("microphone", found.microphone, found.troubles, "type `massage chat`")
    yield _device("speaker", found.speaker, found.troubles, "read along in the terminal")
    settings = load_settings(vars(options))
    yield (model := _model(settings.model))
    yield _voice(settings.voice)
    free = shutil.disk_usage(Path.home()).free
    enough = free > ENOUGH_DISK
    advice = "" if enough else "; make some room, 300 MB will do"
    yield Finding("disk", enough, f"{free / 1e9:.1f} GB free{advice}")
    if found.microphone and model.good:
        yield from _listening(settings, bool(found.speaker))


def _listening(settings: Settings, speaker: bool) -> Iterator[Finding]:
    """Play a sentence and hear how it comes back; then hear whether "next" gets through."""
    from assistant.assembly import load_speech_model, make_interpreter, make_recognizers
    from assistant.audio.sound_card import open_sound_card
    from assistant.commands.listening import judged, listen, play_and_listen
    from assistant.hearing.endpointer import Endpointer
    from assistant.library.library import load_library
    from assistant.library.shipped import load_replies

    try:
        listener = Endpointer(*make_recognizers(load_speech_model(settings)))
    except ModelError as error:  # all files are there, and yet it cannot be loaded
        yield Finding("listening", False, str(error))
        return
    grammar = make_interpreter(load_library()).grammar("guiding")
    listener.expect(grammar)
    clip = _spoken(settings.voice, load_replies().text("help guiding"))
    words = clip.for_warming_up if clip is not None else None
    if words is not None:
        listener.warm_up(words)
    with closing(open_sound_card(True, speaker)) as device:
        if clip is not None and speaker:
            yield _echo(*play_and_listen(device, clip).delay_and_gain())
        yield Finding("listening", True, f"for five seconds: say “{WANTED}” now.")
        for part, good, text in judged(listen(device, listener), WANTED):
            yield Finding(part, good, text)


def _echo(delay: float, strength: float) -> Finding:
    if strength < NO_ECHO_DB:
        return Finding("echo", True, "none: the microphone does not hear the speaker.")
    advice = " Turn the speaker down or use headphones." if strength > STRONG_ECHO_DB else ""
    text = f"{strength:.0f} dB after {delay * 1000:.0f} ms.{advice}"
    return Finding("echo", strength <= STRONG_ECHO_DB, text)


def _spoken(voice: str | None, text: str) -> "Clip | None":
    from assistant.speaking.choose import choose_voices
    from assistant.speaking.renderer import Renderer

    renderer = Renderer(choose_voices(voice), None, lambda _: None)
    with closing(renderer):
        clip = renderer.wait(text)
    return clip if clip.samples is not None else None


def _device(part: str, card: "CardInfo | None", troubles: tuple[str, ...], else_do: str) -> Finding:
    if card is not None:
        return Finding(part, True, f"{card.name}, {card.rate} Hz")
    why = next((trouble for trouble in troubles if part in trouble), "none was found.")
    return Finding(part, False, f"{why} Until then, {else_do}.")


def _model(named: str | None) -> Finding:
    from assistant.speech_model.store import find_model

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
        name = " ".join(renderer.voice.key.split()[:2])  # what follows tells versions apart
        renderer.close()
    except MassageError as error:
        return Finding("voice", False, str(error))
    good = clip.samples is not None
    return Finding("voice", good, "; ".join([name, *problems]))
