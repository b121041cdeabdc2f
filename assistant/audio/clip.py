"""A clip: rendered speech, ready to play."""

from dataclasses import dataclass

import numpy as np

from assistant.audio.device import RATE_IN, RATE_OUT, Samples


@dataclass(frozen=True, slots=True)
class Clip:
    """Rendered speech, mono at 48 kHz; without samples, a stretch of silence of that length."""

    length: int
    """Samples at 48 kHz."""
    samples: Samples | None = None
    """(length,), full scale 1.0; None where nobody listens (typed conversation)."""

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.length / RATE_OUT

    @property
    def for_warming_up(self) -> Samples | None:
        """Its sound for a recognizer, (n,) at 16 kHz; without a filter, so a little rough."""
        if self.samples is None:
            return None
        rough: Samples = np.ascontiguousarray(self.samples[:: RATE_OUT // RATE_IN])
        return rough
