"""One sentence being rendered, and how long that may take."""

import time

from assistant.speaking.ready_clips import Wanted
from assistant.speaking.voice import Voice

PATIENCE_SECONDS, PATIENCE_PER_WORD_SECONDS = 3.0, 0.1
"""After which a voice counts as hanging; its first sentence may take `loading_seconds` more."""


class RenderJob:
    """One text being rendered by one voice, with the time until patience ends."""

    def __init__(self, wanted: Wanted, voice: Voice, *, warm: bool) -> None:
        self.wanted = wanted
        self.voice = voice
        words = len(wanted[0].split())
        loading = 0.0 if warm else voice.loading_seconds
        patience = PATIENCE_SECONDS + PATIENCE_PER_WORD_SECONDS * words + loading
        self._ends = time.monotonic() + patience

    def renders(self, voice: Voice, wanted: Wanted) -> bool:
        """Tell whether this is what it is doing."""
        return self.voice is voice and self.wanted == wanted

    def left(self) -> float:
        """Seconds of patience left."""
        return max(0.0, self._ends - time.monotonic())
