"""A voice for conversations without sound: the right timing, at no cost."""

from assistant.audio.clip import Clip
from assistant.audio.device import RATE_OUT
from assistant.routine.plan import SpokenLine


class SilentVoice:
    """Lasts as long as the planner estimates for the same words, and makes no sound."""

    key = "silent"
    loading_seconds = 0.0

    def render(self, text: str, rate: float = 1.0) -> Clip:
        """Return a clip without samples."""
        return Clip(round(SpokenLine(text, "what").seconds / rate * RATE_OUT))

    def close(self) -> None:
        """Do nothing: there is no engine."""
