"""The recognizer contract: blocks of sound in, hypotheses out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.audio.device import Samples

UNKNOWN = "[unk]"
"""What a recognizer writes for speech that its grammar has no word for."""


@dataclass(frozen=True, slots=True)
class Word:
    """One recognized word and where it lay, in seconds of sound since the session began."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What the recognizer believes was said."""

    text: str
    final: bool
    """False: a partial, which may still change."""
    words: tuple[Word, ...] = ()
    """Only in a final one."""
    likelihood: float = 0.0
    """Of a final one: logarithm of how likely the words and the sound are, up to a factor that is
    the same for all recognizers of a model. Comparable over the same blocks only."""
    others: tuple["Hypothesis", ...] = ()
    """Of a final one: what else it may have been, likeliest first."""

    @property
    def readings(self) -> tuple["Hypothesis", ...]:
        """The likeliest and the others."""
        return (self, *self.others)


class Recognizer(Protocol):
    """Turns sound into hypotheses, within a list of phrases if it is given one."""

    def expect(self, phrases: Sequence[str]) -> None:
        """From the next utterance on, hear only words and word pairs of `phrases`."""
        ...

    def prepare(self, phrases: Sequence[str]) -> None:
        """Make ready for `expect(phrases)`, so that it costs nothing then."""
        ...

    def warm_up(self, speech: Samples) -> None:
        """Decode some speech, (n,) at 16 kHz, that belongs to no utterance and takes no time."""
        ...

    def accept(self, block: Samples) -> Hypothesis | None:
        """Take one block, (320,) at 16 kHz; return a hypothesis when there is news."""
        ...

    def finish(self) -> Hypothesis:
        """End the utterance now and return the final hypothesis (its text may be empty)."""
        ...
