"""The reference: what was played, mono at 16 kHz, at the pace of the microphone's clock.

Speaker and microphone may be two devices whose clocks differ by some 50 or 100 ppm. Then the echo
slides: by 20 ms in a few minutes, and by the few samples of its fine structure within seconds,
faster than any filter can follow. So the reference is read too slowly or too quickly by just as
much, with a filter that interpolates between samples. When it has fallen a whole block behind, an
additional block is read; when it is ahead, one is left out.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from assistant.audio.device import BLOCK_OUT, RATE_IN, RATE_OUT, Samples

# Half a block above the least that is possible, or the reference would move back and forth.
_LATEST = BLOCK_OUT + BLOCK_OUT // 2
_DECIMATION = RATE_OUT // RATE_IN
_TAPS = 96  # at 48 kHz
_FLOOR = 1e-4  # of amplitude, for the logarithm where the low pass has zeros
_FINENESS = 64  # steps per sample at 48 kHz: an error of -36 dB at 8 kHz, of -54 dB at 1 kHz
_SIZE = 1024
_PHASE = -2j * np.pi * np.arange(_SIZE // 2 + 1) / _SIZE


def _low_pass() -> NDArray[np.complex128]:
    """Return the spectrum of a windowed sinc with minimum phase, (513,).

    A linear phase would delay by 1 ms, and an echo that comes sooner could not be predicted. The
    minimum phase follows from the logarithm of the amplitude: the real cepstrum is folded onto
    positive times (A. Oppenheim and R. Schafer, "Discrete-Time Signal Processing").
    """
    time = np.arange(_TAPS) - (_TAPS - 1) / 2
    taps = np.sinc(time / _DECIMATION) * np.hamming(_TAPS)
    cepstrum = np.fft.irfft(np.log(np.abs(np.fft.rfft(taps / taps.sum(), _SIZE)) + _FLOOR))
    cepstrum[1 : _SIZE // 2] *= 2
    cepstrum[_SIZE // 2 + 1 :] = 0
    spectrum: NDArray[np.complex128] = np.exp(np.fft.rfft(cepstrum))
    return spectrum


_LOW_PASS = _low_pass()


class Reference:
    """Turns blocks of 48 kHz stereo into blocks of 16 kHz mono, at the microphone's pace."""

    def __init__(self) -> None:
        self._delay = 0.0  # samples at 48 kHz
        self._played = np.zeros(_LATEST + 2 * BLOCK_OUT + _TAPS, np.float32)

    def advance(self, slide: float, is_late: Callable[[], bool]) -> int:
        """Advance by one block, in which the echo slides by `slide` samples at 16 kHz.

        `is_late` tells whether the echo comes a block or more after the reference.

        Returns 1 when the reference has fallen so far behind that two blocks are due, which makes
        the echo seem a block later than before; -1 when no block is due; 0 most of the time.
        """
        self._delay += slide * _DECIMATION
        if self._delay >= _LATEST:
            self._delay -= BLOCK_OUT
            return 1
        if self._delay < 0 and is_late():
            self._delay += BLOCK_OUT
            return -1
        self._delay = max(self._delay, 0.0)
        return 0

    def take(self, played: Samples) -> None:
        """Take the block that is being played, (960, 2) at 48 kHz."""
        self._played[:-BLOCK_OUT] = self._played[BLOCK_OUT:]
        self._played[-BLOCK_OUT:] = 0.5 * (played[:, 0] + played[:, 1])

    def read(self, blocks_ago: int = 0) -> Samples:
        """Return the block that is due, (320,) at 16 kHz, or the one `blocks_ago` before it."""
        whole, part = divmod(round(self._delay * _FINENESS), _FINENESS)
        end = len(self._played) - blocks_ago * BLOCK_OUT - whole
        span = self._played[end - BLOCK_OUT - _TAPS + 1 : end]
        block: Samples = np.convolve(span, _taps(part), "valid")[::_DECIMATION]
        return block


@cache
def _taps(part: int) -> Samples:
    """Return the low pass, (96,), delayed by `part` steps."""
    spectrum = _LOW_PASS * np.exp(_PHASE * part / _FINENESS)
    taps: Samples = np.fft.irfft(spectrum)[:_TAPS].astype(np.float32)
    return taps
