"""Words around sentences that change nothing: fillers ("please") and connectors ("and").

The interpreter, which splits an utterance into sentences, and the grammar, which tells how far a
text has got, skip the same words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.understanding.normalize import key_of, words_of


@dataclass(frozen=True, slots=True)
class Filler:
    """A filler or connector found in a text."""

    end: int
    """The position of the word after it."""
    may_begin: bool
    """Whether it may stand before the first sentence; a mere connector may not."""
    connects: bool
    """Whether it announces another sentence."""


class FillerWords:
    """The fillers and connectors of a set of templates."""

    def __init__(
        self, fillers: Sequence[str] = (), connectors: Sequence[str] = (), language: str = "en"
    ) -> None:
        self.fillers = _normalized(fillers, language)
        self.connectors = _normalized(connectors, language)
        self._phrases = {
            tuple(map(key_of, phrase.split())): (phrase in self.fillers, phrase in self.connectors)
            for phrase in (*self.fillers, *self.connectors)
        }
        self._longest = max(map(len, self._phrases), default=0)

    def at(self, keys: Sequence[str], start: int) -> list[Filler]:
        """Return every filler and connector that begins at `start`, a position in words' keys."""
        ends = range(start + 1, min(start + self._longest, len(keys)) + 1)
        found = ((end, self._phrases.get(tuple(keys[start:end]))) for end in ends)
        return [Filler(end, *roles) for end, roles in found if roles]


def _normalized(phrases: Sequence[str], language: str) -> tuple[str, ...]:
    normalized = (" ".join(words_of(phrase, language)) for phrase in phrases)
    return tuple(phrase for phrase in normalized if phrase)
