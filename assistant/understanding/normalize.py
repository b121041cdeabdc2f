"""Text as it is spoken: lower case, no punctuation, numbers in words.

Typed text, the recognizer's output and the words of the templates all pass through here, so that
"Pause for 10 seconds!" and "pause for ten seconds" are the same sentence.
"""

import re

from assistant.numbers import in_words

_NUMBER = re.compile(r"(?<![^\W\d_])\d+(?:\.\d+)?(st|nd|rd|th)?(?![^\W\d_])")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}\b)")
_SIGNS = str.maketrans({"’": "'", "‘": "'", "`": "'", "%": " percent ", "&": " and ", "_": " "})  # noqa: RUF001
_NOT_A_WORD = re.compile(r"[^\w']+")
_MOST_DIGITS = 15
"""Nobody says a longer number, and spelling out thousands of pasted digits would take long."""


def words_of(text: str, language: str = "en") -> list[str]:
    """Split `text` into spoken words: "don't", "seventy", "two"; apostrophes inside a word stay."""
    text = text.casefold().translate(_SIGNS)
    if any(letter.isdigit() for letter in text):
        text = _NUMBER.sub(lambda found: _number_in_words(found, language), _GROUPED.sub("", text))
    return [word for raw in _NOT_A_WORD.split(text) if (word := raw.strip("'"))]


def key_of(word: str) -> str:
    """Return what words are compared by: without apostrophes, since people type "dont"."""
    return word.replace("'", "")


def _number_in_words(found: re.Match[str], language: str) -> str:
    digits = found[0].removesuffix(found[1] or "")
    number = float(digits) if "." in digits else int(digits[:_MOST_DIGITS])
    return in_words(number, language, ordinal=bool(found[1]))
