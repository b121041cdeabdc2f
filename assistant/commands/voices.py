"""The voices of this computer: which there are, and how one of them sounds."""

import argparse
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from assistant.audio.clip import Clip
from assistant.audio.device import RATE_OUT, SILENCE_OUT, Samples
from assistant.config import Settings, load_settings
from assistant.errors import DeviceError, VoiceError
from assistant.speaking.installed_voices import VoiceInfo, piper_voices, system_voices

TRIED_WITH = ("hello", "not a clinician")
"""Replies: the first words that a user hears in earnest."""
LAST_BLOCKS = [SILENCE_OUT] * 25
"""Half a second of silence: the card plays the last words before it is let go."""


@dataclass(frozen=True, slots=True)
class Installed:
    """The voices, those for English sentences first, and what kept others from being listed."""

    voices: list[VoiceInfo]
    troubles: list[str]


def installed() -> Installed:
    """Find all voices. An engine that cannot be asked is a trouble, not the end."""
    voices, troubles = piper_voices(), []
    try:
        voices += system_voices()
    except VoiceError as error:
        troubles.append(str(error))
    return Installed(sorted(voices, key=lambda voice: not voice.english), troubles)


def as_data(voice: VoiceInfo) -> dict[str, Any]:
    """Return a voice as it is printed for programs."""
    return asdict(voice)


def try_voice(options: argparse.Namespace) -> None:
    """Speak a sentence with `--voice`: into `--out`, else to the sound card.

    Raises VoiceError for a voice that cannot be used, DeviceError where there is no speaker, and
    AudioFileError for a file that cannot be written.
    """
    from assistant.audio.wav_files import write_wav

    settings = load_settings(vars(options))
    blocks = list(_played(_spoken(settings), settings.volume))
    if options.out:
        write_wav(options.out, np.concatenate(blocks), RATE_OUT)
    else:
        _play(blocks)


def _spoken(settings: Settings) -> Clip:
    """Return the first words in that voice itself: another one would be no answer."""
    from assistant.library.shipped import load_replies
    from assistant.speaking.choose import choose_voices

    replies = load_replies()
    voice = choose_voices(settings.voice)[0]
    try:
        return voice.render(" ".join(replies.text(key) for key in TRIED_WITH), settings.rate)
    finally:
        voice.close()


def _played(clip: Clip, volume: float) -> Iterator[Samples]:
    """Yield what a speaker gets, (960, 2) at a time."""
    from assistant.audio.mixer import Mixer

    mixer = Mixer()
    mixer.volume = volume
    mixer.say(clip, tag=0)
    while mixer.speaking:
        yield mixer.next_block()


def _play(blocks: Iterable[Samples]) -> None:
    from assistant.audio.sound_card import open_sound_card, probe

    if not probe().speaker:
        raise DeviceError(
            "There is no speaker to try a voice with; let it write a file with --out FILE.wav."
        )
    with closing(open_sound_card(want_mic=False)) as card:
        for block in (*blocks, *LAST_BLOCKS):
            card.exchange(block)
