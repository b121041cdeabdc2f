"""What is heard without a grammar: an open-vocabulary decode of the same stretch of sound.

It is wanted only when a command may be about to fire, so the sound waits until then and is decoded
in small portions, ahead of the decision, while the speech still looks like a command.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from assistant.audio.device import Samples
from assistant.hearing.recognizer import Hypothesis, Recognizer

_CATCH_UP_BLOCKS = 4
"""Decoded at most per call. Decoding the whole stretch at the moment of decision was tried: an open
vocabulary takes too long, and held up the loop for many blocks."""

_NEAR_BLOCKS = 50
"""Up to a second behind, the answer can still be had at once."""


class OpenDecoder:
    """An open-vocabulary recognizer that follows a stretch of sound only while it is worth it."""

    def __init__(self, recognizer: Recognizer) -> None:
        self.recognizer = recognizer
        self._kept: deque[Samples] = deque()
        self._decoded = 0  # of those, the first so many
        self._ended: list[Hypothesis] = []

    @property
    def is_near(self) -> bool:
        """Whether little enough waits to be decoded within a moment."""
        return len(self._kept) - self._decoded <= _NEAR_BLOCKS

    def take(self, block: Samples) -> None:
        """Remember one block, (320,) at 16 kHz."""
        self._kept.append(block)

    def follow(self) -> None:
        """Decode a little of what waits."""
        self._decode(_CATCH_UP_BLOCKS)

    def finish(self, blocks: int) -> Hypothesis:
        """Return what may have been said in the first so many blocks of the stretch, as a whole."""
        if blocks < self._decoded:
            self.hear_again()
        self._decode(blocks - self._decoded)
        earlier, last = tuple(self._ended), self.recognizer.finish()
        self._ended.clear()
        others = tuple(_joined(earlier, other) for other in last.others)
        return replace(_joined(earlier, last), others=others)

    def hear_again(self) -> None:
        """Go back to the start of the stretch: the answer was not the last one."""
        if self._ended or self._decoded:
            self.recognizer.finish()
        self._ended.clear()
        self._decoded = 0

    def keep(self, blocks: int) -> None:
        """Begin a new stretch, with the last so many blocks that have been taken."""
        self.hear_again()
        for _ in range(len(self._kept) - blocks):
            self._kept.popleft()

    def _decode(self, most: int) -> None:
        for block in islice(self._kept, self._decoded, self._decoded + most):
            self._decoded += 1
            hypothesis = self.recognizer.accept(block)
            if hypothesis is not None and hypothesis.final:
                self._ended.append(hypothesis)


def _joined(earlier: Sequence[Hypothesis], last: Hypothesis) -> Hypothesis:
    """Put together what the recognizer itself has taken apart where it heard a silence."""
    parts = (*earlier, last)
    text = " ".join(part.text for part in parts if part.text)
    return Hypothesis(text, final=True, likelihood=sum(part.likelihood for part in parts))
