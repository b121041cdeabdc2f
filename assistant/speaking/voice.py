"""The voice contract: text in, a clip out. A voice never plays anything."""

from dataclasses import dataclass
from typing import Protocol

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


class Voice(Protocol):
    """Something that can speak."""

    key: str
    """Identifies engine, voice and version: what a cached clip depends on besides text and rate."""
    loading_seconds: float
    """How long the first sentence may take beyond the usual, on a slow computer."""

    def render(self, text: str, rate: float = 1.0) -> Clip:
        """Speak `text` into a clip; `rate` 1.0 is the coach's normal speed, 2.0 twice as fast.

        Raises VoiceError when the engine cannot.
        """
        ...

    def close(self) -> None:
        """Let go of the engine."""
        ...
