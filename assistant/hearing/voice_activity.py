"""Is somebody speaking in this block: energy in the band of speech against an adaptive noise floor.

Promises: pure numpy, deterministic, a memory of under two seconds, and no knowledge of words. It
is made to say soon that a voice has stopped. It takes a new steady noise (a tap turned on) for a
voice until the floor has followed, and babble for a voice always; what was said is the
recognizer's affair.

The floor follows R. Martin's minimum statistics (IEEE Trans. SAP 9(5), 2001) in its simplest form:
the least smoothed level of the last 1.6 s, since speech pauses more often than that. Levels are
dBFS: 10 log10 of the mean square within the band, so that a full-scale sine is at -3 dBFS.
"""

from collections import deque

import numpy as np

from assistant.audio.device import BLOCK_IN, RATE_IN, Samples

_BAND_HZ = (200.0, 7000.0)
"""Below: hum and handling; the top holds the s of "yes", which a telephone band would lose."""
_WINDOW_BLOCKS = 80
_SMOOTHING = 0.6
"""Share of the smoothed power that survives a block: a time constant of 40 ms."""
_BIAS_DB = 2.0
"""By how much the least of many smoothed levels of steady noise lies below its mean."""
_QUIETEST_DBFS = -62.0
"""A floor is never taken to be lower: below lie digital silence, dither and good microphones."""
_ONSET_DB = 8.0
_HOLD_DB = 5.0
"""Above the floor by this much: a voice begins, a voice goes on."""
_HANGOVER_BLOCKS = 2
"""Bridges the closure of a consonant within a word."""


class VoiceActivity:
    """Tells speech from background, block by block."""

    level: float = _QUIETEST_DBFS
    """Of the latest block, in dBFS."""
    floor: float = _QUIETEST_DBFS
    """Of the background, in dBFS."""

    def __init__(self) -> None:
        hertz = np.fft.rfftfreq(BLOCK_IN, 1 / RATE_IN)
        self._band = (hertz >= _BAND_HZ[0]) & (hertz <= _BAND_HZ[1])
        self._smoothed: float | None = None
        self._recent: deque[float] = deque(maxlen=_WINDOW_BLOCKS)
        self._hangover = 0

    def speaking(self, block: Samples) -> bool:
        """Take the next block, (320,) at 16 kHz; True while it holds a voice."""
        spectrum = np.fft.rfft(block)[self._band]
        power = 2 * float(np.sum(spectrum.real**2 + spectrum.imag**2)) / BLOCK_IN**2
        self.level = _decibels(power)
        self._follow(power)
        margin = _HOLD_DB if self._hangover else _ONSET_DB
        if self.level > self.floor + margin:
            self._hangover = _HANGOVER_BLOCKS + 1
        elif self._hangover:
            self._hangover -= 1
        return self._hangover > 0

    def _follow(self, power: float) -> None:
        before = power if self._smoothed is None else self._smoothed
        self._smoothed = _SMOOTHING * before + (1 - _SMOOTHING) * power
        self._recent.append(self._smoothed)
        self.floor = max(_decibels(min(self._recent)) + _BIAS_DB, _QUIETEST_DBFS)


def _decibels(power: float) -> float:
    return float(10 * np.log10(max(power, 1e-12)))
