"""An attention word for noisy homes: without it, only what can never wait is obeyed.

Said before a command, the word is a filler. Said alone, it announces that a command follows.
"""

from assistant.understanding.normalize import words_of

OPEN_SECONDS = 6.0
"""From the attention word said alone to the start of the command: time to find the words."""


class Attention:
    """Tells whether an utterance is meant for the coach. Times are in seconds of the session."""

    def __init__(self, word: str) -> None:
        self._words = words_of(word)
        self._open_until = 0.0

    def addressed(self, text: str, start: float) -> bool:
        """Return whether an utterance that began at `start` begins with the word or follows it.

        The word said alone counts for one utterance only.
        """
        before, self._open_until = self._open_until, 0.0
        return start <= before or words_of(text)[: len(self._words)] == self._words

    def called(self, text: str, end: float) -> bool:
        """Return whether `text`, which ended at `end`, is the attention word alone."""
        alone = words_of(text) == self._words
        if alone:
            self._open_until = end + OPEN_SECONDS
        return alone
