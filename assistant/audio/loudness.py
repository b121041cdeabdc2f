"""Loudness as the ear perceives it, so that every voice and engine sounds equally loud.

Promises: what `leveled` returns has `TARGET` LUFS and no sample above `PEAK`. Loudness is that of
ITU-R BS.1770-4 for one channel: K-weighted power over windows of 0.4 s, without the quiet ones.
"""

from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from assistant.audio.device import RATE_OUT, Samples

TARGET = -20.0
"""LUFS; loud enough for speech in a room, with headroom for "louder"."""
CLOSE_ENOUGH = 0.05
"""LU."""
PEAK = 0.7
"""Full scale 1.0; just under -3 dBFS."""

WINDOW = round(0.4 * RATE_OUT)
HOP = WINDOW // 4
LIMITER_FRAME = round(0.001 * RATE_OUT)
LIMITER_REACH = 5

# BS.1770-4, tables 1 and 2, at 48 kHz: (b0, b1, b2), (1, a1, a2).
HEAD_SHELF = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (1.0, -1.69065929318241, 0.73248077421585),
)
LOW_CUT = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))


def loudness(samples: Samples) -> float:
    """Measure `samples`, (n,) at 48 kHz, in LUFS; -inf for silence."""
    weighted = _k_weighted(samples)
    if len(weighted) < WINDOW:
        powers = np.array([np.mean(weighted**2)]) if len(weighted) else np.zeros(1)
    else:
        powers = np.mean(sliding_window_view(weighted, WINDOW)[::HOP] ** 2, axis=1)
    audible = powers[powers > _power(-70.0)]
    if not len(audible):
        return float("-inf")
    speech = audible[audible > np.mean(audible) / 10]  # the relative gate, 10 LU down
    return float(-0.691 + 10 * np.log10(np.mean(speech)))


def leveled(samples: Samples) -> Samples:
    """Return `samples`, (n,) at 48 kHz, at TARGET loudness with peaks limited to PEAK.

    Limiting costs a little loudness, so the gain is found in a few passes. Silence stays silence.
    """
    measured = loudness(samples)
    if measured == float("-inf"):
        return samples
    gain = 0.0
    for _ in range(4):
        gain += TARGET - measured
        result = _limited(samples * np.float32(10 ** (gain / 20)))
        measured = loudness(result)
        if abs(TARGET - measured) < CLOSE_ENOUGH:
            break
    return result


def _power(lufs: float) -> float:
    """Return the mean square of a K-weighted signal of that loudness."""
    return float(10 ** ((lufs + 0.691) / 10))


def _k_weighted(samples: Samples) -> NDArray[np.float64]:
    """Apply both filters in the frequency domain; numpy has no fast recursive filter."""
    size = 1 << (len(samples) + WINDOW).bit_length()
    weighted = np.fft.irfft(np.fft.rfft(samples, size) * _response(size), size)
    return np.asarray(weighted[: len(samples)], np.float64)


@lru_cache(maxsize=4)
def _response(size: int) -> NDArray[np.complex128]:
    z = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    response: NDArray[np.complex128] = np.ones_like(z)
    for b, a in (HEAD_SHELF, LOW_CUT):
        response *= np.polyval(b[::-1], z) / np.polyval(a[::-1], z)
    return response


def _limited(samples: Samples) -> Samples:
    """Lower the gain around each peak above PEAK, smoothly over 5 ms each way."""
    peaks = np.abs(np.pad(samples, (0, -len(samples) % LIMITER_FRAME))).reshape(-1, LIMITER_FRAME)
    needed = np.minimum(1.0, PEAK / np.maximum(peaks.max(axis=1), 1e-9))
    if needed.min() == 1.0:
        return samples
    # Held one frame longer than it is smoothed, because the gain is interpolated between frames.
    padded = np.pad(needed, 2 * LIMITER_REACH + 1, mode="edge")
    held = sliding_window_view(padded, 2 * LIMITER_REACH + 3).min(axis=1)
    window = np.hanning(2 * LIMITER_REACH + 3)[1:-1]
    gain = np.convolve(held, window / window.sum(), mode="valid")
    centres = (np.arange(len(gain)) + 0.5) * LIMITER_FRAME
    limited = samples * np.interp(np.arange(len(samples)), centres, gain)
    return np.asarray(np.clip(limited, -PEAK, PEAK), np.float32)
