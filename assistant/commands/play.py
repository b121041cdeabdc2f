"""`massage play`: the session with WAV files for devices, faster than real time."""

import argparse
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from assistant.commands.contract import Output
from assistant.commands.options import SHARED, add_shared
from assistant.config import load_settings

ABOUT = "hold a session with WAV files for microphone and speaker"


@dataclass(frozen=True)
class Options:
    """The two files, and what a conversation can be told."""

    mic: Path
    speaker: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    transcript: Path | None = None
    keep_misses: Path | None = None


def add_arguments(to: argparse.ArgumentParser) -> None:
    """Add the files and all shared options."""
    to.add_argument("--mic", type=Path, required=True, metavar="IN.wav", help="what is heard")
    to.add_argument(
        "--speaker", type=Path, required=True, metavar="OUT.wav", help="where to write what is said"
    )
    add_shared(to, *SHARED)


def run(options: Options, out: Output) -> int:
    """Hear one file and write the other. Raises AudioFileError for a file that cannot be used."""
    from assistant.commands.setup import ensure_model

    ensure_model(options.settings, out)
    from assistant.assembly import make_endpointer, make_speech_input
    from assistant.audio.wav_files import WavDevice
    from assistant.commands.conversation import converse

    settings = load_settings(options.settings)
    with closing(WavDevice(options.mic, options.speaker)) as device:
        speech_input = make_speech_input(make_endpointer(settings))
        keep = options.keep_misses
        converse(
            settings, device, speech_input, options.transcript, keep_misses=keep, remembers=False
        )
        device.fill()
    return 0
