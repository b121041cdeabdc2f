"""What the coach itself is saying: words that nobody else need have said.

A sentence is known with its beginning and its end, not with the moment of every word; the words are
spread over it by their letters, which is right within half a second. The echo comes up to 0.4 s
later, and is heard with the room's reverberation.
"""

from collections import deque
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from assistant.understanding.normalize import key_of, words_of

_EARLIER_SECONDS = 1.2
_LATER_SECONDS = 0.5
"""How far the echo of a word may lie behind, or before, its estimated time."""
_ALIKE = 70
"""Percent of the letters, in the likest part of what was said: as "hello eye" for "hello, I'm"."""
_LONG_LETTERS = 6
_REMEMBERED = 4
"""Sentences: an utterance is no longer than that."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    words: tuple[str, ...]
    start: float
    end: float
    cut: float

    def between(self, start: float, end: float) -> list[str]:
        """Return the words that may have sounded between two moments."""
        letters = sum(map(len, self.words))
        place, found = 0, []
        for word in self.words:
            at = self.start + (self.end - self.start) * place / letters
            place += len(word)
            if start <= at <= min(end, self.cut):
                found.append(word)
        return found


class SelfSpeech:
    """Remembers the last sentences that the coach said; times in seconds of sound."""

    def __init__(self) -> None:
        self._sentences: deque[_Sentence] = deque(maxlen=_REMEMBERED)

    def say(self, text: str, start: float, end: float) -> None:
        """Know that `text` is being said from `start` to `end`."""
        words = tuple(key_of(word) for word in words_of(text))
        self._sentences.append(_Sentence(words, start, end, cut=end))

    def hush(self, now: float) -> None:
        """Know that what is said after `now` is said no more."""
        cut = [replace(one, cut=min(one.cut, now)) for one in self._sentences]
        self._sentences = deque(cut, maxlen=_REMEMBERED)

    def hold(self, text: str, start: float, end: float) -> bool:
        """Whether the coach said all of `text`, word by word, when it was heard."""
        wanted = [key_of(word) for word in words_of(text)]
        said = self._between(start, end)
        places = range(len(said) - len(wanted) + 1)
        return bool(wanted) and any(said[at : at + len(wanted)] == wanted for at in places)

    def resemble(self, text: str, start: float, end: float) -> bool:
        """Whether the coach said `text`, or something long enough spelt like it, when it was heard.

        A short word is in any sentence by chance ("ow" in "slowly"), and may be a cry of pain.
        """
        said = "".join(self._between(start, end))
        heard = "".join(key_of(word) for word in words_of(text))
        if len(heard) < _LONG_LETTERS:
            return self.hold(text, start, end)
        return bool(said) and fuzz.partial_ratio(heard, said) >= _ALIKE

    def _between(self, start: float, end: float) -> list[str]:
        return [
            word
            for sentence in self._sentences
            for word in sentence.between(start - _EARLIER_SECONDS, end + _LATER_SECONDS)
        ]
