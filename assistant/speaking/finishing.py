"""From what an engine produced to a clip: one rate, one loudness, no ragged edges.

Promises: every clip starts 30 ms before its first sound, ends 120 ms after its last or as soon
after as a block is full, fades over 5 ms at both ends, is leveled, and holds 16-bit values, so
that a clip fresh from the engine and the same clip from the disk are equal to the sample. Lasting
whole blocks, it ends where the session acts: what follows begins when the score says, not later.
"""

import numpy as np
from numpy.typing import NDArray

from assistant.audio.clip import Clip
from assistant.audio.device import BLOCK_OUT, RATE_OUT, Samples
from assistant.audio.loudness import leveled

LEAD = round(0.03 * RATE_OUT)
TAIL = round(0.12 * RATE_OUT)
FADE = round(0.005 * RATE_OUT)
FRAME = round(0.01 * RATE_OUT)
SPEECH_BELOW_LOUDEST = 10 ** (-45 / 20)
"""A 10 ms frame this far below the loudest one is silence: breath and "f" are above it."""

FULL_SCALE = 32768


def finished(samples: Samples, rate: float) -> Clip:
    """Make a clip of `samples`, (n,) or (n, channels) at `rate` hertz."""
    import soxr

    mono = samples if samples.ndim == 1 else samples.mean(axis=1, dtype=np.float32)
    at_rate_out = np.asarray(soxr.resample(mono, rate, RATE_OUT), np.float32)
    return from_pcm(to_pcm(_faded(leveled(_trimmed(at_rate_out)))))


def to_pcm(samples: Samples) -> NDArray[np.int16]:
    """Round to 16 bits."""
    return np.clip(np.round(samples * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)


def from_pcm(pcm: NDArray[np.int16]) -> Clip:
    """Make a clip of 16-bit samples, (n,) at 48 kHz."""
    return Clip(len(pcm), pcm.astype(np.float32) / np.float32(FULL_SCALE))


def _trimmed(samples: Samples) -> Samples:
    """Cut or pad to LEAD before the first speech, TAIL after the last; lengthen to whole blocks."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    level = np.sqrt(np.mean(frames**2, axis=1))
    speech = np.flatnonzero(level > max(SPEECH_BELOW_LOUDEST * level.max(initial=0.0), 1e-5))
    start, end = (speech[0] * FRAME, (speech[-1] + 1) * FRAME) if len(speech) else (0, 0)
    tail = TAIL + -(LEAD + end - start + TAIL) % BLOCK_OUT
    before, after = min(LEAD, start), min(tail, len(samples) - end)
    return np.pad(samples[start - before : end + after], (LEAD - before, tail - after))


def _faded(samples: Samples) -> Samples:
    ramp = np.linspace(0, 1, FADE, dtype=np.float32)
    samples = samples.copy()
    samples[:FADE] *= ramp
    samples[-FADE:] *= ramp[::-1]
    return samples
