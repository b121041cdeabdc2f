"""The recognizer contract: blocks in, hypotheses out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.audio.device import Samples

UNKNOWN = "[unk]"
"""What a recognizer writes for speech that its grammar has no word for."""


@dataclass(frozen=True, slots=True)
class Word:
    """One recognized word and its place, in seconds of audio since the session began."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What the recognizer believes was said."""

    text: str
    final: bool
    """False for a partial, which may still change."""
    words: tuple[Word, ...] = ()
    """Only in a final hypothesis."""
    likelihood: float = 0.0
    """Natural logarithm of how likely the words and the audio are, up to a term that is the same
    for all recognizers of a model; only in a final hypothesis. Comparable over the same blocks
    only."""
    alternatives: tuple["Hypothesis", ...] = ()
    """What else may have been said, likeliest first; only in a final hypothesis."""

    @property
    def n_best(self) -> tuple["Hypothesis", ...]:
        """The hypothesis itself and its alternatives."""
        return (self, *self.alternatives)


class Recognizer(Protocol):
    """Turns audio into hypotheses, limited to a list of phrases if it is given one."""

    def expect(self, phrases: Sequence[str]) -> None:
        """Recognize only words and word pairs of `phrases`, from the next utterance on."""
        ...

    def prepare(self, phrases: Sequence[str]) -> None:
        """Do the slow part of `expect(phrases)` ahead of time."""
        ...

    def warm_up(self, speech: Samples) -> None:
        """Decode some speech, (n,) at 16 kHz, that belongs to no utterance and counts no time."""
        ...

    def accept(self, block: Samples) -> Hypothesis | None:
        """Take one block, (320,) at 16 kHz; return a hypothesis when it has changed."""
        ...

    def finish(self) -> Hypothesis:
        """End the utterance now and return the final hypothesis (its text may be empty)."""
        ...
