"""The sound bed: a file of the user's, repeated softly under the massage.

Promises: where the file begins again nothing clicks and nothing grows louder or softer; it comes
and goes in two seconds, and lies 10 dB lower while the coach speaks; every file is equally loud.
It is part of what the mixer plays, and so part of what the echo canceller takes away.
"""

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.audio.device import BLOCK_OUT, BLOCK_SECONDS, RATE_OUT, Samples
from assistant.audio.glide import Glide
from assistant.audio.loudness import TARGET, loudness
from assistant.audio.wav_files import stereo_pieces
from assistant.errors import AudioFileError

LOUDNESS = TARGET - 14.0
"""LUFS: clearly behind the voice, and still there between the sentences."""
UNDER_SPEECH = 10 ** (-10 / 20)
SHORTEST_SECONDS, LONGEST_SECONDS = 1.0, 300.0
"""A shorter sound would buzz; of a longer one the beginning is taken, at 12 MB a minute."""
CROSSFADE_SECONDS = 2.0

_IN_TWO_SECONDS = BLOCK_SECONDS / 2.0
_DOWN_PER_BLOCK = BLOCK_SECONDS / 0.3
_UP_PER_BLOCK = BLOCK_SECONDS / 1.5  # the next sentence may follow
_FULL_SCALE = 32767


class SoundBed:
    """Repeats the sound in `path`; silent until `on`. Raises AudioFileError."""

    def __init__(self, path: Path) -> None:
        sound, measured = _read(path)
        if len(sound) < SHORTEST_SECONDS * RATE_OUT:
            raise AudioFileError(f"{path} lasts less than a second; give a longer sound as --bed.")
        if not np.isfinite(measured):
            raise AudioFileError(f"{path} holds only silence; give another sound as --bed.")
        self._loop = _looped(sound)
        self._gain = np.float32(10 ** ((LOUDNESS - measured) / 20) / _FULL_SCALE)
        self._at = 0
        self._presence = Glide(0.0, _IN_TWO_SECONDS, _IN_TWO_SECONDS)
        self._duck = Glide(1.0, _DOWN_PER_BLOCK, _UP_PER_BLOCK)

    @property
    def on(self) -> bool:
        """Whether it is wanted; it comes and goes gently."""
        return self._presence.target > 0

    @on.setter
    def on(self, wanted: bool) -> None:
        self._presence.target = float(wanted)

    @property
    def sounding(self) -> bool:
        """Whether anything of it can be heard in the next block."""
        return self.on or self._presence.value > 0

    def next_block(self, under_speech: bool) -> Samples:
        """Return the next (960, 2) samples at 48 kHz."""
        self._duck.target = UNDER_SPEECH if under_speech else 1.0
        part = self._loop[self._at : self._at + BLOCK_OUT]
        self._at = (self._at + BLOCK_OUT) % (len(self._loop) - BLOCK_OUT)
        block: Samples = part * self._gain * self._presence.ramp() * self._duck.ramp()
        return block


def _read(path: Path) -> tuple[NDArray[np.int16], float]:
    """Return the sound, (n, 2) in 16 bits, and its loudness in LUFS.

    Piece by piece, since minutes of it would take hundreds of megabytes otherwise.
    """
    pieces, powers = [], []
    for piece in stereo_pieces(path, RATE_OUT, LONGEST_SECONDS):
        powers.append(10 ** (loudness(piece.mean(axis=1)) / 10))
        pieces.append(np.round(np.clip(piece, -1.0, 1.0) * _FULL_SCALE).astype(np.int16))
    power = float(np.mean(powers))
    return np.concatenate(pieces), 10 * math.log10(power) if power else -math.inf


def _looped(sound: NDArray[np.int16]) -> NDArray[np.int16]:
    """Return `sound`, (n, 2), with its end faded over into its beginning, and a block more of that.

    The curves of equal power keep the loudness where the two have nothing in common, as end and
    beginning of a recording do.
    """
    length = min(round(CROSSFADE_SECONDS * RATE_OUT), len(sound) // 2)
    angle = np.linspace(0, np.pi / 2, length, endpoint=False, dtype=np.float32)[:, np.newaxis]
    faded = sound[-length:] * np.cos(angle) + sound[:length] * np.sin(angle)
    loop = sound[length:].copy()
    loop[-length:] = np.clip(np.round(faded), -_FULL_SCALE, _FULL_SCALE)
    return np.concatenate([loop, loop[:BLOCK_OUT]])
