"""An attention word for noisy homes: without it, only what must never wait is obeyed.

Said alone, it opens the ear for what is said next; said before a command, it is a filler.
"""

from assistant.understanding.normalize import words_of

OPEN_SECONDS = 6.0
"""From the attention word said alone to the command: time to find the words."""


class Attention:
    """Tells whether an utterance is meant for the coach. Times in seconds of the session."""

    def __init__(self, word: str) -> None:
        self._words = words_of(word)
        self._open_until = 0.0

    def addressed(self, text: str, start: float) -> bool:
        """Tell whether what was said from `start` on follows the attention word."""
        before, self._open_until = self._open_until, 0.0
        return start <= before or words_of(text)[: len(self._words)] == self._words

    def called(self, text: str, end: float) -> bool:
        """Tell whether it was the attention word alone, up to `end`; then the next one counts."""
        alone = words_of(text) == self._words
        if alone:
            self._open_until = end + OPEN_SECONDS
        return alone
