"""Self-speech: what the coach itself was saying when the microphone heard something.

A sentence comes with its start and end, not with the time of each word; the words are spread over
it by their letters, which is right within half a second. The echo comes up to 0.4 s later, and is
heard with the room's reverberation.
"""

from collections import deque
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from assistant.understanding.normalize import key_of, words_of

_EARLIER_SECONDS = 1.2
_LATER_SECONDS = 0.5
"""How far a word's estimated time may be before, or after, the time at which its echo is heard."""
_LEAST_SIMILARITY = 70
"""Percent of the letters, in the most similar part of what was said: "hello eye" for "hello,
I'm"."""
_FEWEST_LETTERS = 6
_MOST_SENTENCES = 4
"""Remembered; no utterance lasts longer than these."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    words: tuple[str, ...]
    start: float
    end: float
    hushed: float

    def between(self, start: float, end: float) -> list[str]:
        """Return the words that may have been audible between two times."""
        letters = sum(map(len, self.words))
        place, found = 0, []
        for word in self.words:
            at = self.start + (self.end - self.start) * place / letters
            place += len(word)
            if start <= at <= min(end, self.hushed):
                found.append(word)
        return found


class SelfSpeech:
    """The last few sentences that the coach said. Times are in seconds of audio."""

    def __init__(self) -> None:
        self._sentences: deque[_Sentence] = deque(maxlen=_MOST_SENTENCES)

    def say(self, text: str, start: float, end: float) -> None:
        """Record that the coach says `text` from `start` to `end`."""
        words = tuple(key_of(word) for word in words_of(text))
        self._sentences.append(_Sentence(words, start, end, hushed=end))

    def hush(self, now: float) -> None:
        """Record that the coach was cut off at `now`."""
        hushed = [replace(one, hushed=min(one.hushed, now)) for one in self._sentences]
        self._sentences = deque(hushed, maxlen=_MOST_SENTENCES)

    def includes(self, text: str, start: float, end: float) -> bool:
        """Whether the coach was saying all of `text`, word by word, between `start` and `end`."""
        wanted = [key_of(word) for word in words_of(text)]
        said = self._between(start, end)
        places = range(len(said) - len(wanted) + 1)
        return bool(wanted) and any(said[at : at + len(wanted)] == wanted for at in places)

    def resembles(self, text: str, start: float, end: float) -> bool:
        """Whether the coach was saying `text`, or something spelled like it, at that time.

        A short text must match word by word: its letters are in any sentence by chance ("ow" in
        "slowly"), and it may be a cry of pain.
        """
        said = "".join(self._between(start, end))
        heard = "".join(key_of(word) for word in words_of(text))
        if len(heard) < _FEWEST_LETTERS:
            return self.includes(text, start, end)
        return bool(said) and fuzz.partial_ratio(heard, said) >= _LEAST_SIMILARITY

    def _between(self, start: float, end: float) -> list[str]:
        return [
            word
            for sentence in self._sentences
            for word in sentence.between(start - _EARLIER_SECONDS, end + _LATER_SECONDS)
        ]
