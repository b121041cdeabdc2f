"""`massage rehearse`: performs dialogue scripts and compares, or records one."""

import argparse
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.commands.contract import Output
from assistant.commands.options import add_shared
from assistant.config import load_settings
from assistant.errors import AudioFileError, MassageError, SettingsError

if TYPE_CHECKING:
    from assistant.audio.device import Samples
    from assistant.rehearsal.acoustics import Acoustics

ABOUT = "perform dialogue scripts and compare"
USUAL_SNR = 10.0
"""dB: a person speaking next to a running tap."""
LONGEST_NOISE_SECONDS = 600.0
"""Only the beginning of a longer noise is used: all of it is kept in memory."""
LOUDEST = 60
"""dB, up or down; beyond that, one of the two sounds cannot be heard at all."""


@dataclass(frozen=True)
class Options:
    """The scripts to perform or the one to record, and the room for performing by voice."""

    files: tuple[Path, ...] = ()
    by: str = "text"
    echo: str | None = None
    noise: Path | None = None
    snr: str | None = None
    record: Path | None = None
    mic: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def by_voice(self) -> bool:
        """Whether the user is heard rather than read."""
        return self.by == "voice"


def add_arguments(to: argparse.ArgumentParser) -> None:
    """Add the scripts, the recording, the room and how the coach sounds."""
    to.add_argument("files", nargs="*", type=Path, metavar="FILE.dialogue")
    to.add_argument("--by", choices=("text", "voice"), default="text")
    to.add_argument(
        "--echo", metavar="DB", help="by voice: how loud the coach is at the microphone, or off"
    )
    to.add_argument("--noise", type=Path, metavar="FILE", help="by voice: a WAV file, repeated")
    to.add_argument(
        "--snr", metavar="DB", help=f"by voice: the user above the noise ({USUAL_SNR:.0f})"
    )
    to.add_argument(
        "--record", type=Path, metavar="FILE", help="hold a conversation and write its script"
    )
    to.add_argument(
        "--mic", type=Path, metavar="IN.wav", help="with --record --by voice: hear this recording"
    )
    add_shared(to, "model", "voice", "rate", "volume", "bed")


def run(options: Options, out: Output) -> int:
    """Perform each script and print what differs, or record one; 1 when a script fails."""
    _check(options)
    if options.by_voice:
        from assistant.commands.setup import ensure_model

        ensure_model(options.settings, out)
    if options.record:
        from assistant.commands.record_script import record

        record(options.record, options.by_voice, options.mic, load_settings(options.settings))
        out.remark(f"{options.record} is written, and passes by text.")
        return 0
    failed, total = 0, len(options.files)
    for path, failure in _performed(options):
        out.remark(f"{'failed' if failure else 'ok':6} {path}")
        if failure:
            failed += 1
            out.remark(failure)
    if total > 1:
        ending = f", {failed} failed" if failed else ""
        out.remark(f"{total} scripts: {total - failed} ok{ending}")
    return 1 if failed else 0


def _performed(options: Options) -> Iterator[tuple[Path, str | None]]:
    """Yield each script with what differs or why it cannot be performed; None when it passes."""
    from assistant.rehearsal.script import read_script
    from assistant.rehearsal.stage import Stage

    stage = Stage(load_settings(options.settings), options.by_voice, _acoustics(options))
    for path in options.files:
        try:
            stage.perform(read_script(path))
        except MassageError as error:
            yield path, str(error)
        else:
            yield path, None


def _check(options: Options) -> None:
    """Raise SettingsError for options that do not go together."""
    room = {"snr": options.snr, "noise": options.noise, "echo": options.echo}
    given = [name for name, value in room.items() if value is not None]
    if options.record and options.files:
        raise SettingsError("--record writes a new script; leave the names of other scripts out.")
    if not options.record and not options.files:
        raise SettingsError("Name the scripts to rehearse, or a new one to write with --record.")
    if options.record and given:
        raise SettingsError(f"--{given[0]} is for performing scripts; leave it out with --record.")
    if given and not options.by_voice:
        raise SettingsError(f"--{given[0]} changes what is heard; add --by voice.")
    if options.snr is not None and options.noise is None:
        raise SettingsError("--snr needs a noise; name a WAV file with --noise.")
    if options.mic and not (options.record and options.by_voice):
        raise SettingsError("--mic is what --record FILE --by voice hears; add both.")


def _acoustics(options: Options) -> "Acoustics":
    """Return the room that the options describe; raises SettingsError and AudioFileError."""
    from assistant.rehearsal.acoustics import LAPTOP_ON_A_SHELF, Acoustics, Noise

    echo: float | None = LAPTOP_ON_A_SHELF
    if options.echo is not None:
        echo = None if options.echo == "off" else _decibels("echo", options.echo)
    snr = USUAL_SNR if options.snr is None else _decibels("snr", options.snr)
    return Acoustics(echo, Noise(_noise(options.noise), snr) if options.noise else None)


def _noise(path: Path) -> "Samples":
    from assistant.audio.device import RATE_IN
    from assistant.audio.wav_files import read_wav

    samples = read_wav(path, RATE_IN, LONGEST_NOISE_SECONDS)
    if not samples.any():
        raise AudioFileError(f"{path} is silent; give a WAV file with noise in it.")
    return samples


def _decibels(option: str, value: str) -> float:
    try:
        decibels = float(value)
    except ValueError:
        decibels = math.nan
    if not abs(decibels) <= LOUDEST:
        also = ", or off" if option == "echo" else ""
        raise SettingsError(
            f"--{option}: found '{value}'; allowed: decibels from -{LOUDEST} to {LOUDEST}{also}."
        )
    return decibels
