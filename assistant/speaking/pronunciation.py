"""Respells names, units and numbers so that the voices say them right: pronunciation.yaml.

Promises: only what the file lists is changed, and changing a text twice does no more than once;
text that is not spoken (the screen, the transcript) stays as it was written.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from assistant.content.validation import load

SHIPPED = Path(__file__).with_name("pronunciation.yaml")
_NUMBER = r"(?P<number>\d+(?:[.,]\d+)?)\s?"


class Pronunciation(BaseModel):
    """The file: respellings of words, and the singular and plural name of each unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: dict[str, str]
    units: dict[str, tuple[str, str]]


def spoken_form(text: str) -> str:
    """Return `text` as a voice should read it."""
    said = _unit_pattern().sub(_unit_in_words, text)
    for pattern, respelling in _word_patterns():
        said = pattern.sub(respelling, said)
    return said


@cache
def version() -> str:
    """Identify the respellings: part of each voice's key, so that a change renders again."""
    return hashlib.sha256(SHIPPED.read_bytes()).hexdigest()[:8]


@cache
def pronunciation() -> Pronunciation:
    """Read the shipped file; raises ContentError."""
    return load(SHIPPED, Pronunciation)


@cache
def _word_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what is replaced by what, longer entries first: one may contain another."""
    words = sorted(pronunciation().words.items(), key=lambda entry: -len(entry[0]))
    return tuple(
        (
            re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE if word.islower() else 0),
            respelling,
        )
        for word, respelling in words
    )


@cache
def _unit_pattern() -> re.Pattern[str]:
    units = "|".join(re.escape(unit) for unit in pronunciation().units)
    return re.compile(rf"{_NUMBER}(?P<unit>{units})(?!\w)")


def _unit_in_words(found: re.Match[str]) -> str:
    one, many = pronunciation().units[found["unit"]]
    return f"{found['number']} {one if found['number'] == '1' else many}"
