"""The voice contract: text in, a clip out. A voice never plays anything."""

from typing import Protocol

from assistant.audio.clip import Clip

PATIENCE_SECONDS, PATIENCE_PER_WORD_SECONDS = 3.0, 0.1


def patience_seconds(text: str) -> float:
    """Return how long rendering `text` may take; a voice that takes longer counts as hanging."""
    return PATIENCE_SECONDS + PATIENCE_PER_WORD_SECONDS * len(text.split())


class Voice(Protocol):
    """Something that can speak."""

    key: str
    """Identifies engine, voice and version: what a cached clip depends on besides text and rate."""
    loading_seconds: float
    """How much longer the first sentence may take, on a slow computer."""

    def render(self, text: str, rate: float = 1.0) -> Clip:
        """Speak `text` into a clip; `rate` 1.0 is the coach's normal speed, 2.0 twice as fast.

        Raises VoiceError when the engine fails, and after `patience_seconds` if it can.
        """
        ...

    def close(self) -> None:
        """Let go of the engine."""
        ...
