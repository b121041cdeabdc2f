"""Clock drift: how much faster one device's clock runs than the other's.

The echo path slides as the clocks drift apart. Twice a second it is compared with the path half a
second ago. A delay turns the phase of every frequency in proportion to it, so a least-squares fit
over the low bins, where a slide of some samples is much less than a full turn, gives how far the
path has slid. Part of that is added to the drift. `script/bench echo` prints what is left of the
echo when the clocks differ.
"""

import numpy as np

from assistant.echo.path import BINS, WINDOW, Spectra

_EVERY = 25  # blocks
_STEP = 0.4  # share of the slide found that is added to the drift
_BINS = slice(3, 120)  # 75 Hz to 3 kHz
_MOST = 250e-6 * WINDOW / 2  # samples per block: 250 ppm, more than any quartz drifts
_TURN = (2 * np.pi * np.arange(BINS) / WINDOW).astype(np.float32)[_BINS]  # of phase, per sample
_SILENT = 1e-6


class ClockDrift:
    """Estimates by how many samples at 16 kHz the echo path slides in each block."""

    def __init__(self) -> None:
        self.slide = 0.0
        """Samples at 16 kHz by which the echo comes later with every block."""
        self._before: Spectra | None = None
        self._blocks = 0

    def watch(self, path: Spectra) -> None:
        """Take the path, (partitions, 321), once for every block in which it is updated."""
        self._blocks += 1
        if self._blocks % _EVERY:
            return
        now = path[:, _BINS].copy()
        if self._before is not None:
            slide = self.slide + _STEP * _slid(self._before, now) / _EVERY
            self.slide = min(max(slide, -_MOST), _MOST)
        self._before = now

    def forget(self) -> None:
        """Do not compare with the earlier path, which was another one. The drift stays."""
        self._before = None


def _slid(before: Spectra, now: Spectra) -> float:
    """Return by how many samples `now` is later than `before`."""
    turned = -float(np.sum(_TURN * (now * before.conj()).imag))
    weight = float(np.sum(_TURN**2 * np.abs(now * before)))
    return turned / (weight + _SILENT)
