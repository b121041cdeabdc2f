"""A clip: rendered speech, ready to play."""

from dataclasses import dataclass

from assistant.audio.device import RATE_IN, RATE_OUT, Samples
from assistant.audio.pcm import Pcm, from_pcm
from assistant.audio.resampling import resampled


@dataclass(frozen=True, slots=True)
class Clip:
    """Rendered speech, mono at 48 kHz; without samples, silence of that length."""

    length: int
    """Samples at 48 kHz."""
    samples: Samples | None = None
    """(length,), full scale 1.0; None where nothing is played (typed conversation)."""

    @classmethod
    def from_pcm(cls, pcm: Pcm) -> "Clip":
        """Make a clip of 16-bit samples, (n,) at 48 kHz."""
        return cls(len(pcm), from_pcm(pcm))

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.length / RATE_OUT

    @property
    def for_warming_up(self) -> Samples | None:
        """The sound for a recognizer to warm up with, (n,) at 16 kHz; None without samples."""
        return None if self.samples is None else resampled(self.samples, RATE_OUT, RATE_IN)
