"""The voice contract: text in, a clip out. A voice never plays anything."""

from typing import Protocol

from assistant.audio.clip import Clip


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
