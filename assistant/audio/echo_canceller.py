"""Takes the coach's own voice out of what the microphone hears, so that the user can interrupt.

A linear partitioned-block frequency-domain Kalman filter: it estimates the path from the speaker to
the microphone, predicts the echo and subtracts it. The filter is G. Enzner and P. Vary,
"Frequency-domain adaptive Kalman filter for acoustic echo control in hands-free telephones", Signal
Processing 86 (2006), its echo path cut into partitions of one block. The uncertainty that it keeps
for every coefficient makes it adapt quickly at first, and hardly at all while the user speaks too.

There is no residual suppressor on purpose: one would remove the user's command with the echo.
"""

import numpy as np
from numpy.typing import NDArray

from assistant.audio.device import (
    BLOCK_IN,
    BLOCK_OUT,
    RATE_IN,
    RATE_OUT,
    SILENCE_IN,
    SILENCE_OUT,
    Samples,
)

PARTITIONS = 28
"""Blocks of 20 ms that the echo path may last: 400 ms of delay and 160 ms of room."""

_SIZE = 2 * BLOCK_IN  # overlap-save: each transform spans the block and its predecessor
_BINS = BLOCK_IN + 1
_FORGETTING = 0.9995  # how much of the echo path is expected to be the same one block later
_FIRST_UNCERTAINTY = 0.05
_NOISE_SMOOTHING = 0.8
_SPREAD = 5  # bins to each side over which the noise is averaged: +3 dB after 3 s of speech
_FLOOR = 1e-6  # keeps divisions finite; far below the noise of any microphone

_DECIMATION = RATE_OUT // RATE_IN
_TAPS = 96  # at 48 kHz; delays the reference by 1 ms

_Spectra = NDArray[np.complex64]


class EchoCanceller:
    """Subtracts the echo of `played` from `mic`, block by block, learning the path on the way."""

    def __init__(self) -> None:
        self._to_mono_16k = _Decimator()
        self._last_played = np.zeros(BLOCK_IN, np.float32)
        self._reference: _Spectra = np.zeros((PARTITIONS, _BINS), np.complex64)
        self._power = np.zeros((PARTITIONS, _BINS), np.float32)
        self._path: _Spectra = np.zeros((PARTITIONS, _BINS), np.complex64)
        self._uncertainty = np.full((PARTITIONS, _BINS), _FIRST_UNCERTAINTY, np.float32)
        self._noise = np.full(_BINS, _FLOOR, np.float32)
        self._silent_blocks = PARTITIONS + 2
        self._turn = 0

    def cancel(self, mic: Samples, played: Samples) -> Samples:
        """Return `mic` (320,) at 16 kHz without the echo of `played` (960, 2) at 48 kHz.

        `played` is the block handed out together with `mic`. When nothing was played for as long as
        an echo can last, `mic` itself is returned.
        """
        self._silent_blocks = 0 if played is not SILENCE_OUT else self._silent_blocks + 1
        if self._silent_blocks > PARTITIONS + 1:
            return mic
        self._shift(self._to_mono_16k(played))
        clean = mic - self._predicted_echo()
        self._adapt(clean)
        return clean

    def way(self) -> tuple[float, float]:
        """Return delay in seconds and strength in dB of the way that was learned.

        The delay is that of its strongest tap; the strength is its gain for white noise.
        """
        taps = np.fft.irfft(self._path, _SIZE, axis=1)[:, :BLOCK_IN].ravel()
        delay = float(np.abs(taps).argmax()) / RATE_IN
        return delay, float(10 * np.log10(max(float(np.dot(taps, taps)), 1e-12)))

    def _shift(self, block: Samples) -> None:
        """Take in the newest reference block, and forget the oldest."""
        window = np.concatenate([self._last_played, block])
        self._last_played = block
        self._reference[1:] = self._reference[:-1]
        self._reference[0] = np.fft.rfft(window)
        self._power[1:] = self._power[:-1]
        self._power[0] = _squared(self._reference[0])

    def _predicted_echo(self) -> Samples:
        echo = np.fft.irfft((self._reference * self._path).sum(axis=0), _SIZE)
        return echo[BLOCK_IN:].astype(np.float32)

    def _adapt(self, clean: Samples) -> None:
        """Correct the path by what was left over, weighted by how uncertain each part of it is."""
        error = np.fft.rfft(np.concatenate([SILENCE_IN, clean])).astype(np.complex64, copy=False)
        self._noise += (1 - _NOISE_SMOOTHING) * (_squared(error) - self._noise)
        # The error spans half of the window that the reference spans: hence the halves.
        expected = 0.5 * np.einsum("pf,pf->f", self._power, self._uncertainty)
        gain = self._uncertainty / (expected + _spread(self._noise) + _FLOOR)
        self._path += gain * (self._reference.conj() * error)
        self._keep_causal()
        kept = _FORGETTING**2
        self._uncertainty *= kept * (1 - 0.5 * gain * self._power)
        self._uncertainty += (1 - kept) * _squared(self._path)

    def _keep_causal(self) -> None:
        """Make one partition after the other what a filter of 320 taps can be."""
        taps = np.fft.irfft(self._path[self._turn], _SIZE)
        taps[BLOCK_IN:] = 0
        self._path[self._turn] = np.fft.rfft(taps)
        self._turn = (self._turn + 1) % PARTITIONS


class _Decimator:
    """48 kHz stereo to 16 kHz mono, a block for a block, with a constant delay of 1 ms."""

    def __init__(self) -> None:
        time = np.arange(_TAPS) - (_TAPS - 1) / 2
        taps = np.sinc(time / _DECIMATION) * np.hamming(_TAPS)
        self._taps = (taps / taps.sum()).astype(np.float32)
        self._tail = np.zeros(_TAPS - 1, np.float32)

    def __call__(self, stereo: Samples) -> Samples:
        mono = np.concatenate([self._tail, 0.5 * (stereo[:, 0] + stereo[:, 1])])
        self._tail = mono[BLOCK_OUT:]
        decimated: Samples = np.convolve(mono, self._taps, "valid")[::_DECIMATION]
        return decimated


def _squared(spectrum: _Spectra) -> Samples:
    squared: Samples = spectrum.real**2 + spectrum.imag**2
    return squared


def _spread(power: Samples) -> Samples:
    """Average each bin with its neighbours."""
    sums = np.cumsum(np.pad(power, (_SPREAD + 1, _SPREAD), mode="edge"), dtype=np.float32)
    width = 2 * _SPREAD + 1
    averages: Samples = (sums[width:] - sums[:-width]) * np.float32(1 / width)
    return averages
