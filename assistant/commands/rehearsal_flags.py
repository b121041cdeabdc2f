"""What the flags of `massage rehearse` mean, and which of them go together."""

import argparse
import math
from pathlib import Path

from assistant.audio.device import RATE_IN, Samples
from assistant.errors import AudioFileError, SettingsError
from assistant.rehearsal.acoustics import LAPTOP_ON_A_SHELF, Acoustics, Noise

USUAL_SNR = 10.0
"""dB: a tap that runs while somebody speaks beside it."""
LOUDEST = 60
"""dB, up or down; beyond that, one of two sounds is not there at all."""
_OF_THE_ROOM = ("snr", "noise", "echo")


def check_flags(options: argparse.Namespace) -> None:
    """Raise SettingsError for flags that do not go together."""
    by_voice, record = options.by == "voice", options.record is not None
    of_the_room = [flag for flag in _OF_THE_ROOM if getattr(options, flag) is not None]
    if record and options.files:
        raise SettingsError("--record writes a script; leave the names of other scripts out.")
    if not record and not options.files:
        raise SettingsError("Name the scripts to rehearse, or one to write with --record.")
    if record and of_the_room:
        raise SettingsError(f"--{of_the_room[0]} belongs to scripts; leave it out with --record.")
    if of_the_room and not by_voice:
        raise SettingsError(f"--{of_the_room[0]} is something to hear; add --by voice.")
    if options.snr is not None and options.noise is None:
        raise SettingsError("--snr needs a noise; name a WAV file with --noise.")
    if options.mic and not (record and by_voice):
        raise SettingsError("--mic is what --record FILE --by voice hears; add both.")


def acoustics(options: argparse.Namespace) -> Acoustics:
    """Return the room that the flags describe; raises SettingsError and AudioFileError."""
    echo: float | None = LAPTOP_ON_A_SHELF
    if options.echo is not None:
        echo = None if options.echo == "off" else _decibels("echo", options.echo)
    snr = USUAL_SNR if options.snr is None else _decibels("snr", options.snr)
    return Acoustics(echo, Noise(_noise(options.noise), snr) if options.noise else None)


def _noise(path: Path) -> Samples:
    from assistant.audio.wav_files import read_wav

    samples = read_wav(path, RATE_IN)
    if not samples.any():
        raise AudioFileError(f"{path} holds only silence; give a WAV file with noise in it.")
    return samples


def _decibels(flag: str, value: str) -> float:
    try:
        decibels = float(value)
    except ValueError:
        decibels = math.nan
    if not abs(decibels) <= LOUDEST:
        also = ", or off" if flag == "echo" else ""
        raise SettingsError(
            f"--{flag}: found '{value}'; allowed: decibels from -{LOUDEST} to {LOUDEST}{also}."
        )
    return decibels
