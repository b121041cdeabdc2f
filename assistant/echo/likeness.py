"""How much what the microphone heard is like what was played: an echo that is not known yet.

A canceller needs some seconds of sound before it can predict an echo. Its rhythm can be told at
once: in every band of frequencies an echo rises and falls with what was played, some time later.
So the powers of both are compared, band by band, for every delay that an echo may have. The
likeness is the highest mean correlation, -1 to 1.

Measured on 400 windows of 0.4 to 2 s, with two coach's voices in rooms that decay by 60 dB within
0.25 to 0.4 s: where only the coach was heard, it was below 0.89 in 1 of 100. With a user as loud as
the echo it was above 0.86 in 10 of 100, with a user 3 dB below it in 20, with headphones in none.
Noise lowers both alike, so the bar is lowered with it. `script/bench ownvoice` measures sessions.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.audio.device import BLOCK_IN, BLOCK_OUT, BLOCK_SECONDS, Samples

_EDGES = np.concatenate([np.linspace(100, 1000, 10), np.geomspace(1150, 7000, 12)])
"""Of the bands, in hertz."""
_BANDS = len(_EDGES) - 1
_DELAYS = round(1.0 / BLOCK_SECONDS)
"""More than a canceller can span: at its start a busy sound server may be this far behind."""
_REMEMBERED = round(12 / BLOCK_SECONDS)
_DECAY = 0.4
"""How much of a block's power a room gives back in the next one: it decays by 60 dB in 0.3 s."""
_LOUDNESS = 0.3
"""The exponent that turns power into about what is heard as loudness."""
_NOISE_SECONDS, _NOISE_PERCENTILE, _NOISE_MARGIN = 1.5, 10, 1.5
"""The noise is what the quiet blocks hold, from so long before."""
_EARLIER, _LATER = round(0.2 / BLOCK_SECONDS), round(0.1 / BLOCK_SECONDS)
"""Blocks around an utterance that are compared as well: the times of its words are rough."""
_ONLY_ECHO = 0.86
"""Likeness from which on there is nothing but echo, where there is no noise."""
_HARDLY_ECHO = 0.7
"""Likeness up to which somebody else speaks clearly. In between, gaps in what a busy computer plays
or records may have made an echo unlike what was played."""
_SILENCE = 1e-9
"""Of power: far below the quietest microphone, and keeps divisions finite."""

_Powers = NDArray[np.float64]
"""(blocks, bands)."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much an utterance is like what was played."""

    value: float
    """The highest mean correlation, -1 to 1; 0 where nothing was played."""
    voiced: float = 1.0
    """The share of the power that is not noise."""

    @property
    def only_echo(self) -> bool:
        """Whether nobody but the coach can be told."""
        return self.value >= _ONLY_ECHO * float(np.sqrt(self.voiced))

    @property
    def hardly_echo(self) -> bool:
        """Whether somebody else speaks clearly."""
        return self.value <= _HARDLY_ECHO


class EchoLikeness:
    """Compares the last seconds of the microphone with what was played."""

    def __init__(self) -> None:
        self._heard, self._played = _Spectrum(BLOCK_IN), _Spectrum(BLOCK_OUT)
        self._powers = np.zeros((2, _REMEMBERED, _BANDS))
        """Of the microphone and of what was played, in each of the last blocks."""

    def add(self, mic: Samples, played: Samples) -> None:
        """Take a block, (320,) at 16 kHz, and what was played meanwhile, (960, 2) at 48 kHz."""
        self._powers[:, :-1] = self._powers[:, 1:]
        self._powers[:, -1] = self._heard.powers(mic), self._played.powers(played[:, 0])

    def of(self, ago: int, length: int) -> Likeness:
        """Return the likeness of the `length` blocks that began `ago` blocks before now."""
        begin = max(_REMEMBERED - ago - _EARLIER, 0)
        end = min(begin + length + _EARLIER + _LATER, _REMEMBERED)
        heard, played = self._powers
        heard_then = heard[begin:end]
        noise_from = max(begin - round(_NOISE_SECONDS / BLOCK_SECONDS), 0)
        noise = np.percentile(heard[noise_from:end], _NOISE_PERCENTILE, axis=0)
        voice = np.maximum(heard_then - _NOISE_MARGIN * noise, 0.0).mean(axis=0)
        share = voice / (heard_then.mean(axis=0) + _SILENCE)
        weight = np.sqrt(voice) * share
        loudness = np.maximum(heard_then - noise, 0.05 * noise + _SILENCE) ** _LOUDNESS
        echoes = np.pad(_with_decay(played), ((_DELAYS, 0), (0, 0))) + _SILENCE
        if not played[max(begin - _DELAYS, 0) : end].any() or not weight.any():
            return Likeness(0.0)
        return Likeness(
            max(
                _correlation(loudness, echoes[at : at + end - begin] ** _LOUDNESS, weight)
                for at in range(begin + 1, begin + _DELAYS + 1)
            ),
            float(voice.sum() / heard_then.mean(axis=0).sum()),
        )


class _Spectrum:
    """Turns blocks of one length into the power in each band, over windows of two blocks."""

    def __init__(self, block: int) -> None:
        self._last = np.zeros(block)
        self._window = np.hanning(2 * block + 1)[:-1] / block
        bins = np.arange(block + 1)[:, np.newaxis] / (2 * BLOCK_SECONDS)
        self._bands = ((bins >= _EDGES[:-1]) & (bins < _EDGES[1:])).astype(float)

    def powers(self, block: Samples) -> _Powers:
        """Take the next block, (n,); return (bands,)."""
        window = np.concatenate([self._last, block])
        self._last = window[len(block) :]
        if not window.any():
            return np.zeros(self._bands.shape[1])
        powers: _Powers = np.abs(np.fft.rfft(window * self._window)) ** 2 @ self._bands
        return powers


def _with_decay(powers: _Powers) -> _Powers:
    """Return what a room makes of `powers`."""
    result = powers.copy()
    for block in range(1, len(result)):
        result[block] += _DECAY * result[block - 1]
    return result


def _correlation(one: _Powers, other: _Powers, weight: _Powers) -> float:
    """Return the mean over the bands of the correlation over time."""
    one, other = one - one.mean(axis=0), other - other.mean(axis=0)
    scale = np.sqrt((one**2).sum(axis=0) * (other**2).sum(axis=0))
    each = (one * other).sum(axis=0) / np.maximum(scale, 1e-30)
    return float((each * weight).sum() / weight.sum())
