"""Splits text into the word pieces of a BERT vocabulary.

Promises: the same pieces as BERT's uncased tokenizer for text as `words_of` gives it, that is, for
words in lower case with apostrophes (Wu et al., arXiv 1609.08144, section 4.1; Devlin et al.,
arXiv 1810.04805). An unknown word becomes one `[UNK]`.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from assistant.understanding.normalize import words_of

MOST_PIECES = 64
"""Longer texts are cut. That is about 50 words; the longest example has 30."""
_LONGEST_WORD = 40
"""Letters. A longer "word" is noise, and splitting it would take long."""


class WordPieces:
    """A vocabulary: one piece a line, its number the line's. `##` begins what continues a word."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._numbers = {piece: number for number, piece in enumerate(vocabulary)}
        self._unknown = self._numbers["[UNK]"]
        self._start, self._end = self._numbers["[CLS]"], self._numbers["[SEP]"]
        self._of_word = lru_cache(maxsize=4096)(self._split)

    @classmethod
    def load(cls, path: Path) -> "WordPieces":
        """Read a vocabulary file."""
        return cls(path.read_text(encoding="utf-8").split("\n"))

    def numbers(self, text: str) -> list[int]:
        """Return the numbers of the pieces of `text`, between those of `[CLS]` and `[SEP]`."""
        pieces = [
            number
            for word in words_of(_without_accents(text))
            for part in word.replace("'", " ' ").split()
            for number in self._of_word(part)
        ]
        return [self._start, *pieces[: MOST_PIECES - 2], self._end]

    def _split(self, word: str) -> tuple[int, ...]:
        """Return the longest pieces that make up `word`, from the left."""
        if len(word) > _LONGEST_WORD:
            return (self._unknown,)
        numbers = []
        start = 0
        while start < len(word):
            prefix = "##" if start else ""
            for end in range(len(word), start, -1):
                number = self._numbers.get(prefix + word[start:end])
                if number is not None:
                    break
            else:
                return (self._unknown,)
            numbers.append(number)
            start = end
        return tuple(numbers)


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")
