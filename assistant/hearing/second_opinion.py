"""May this command fire? An open-vocabulary decode of the same sound has to agree roughly.

A recognizer with a grammar forces foreign speech into commands, and is sure of it ("wow" becomes
"louder", "nine" becomes "no"). Without the grammar the same model hears "wow" and "nine". It also
mishears commands a little ("slower" becomes "flower"), so what counts is how alike the two texts
are spelt, not that they are equal. Foreign speech hits a long command by chance much less often
than a short one, so that more words need less agreement.
"""

from collections import deque

from rapidfuzz.distance import Levenshtein

from assistant.audio.device import BLOCK_SECONDS, Samples
from assistant.hearing.recognizer import Recognizer

_LEAST_ALIKE = {1: 0.4, 2: 0.18}
_LEAST_ALIKE_LONG = 0.3
"""By number of words; see the tests for who is let in and who is not."""
_CATCH_UP_BLOCKS = 4
"""Decoded at most per call: an open vocabulary costs about 0.1 of real time. Decoding the whole
stretch at the moment of decision was tried: it held up the loop for 0.2 to 0.6 s."""

_NEAR_BLOCKS = 50
"""Up to a second behind, about 0.1 s of work, the answer can still be had at once."""


class SecondOpinion:
    """An open-vocabulary recognizer that follows a stretch of sound only while it is worth it."""

    def __init__(self, recognizer: Recognizer) -> None:
        self.recognizer = recognizer
        self._waiting: deque[Samples] = deque()
        self._texts: list[str] = []
        self._begun = False

    @property
    def is_near(self) -> bool:
        """Whether little enough waits to be decoded within a moment."""
        return len(self._waiting) <= _NEAR_BLOCKS

    def take(self, block: Samples) -> None:
        """Remember one block, (320,) at 16 kHz."""
        self._waiting.append(block)

    def follow(self) -> None:
        """Decode a little of what waits."""
        self._decode(_CATCH_UP_BLOCKS)

    def readings(self) -> tuple[str, ...]:
        """Decode the rest; return what may have been said since the last answer, best first."""
        self._decode(len(self._waiting))
        before = " ".join(filter(None, self._texts))
        last = self.recognizer.finish().readings
        self._texts.clear()
        self._begun = False
        return tuple(f"{before} {reading.text}".strip() for reading in last)

    def forget(self, keep_seconds: float) -> None:
        """Drop everything except the last `keep_seconds` of what waits."""
        if self._begun:
            self.recognizer.finish()
            self._texts.clear()
            self._begun = False
        for _ in range(len(self._waiting) - round(keep_seconds / BLOCK_SECONDS)):
            self._waiting.popleft()

    def _decode(self, most: int) -> None:
        for _ in range(min(most, len(self._waiting))):
            self._begun = True
            hypothesis = self.recognizer.accept(self._waiting.popleft())
            if hypothesis is not None and hypothesis.final:
                self._texts.append(hypothesis.text)


def agrees(command: str, heard: str) -> bool:
    """Whether `heard`, decoded without a grammar, can have been `command`."""
    least = _LEAST_ALIKE.get(len(command.split()), _LEAST_ALIKE_LONG)
    return _alike(command, heard) >= least


def _alike(command: str, heard: str) -> float:
    """Return 1.0 for the same spelling, 0.0 for nothing in common; spaces do not count."""
    return Levenshtein.normalized_similarity(command.replace(" ", ""), heard.replace(" ", ""))
