"""From what an engine produced to a clip: one rate, one loudness, clean edges.

Promises: every clip starts 30 ms before its first sound and ends 120 ms after its last, or as soon
after as a block is full; it fades over 5 ms at both ends, is leveled, and holds 16-bit values, so
that a clip fresh from the engine equals the same clip read from disk to the sample. Because a clip
lasts whole blocks, what follows it starts exactly when it ends.
"""

import numpy as np

from assistant.audio.clip import Clip
from assistant.audio.device import BLOCK_OUT, RATE_OUT, Samples
from assistant.audio.loudness import leveled
from assistant.audio.pcm import to_pcm
from assistant.audio.resampling import resampled

LEAD = round(0.03 * RATE_OUT)
TAIL = round(0.12 * RATE_OUT)
FADE = round(0.005 * RATE_OUT)
FRAME = round(0.01 * RATE_OUT)
SPEECH_BELOW_LOUDEST = 10 ** (-45 / 20)
"""A 10 ms frame this far below the loudest one is silence: breath and "f" are above it."""
INAUDIBLE = 1e-5
"""A frame below this level is silence even when nothing is louder."""


def finished(samples: Samples, rate: float) -> Clip:
    """Make a clip of `samples`, (n,) or (n, channels) at `rate` hertz."""
    mono = samples if samples.ndim == 1 else samples.mean(axis=1, dtype=np.float32)
    return Clip.from_pcm(to_pcm(_faded(leveled(_trimmed(resampled(mono, rate, RATE_OUT))))))


def _trimmed(samples: Samples) -> Samples:
    """Cut or pad to LEAD before the first speech, TAIL after the last; lengthen to whole blocks."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    level = np.sqrt(np.mean(frames**2, axis=1))
    speech = np.flatnonzero(level > max(SPEECH_BELOW_LOUDEST * level.max(initial=0.0), INAUDIBLE))
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
