"""The echo path from the speaker to the microphone, learned from the audio on both sides.

A linear partitioned-block frequency-domain Kalman filter: it predicts the echo of what was played,
and is corrected by the prediction error. The filter is that of G. Enzner and P. Vary,
"Frequency-domain adaptive Kalman filter for acoustic echo control in hands-free telephones", Signal
Processing 86 (2006), with its path cut into partitions of one block. The uncertainty that it keeps
for every coefficient makes it learn quickly at first, and hardly at all while the user speaks.
"""

import numpy as np
from numpy.typing import NDArray

from assistant.audio.device import BLOCK_IN, SILENCE_IN, Samples

PARTITIONS = 28
"""Length of the path in blocks: 400 ms of delay and 160 ms of room."""

WINDOW = 2 * BLOCK_IN
"""Samples. Overlap-save: each transform spans a block and the one before."""
BINS = BLOCK_IN + 1
_FORGETTING = 0.9998  # share of the path that is expected to be the same one block later
_FIRST_UNCERTAINTY = 0.05
_LEAST_UNCERTAINTY = 1e-5
"""Keeps a path without echo able to learn one later, when the headphones come off."""
_NOISE_SMOOTHING = 0.8
_SPREAD = 5  # bins to each side over which the noise is averaged, so that it is learned sooner
_NEIGHBOURS = np.ones(2 * _SPREAD + 1, np.float32)
_NEIGHBOUR_COUNT: Samples = np.convolve(np.ones(BINS, np.float32), _NEIGHBOURS, "same")
_LITTLE = 0.1  # share of the path's power; a partition of a path not yet known has 0.04
_FLOOR = 1e-6  # keeps divisions finite; far below the noise of any microphone

_TURNS = 4  # blocks in which every partition is limited once; fewer take more work

Spectra = NDArray[np.complex64]
"""(partitions, 321)."""


class EchoPath:
    """Predicts the echo of the reference in the microphone, both (320,) blocks at 16 kHz."""

    def __init__(self) -> None:
        self._last = SILENCE_IN
        self._reference: Spectra = np.zeros((PARTITIONS, BINS), np.complex64)
        self._power = np.zeros((PARTITIONS, BINS), np.float32)
        self._noise = np.full(BINS, _FLOOR, np.float32)
        self._turn = 0
        self.forget()

    def forget(self) -> None:
        """Learn the path from scratch."""
        self.spectra: Spectra = np.zeros((PARTITIONS, BINS), np.complex64)
        """The path, (28, 321): a partition's spectrum is that of its 320 taps and 320 zeros."""
        self._uncertainty = np.full((PARTITIONS, BINS), _FIRST_UNCERTAINTY, np.float32)

    def push(self, reference: Samples) -> None:
        """Take the newest reference block and drop the oldest."""
        window = np.concatenate([self._last, reference])
        self._last = reference
        self._reference[1:] = self._reference[:-1]
        self._reference[0] = np.fft.rfft(window)
        self._power[1:] = self._power[:-1]
        self._power[0] = _squared(self._reference[0])

    def shift(self, blocks: int) -> None:
        """Move the path one block later (1) or earlier (-1), because the reference was moved."""
        for kept, new in ((self.spectra, 0), (self._uncertainty, _FIRST_UNCERTAINTY)):
            kept[:] = np.roll(kept, blocks, axis=0)
            kept[0 if blocks > 0 else -1] = new

    def is_late(self) -> bool:
        """Whether next to nothing of the echo is in the first partition."""
        power = np.sum(_squared(self.spectra), axis=1)
        return float(power[0]) <= _LITTLE * float(np.sum(power))

    def predict(self) -> Samples:
        """Return the predicted echo in the present block, (320,)."""
        echo = np.fft.irfft((self._reference * self.spectra).sum(axis=0), WINDOW)
        return echo[BLOCK_IN:].astype(np.float32, copy=False)

    def learn(self, missed: Samples) -> None:
        """Correct the path by what the prediction missed, (320,): the microphone minus the echo.

        Each coefficient is corrected in proportion to its uncertainty.
        """
        error = np.fft.rfft(np.concatenate([SILENCE_IN, missed])).astype(np.complex64, copy=False)
        self._noise += (1 - _NOISE_SMOOTHING) * (_squared(error) - self._noise)
        # The error spans half of the window that the reference spans, hence the factors 0.5.
        expected = 0.5 * np.einsum("pf,pf->f", self._power, self._uncertainty)
        gain = self._uncertainty / (expected + _spread(self._noise) + _FLOOR)
        self.spectra += gain * (self._reference.conj() * error)
        self._limit_taps()
        kept = _FORGETTING**2
        self._uncertainty *= kept * (1 - 0.5 * gain * self._power)
        self._uncertainty += (1 - kept) * _squared(self.spectra)
        np.maximum(self._uncertainty, _LEAST_UNCERTAINTY, out=self._uncertainty)

    def taps(self) -> Samples:
        """Return the path as an impulse response, (8960,) at 16 kHz."""
        taps = np.fft.irfft(self.spectra, WINDOW, axis=1)[:, :BLOCK_IN]
        return taps.ravel().astype(np.float32, copy=False)

    def _limit_taps(self) -> None:
        """Limit some partitions to 320 taps, and the others in the next blocks.

        Overlap-save is exact only if the second half of each partition is zero. All partitions in
        every block would take more work and gain little.
        """
        taps = np.fft.irfft(self.spectra[self._turn :: _TURNS], WINDOW, axis=1)
        taps[:, BLOCK_IN:] = 0
        self.spectra[self._turn :: _TURNS] = np.fft.rfft(taps, axis=1)
        self._turn = (self._turn + 1) % _TURNS


def _squared(spectrum: Spectra) -> Samples:
    squared: Samples = spectrum.real**2 + spectrum.imag**2
    return squared


def _spread(power: Samples) -> Samples:
    """Average each bin with its neighbours."""
    averages: Samples = np.convolve(power, _NEIGHBOURS, "same") / _NEIGHBOUR_COUNT
    return averages
