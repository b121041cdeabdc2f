"""Between float samples (full scale 1.0) and 16-bit integers, at one scale in both directions.

Promises: `from_pcm` is exact, and `to_pcm(from_pcm(x))` is `x` for every 16-bit `x`, so that a clip
may be written and read back any number of times. The scale is that of soundfile and of the sound
card, 32768: -1.0 is the lowest integer, and only +1.0 itself is clipped, by one step.
"""

import numpy as np
from numpy.typing import NDArray

from assistant.audio.device import Samples

Pcm = NDArray[np.int16]
"""16-bit samples: (n,) mono or (n, 2) stereo."""

FULL_SCALE = 32768
LOWEST, HIGHEST = -FULL_SCALE, FULL_SCALE - 1


def to_pcm(samples: Samples) -> Pcm:
    """Round to the nearest 16-bit value; what exceeds full scale is clipped."""
    return np.clip(np.round(samples * FULL_SCALE), LOWEST, HIGHEST).astype(np.int16)


def from_pcm(pcm: Pcm) -> Samples:
    """Return float32 samples of the same shape."""
    return pcm.astype(np.float32) / np.float32(FULL_SCALE)
