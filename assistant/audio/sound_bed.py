"""The sound bed: a sound file of the user's own, played softly under the massage in a loop.

Promises: the seam of the loop neither clicks nor changes the loudness; the bed fades in and out
over two seconds, and is 10 dB softer while the coach speaks; every file comes out equally loud.
The mixer plays it, so the echo canceller removes it like everything else that is played.
"""

import math
from pathlib import Path

import numpy as np

from assistant.audio.device import BLOCK_OUT, BLOCK_SECONDS, RATE_OUT, Samples
from assistant.audio.glide import Glide
from assistant.audio.loudness import TARGET, loudness
from assistant.audio.pcm import FULL_SCALE, HIGHEST, LOWEST, Pcm, to_pcm
from assistant.audio.wav_files import stereo_pieces
from assistant.errors import AudioFileError

LOUDNESS = TARGET - 14.0
"""LUFS: clearly behind the voice, yet still audible between the sentences."""
UNDER_SPEECH = 10 ** (-10 / 20)
SHORTEST_SECONDS, LONGEST_SECONDS = 1.0, 300.0
"""A shorter sound would buzz; only the beginning of a longer one is used, at 12 MB a minute."""
CROSSFADE_SECONDS = 2.0

_FADE_PER_BLOCK = BLOCK_SECONDS / 2.0
_DOWN_PER_BLOCK = BLOCK_SECONDS / 0.3
_UP_PER_BLOCK = BLOCK_SECONDS / 1.5  # slow, because the next sentence may follow soon


class SoundBed:
    """Loops the sound in `path`; silent until `on`. Raises AudioFileError."""

    def __init__(self, path: Path) -> None:
        sound, measured = _read(path)
        if len(sound) < SHORTEST_SECONDS * RATE_OUT:
            raise AudioFileError(f"{path} lasts less than a second; use a longer one for --bed.")
        if not np.isfinite(measured):
            raise AudioFileError(f"{path} holds only silence; use another one for --bed.")
        self._loop = _looped(sound)
        self._gain = np.float32(10 ** ((LOUDNESS - measured) / 20) / FULL_SCALE)
        self._at = 0
        self._presence = Glide(0.0, _FADE_PER_BLOCK, _FADE_PER_BLOCK)
        self._duck = Glide(1.0, _DOWN_PER_BLOCK, _UP_PER_BLOCK)

    @property
    def on(self) -> bool:
        """Whether the bed should play; it fades in and out."""
        return self._presence.target > 0

    @on.setter
    def on(self, wanted: bool) -> None:
        self._presence.target = float(wanted)

    @property
    def sounding(self) -> bool:
        """Whether the bed can be heard in the next block."""
        return self.on or self._presence.value > 0

    def next_block(self, under_speech: bool) -> Samples:
        """Return the next (960, 2) samples at 48 kHz."""
        self._duck.target = UNDER_SPEECH if under_speech else 1.0
        part = self._loop[self._at : self._at + BLOCK_OUT]
        self._at = (self._at + BLOCK_OUT) % (len(self._loop) - BLOCK_OUT)
        block: Samples = part * self._gain * self._presence.ramp() * self._duck.ramp()
        return block


def _read(path: Path) -> tuple[Pcm, float]:
    """Return the sound, (n, 2), and its loudness in LUFS.

    Reads in pieces and keeps 16 bits: five minutes in floats would take hundreds of megabytes.
    """
    pieces, powers = [], []
    for piece in stereo_pieces(path, RATE_OUT, LONGEST_SECONDS):
        powers.append(10 ** (loudness(piece.mean(axis=1)) / 10))
        pieces.append(to_pcm(piece))
    power = float(np.mean(powers))
    return np.concatenate(pieces), 10 * math.log10(power) if power else -math.inf


def _looped(sound: Pcm) -> Pcm:
    """Return `sound`, (n, 2), with its end crossfaded into its beginning.

    One block from the beginning is appended, so that a block may start anywhere in the loop. The
    crossfade has equal power, which keeps the loudness steady because the end and the beginning of
    a recording are uncorrelated.
    """
    length = min(round(CROSSFADE_SECONDS * RATE_OUT), len(sound) // 2)
    angle = np.linspace(0, np.pi / 2, length, endpoint=False, dtype=np.float32)[:, np.newaxis]
    faded = sound[-length:] * np.cos(angle) + sound[:length] * np.sin(angle)
    loop = sound[length:].copy()
    loop[-length:] = np.clip(np.round(faded), LOWEST, HIGHEST)
    return np.concatenate([loop, loop[:BLOCK_OUT]])
