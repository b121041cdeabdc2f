"""`massage`: talk with microphone and speaker; without a microphone, type."""

import argparse
import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.commands.contract import Output
from assistant.commands.options import SHARED, add_shared
from assistant.config import load_settings
from assistant.errors import DeviceError

if TYPE_CHECKING:
    from assistant.audio.sound_card import Probe

_log = logging.getLogger(__name__)

ABOUT = "A hands-free voice coach for self facial massage. Without a command: talk."
NOTHING_TO_USE = (
    "There is no microphone to hear you and no terminal to type in: connect a microphone, "
    "type `massage chat` in a terminal, or try `massage demo`."
)
TYPE_INSTEAD = (
    "There is no microphone, so type. To talk, connect one and start again; `massage doctor` helps."
)


@dataclass(frozen=True)
class Options:
    """What a conversation can be told."""

    settings: Mapping[str, str] = field(default_factory=dict)
    transcript: Path | None = None
    keep_misses: Path | None = None


def add_arguments(to: argparse.ArgumentParser) -> None:
    """Add all shared options."""
    add_shared(to, *SHARED)


def run(options: Options, out: Output) -> int:
    """Talk with what there is. Raises DeviceError with neither a microphone nor a terminal."""
    from assistant.audio.sound_card import probe
    from assistant.commands.conversation import converse_typed
    from assistant.commands.setup import ensure_model

    found, terminal = probe(), sys.stdin.isatty()
    _log.info("microphone: %s; speaker: %s", found.microphone, found.speaker)
    for trouble in found.troubles:
        _log.info("%s", trouble)
    if not (found.microphone or terminal):
        raise DeviceError(NOTHING_TO_USE)
    if found.microphone:
        ensure_model(options.settings, out)
    elif not found.speaker:
        settings, notes = load_settings(options.settings), (TYPE_INSTEAD,)
        converse_typed(settings, options.transcript, notes, options.keep_misses)
        return 0
    _talk(options, found, terminal)
    return 0


def _talk(options: Options, found: "Probe", terminal: bool) -> None:
    """Converse through the sound card; a terminal can be typed in as well."""
    from concurrent.futures import ThreadPoolExecutor

    from assistant.assembly import make_endpointer, make_speech_input
    from assistant.audio.device import Device
    from assistant.audio.keyboard import DeviceWithKeyboard, TypedLines
    from assistant.audio.sound_card import open_sound_card
    from assistant.commands.conversation import converse
    from assistant.hearing.threaded_input import ThreadedSpeechInput

    settings = load_settings(options.settings)
    with ThreadPoolExecutor(1, "speech model") as loader:
        # Loaded while the devices are opened. Its errors are raised where speech is first heard.
        endpointer = loader.submit(make_endpointer, settings).result if found.microphone else None
        device: Device = open_sound_card(bool(found.microphone), bool(found.speaker))
        if terminal:
            device = DeviceWithKeyboard(device, TypedLines(sys.stdin))
        speech_input = (
            ThreadedSpeechInput(lambda: make_speech_input(endpointer())) if endpointer else None
        )
        notes = found.troubles if found.microphone else (TYPE_INSTEAD,)
        keep = options.keep_misses
        converse(settings, device, speech_input, options.transcript, notes, keep_misses=keep)
