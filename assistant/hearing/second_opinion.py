"""What is heard without a grammar: an open-vocabulary decode of the same stretch of sound.

It is wanted only when a command may be about to fire, so the sound waits until then and is decoded
in small portions, ahead of the decision, while the speech still looks like a command.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from assistant.audio.device import BLOCK_SECONDS, Samples
from assistant.hearing.recognizer import Hypothesis, Recognizer

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
        self._ended: list[Hypothesis] = []
        self._later: deque[Samples] = deque()
        self._held = self._begun = False

    @property
    def is_near(self) -> bool:
        """Whether little enough waits to be decoded within a moment."""
        return len(self._waiting) <= _NEAR_BLOCKS

    def take(self, block: Samples) -> None:
        """Remember one block, (320,) at 16 kHz."""
        (self._later if self._held else self._waiting).append(block)

    def hold(self) -> None:
        """Leave out what comes from here on: the other recognizer has answered."""
        self._held = True

    def go_on(self) -> None:
        """Take in what was left out: the answer was not the last one."""
        self._held = False
        self._waiting.extend(self._later)
        self._later.clear()

    def follow(self) -> None:
        """Decode a little of what waits."""
        self._decode(_CATCH_UP_BLOCKS)

    def finish(self) -> Hypothesis:
        """Decode the rest; return what may have been said since the last answer, as a whole."""
        self._decode(len(self._waiting))
        earlier, last = tuple(self._ended), self.recognizer.finish()
        self._ended.clear()
        self._begun = False
        others = tuple(_joined(earlier, other) for other in last.others)
        return replace(_joined(earlier, last), others=others)

    def forget(self, keep_seconds: float) -> None:
        """Drop everything except the last `keep_seconds` of what waits."""
        if self._begun:
            self.recognizer.finish()
            self._ended.clear()
            self._begun = False
        self.go_on()
        for _ in range(len(self._waiting) - round(keep_seconds / BLOCK_SECONDS)):
            self._waiting.popleft()

    def _decode(self, most: int) -> None:
        for _ in range(min(most, len(self._waiting))):
            self._begun = True
            hypothesis = self.recognizer.accept(self._waiting.popleft())
            if hypothesis is not None and hypothesis.final:
                self._ended.append(hypothesis)


def _joined(earlier: Sequence[Hypothesis], last: Hypothesis) -> Hypothesis:
    """Put together what the recognizer itself has taken apart where it heard a silence."""
    parts = (*earlier, last)
    text = " ".join(part.text for part in parts if part.text)
    return Hypothesis(text, final=True, likelihood=sum(part.likelihood for part in parts))
