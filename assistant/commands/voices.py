"""`massage voices`: the voices on this computer; `massage voices try NAME`: how one sounds."""

import argparse
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.commands.contract import Output
from assistant.commands.options import add_shared
from assistant.config import Settings, load_settings
from assistant.errors import DeviceError, VoiceError

if TYPE_CHECKING:
    from assistant.audio.clip import Clip
    from assistant.audio.device import Samples

ABOUT = "list the voices, or try one"
TRIED_WITH = ("hello", "not a clinician")
"""Keys of the replies to say: the first words of a real session."""
LAST_BLOCKS = 25
"""Half a second of silence, so that the sound card plays the last words before it is closed."""


@dataclass(frozen=True)
class Options:
    """How to list the voices, or the one to try and the file to write."""

    json: bool = False
    name: str | None = None
    out: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


def add_arguments(to: argparse.ArgumentParser) -> None:
    """Add how to list them, and the subcommand that tries one."""
    to.add_argument("--json", action="store_true", help="one JSON line per voice")
    add_shared(to)
    about = "let a voice say something"
    commands = to.add_subparsers(title="commands", metavar="COMMAND")
    try_one = commands.add_parser("try", help=about, description=about)
    try_one.add_argument("name", metavar="NAME", help="from the list, or a Piper voice file")
    try_one.add_argument("--out", type=Path, metavar="FILE.wav", help="write instead of playing")
    add_shared(try_one, "rate", "volume")


def run(options: Options, out: Output) -> int:
    """Print the voices, 1 when there are none; or let one of them speak."""
    if options.name is None:
        return _list(options, out)
    _try(options.name, options)
    if options.out:
        out.remark(f"{options.out} is written.")
    return 0


def _list(options: Options, out: Output) -> int:
    """Print the voices, English ones first; an engine that fails is remarked and left out."""
    from assistant.speaking.installed_voices import piper_voices, system_voices

    voices = piper_voices()
    try:
        voices += system_voices()
    except VoiceError as error:
        out.remark(f"massage: {error}")
    for voice in sorted(voices, key=lambda voice: not voice.english):
        if options.json:
            out.json(asdict(voice))
        else:
            out.line(f"{voice.name:20} {voice.engine:8} {voice.language:14} {voice.title}")
    return 0 if voices else 1


def _try(name: str, options: Options) -> None:
    """Speak the first words of a session, into a file or to the sound card.

    Raises VoiceError for a voice that cannot be used, DeviceError when there is no speaker, and
    AudioFileError for a file that cannot be written.
    """
    import numpy as np

    from assistant.audio.device import RATE_OUT
    from assistant.audio.wav_files import write_wav

    settings = replace(load_settings(options.settings), voice=name)
    blocks = list(_played(_spoken(settings), settings.volume))
    if options.out:
        write_wav(options.out, np.concatenate(blocks), RATE_OUT)
    else:
        _play(blocks)


def _spoken(settings: Settings) -> "Clip":
    """Return the words in exactly this voice: falling back on another one would mislead."""
    from assistant.library.shipped import load_replies
    from assistant.speaking.choose import choose_voices

    replies = load_replies()
    voice = choose_voices(settings.voice)[0]
    try:
        return voice.render(" ".join(replies.text(key) for key in TRIED_WITH), settings.rate)
    finally:
        voice.close()


def _played(clip: "Clip", volume: float) -> "Iterator[Samples]":
    """Yield what a speaker gets: blocks of (960, 2)."""
    from assistant.audio.mixer import Mixer

    mixer = Mixer()
    mixer.volume = volume
    mixer.say(clip, tag=0)
    while mixer.speaking:
        yield mixer.next_block()


def _play(blocks: "Iterable[Samples]") -> None:
    from assistant.audio.device import SILENCE_OUT
    from assistant.audio.sound_card import open_sound_card, probe

    if not probe().speaker:
        raise DeviceError(
            "There is no speaker to try a voice with; write a file instead with --out FILE.wav."
        )
    with closing(open_sound_card(want_mic=False)) as card:
        for block in (*blocks, *[SILENCE_OUT] * LAST_BLOCKS):
            card.exchange(block)
