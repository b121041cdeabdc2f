"""Finds set phrases ("no", "I mean", "and then") in a text, and splits the text at them."""

from collections.abc import Iterator, Sequence

from assistant.understanding.normalize import key_of, words_of


class Phrases:
    """A list of phrases; where two of them overlap, the longer comes first."""

    def __init__(self, phrases: Sequence[str], language: str = "en") -> None:
        keys = [[key_of(word) for word in words_of(phrase, language)] for phrase in phrases]
        self._keys = sorted(keys, key=lambda each: -len(each))

    def stand_in(self, text: str) -> bool:
        """Whether one of them stands in `text`."""
        return any(self.places(text))

    def around(self, text: str) -> Iterator[tuple[str, str, str]]:
        """Yield what stands before a phrase, the phrase, and what stands after it."""
        words = text.split()
        for start, end in self.places(text):
            yield " ".join(words[:start]), " ".join(words[start:end]), " ".join(words[end:])

    def between(self, text: str) -> Iterator[tuple[str, str, str]]:
        """Yield the same where something stands on both sides."""
        yield from (parts for parts in self.around(text) if parts[0] and parts[2])

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where a phrase stands, as positions of words."""
        keys = [key_of(word) for word in text.split()]
        for phrase in self._keys:
            for start in range(len(keys) - len(phrase) + 1):
                if keys[start : start + len(phrase)] == phrase:
                    yield start, start + len(phrase)


class Negation:
    """Tells whether something in a text may be denied: in "no pain", but not in "no, it hurts"."""

    def __init__(self, negators: Phrases, answers: Phrases) -> None:
        """`answers` are phrases in which a negator answers and denies nothing."""
        self._negators, self._answers = negators, answers

    def stands_in(self, text: str) -> bool:
        """Whether a negator stands in `text` that is no answer."""
        answers = list(self._answers.places(text))
        return any(
            not any(first <= start and end <= last for first, last in answers)
            for start, end in self._negators.places(text)
        )
