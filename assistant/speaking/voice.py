"""The voice contract: text in, a clip out. A voice never plays anything."""

from typing import Protocol

from assistant.audio.clip import Clip

PATIENCE_SECONDS, PATIENCE_PER_WORD_SECONDS = 10.0, 0.1
"""Normally a sentence takes well under a second, on a busy computer several. To wait in vain is
better than to give up a voice that is only slow: what is needed soon is rendered ahead anyway."""
LOADING_SECONDS = 30.0
"""How much longer an engine may take to start: on a busy computer, reading it from a slow disk."""


def patience_seconds(text: str) -> float:
    """Return how long rendering `text` may take; a voice that takes longer counts as hanging."""
    return PATIENCE_SECONDS + PATIENCE_PER_WORD_SECONDS * len(text.split())


class Voice(Protocol):
    """Something that can speak."""

    key: str
    """Identifies engine, voice and version: what a cached clip depends on besides text and rate."""
    loading_seconds: float
    """How much longer the first sentence may take."""

    def render(self, text: str, rate: float = 1.0) -> Clip:
        """Speak `text` into a clip; `rate` 1.0 is the coach's normal speed, 2.0 twice as fast.

        Raises VoiceError when the engine fails, and after `patience_seconds` if it can.
        """
        ...

    def close(self) -> None:
        """Let go of the engine."""
        ...
