"""The open decode: recognition of an utterance with the whole vocabulary, next to the grammar's.

It is needed only when a command may be about to be accepted, so blocks wait until then. They are
decoded in small portions, ahead of the decision, while the speech still looks like a command.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from assistant.audio.device import Samples
from assistant.hearing.recognizer import Hypothesis, Recognizer

_CATCH_UP_BLOCKS = 4
"""Decoded at most per call. Decoding the whole utterance at the moment of decision was tried: an
open vocabulary takes too long for that and held up the loop for many blocks."""

_NEAR_BLOCKS = 50
"""Up to a second behind, the rest can be decoded at once."""


class OpenDecoder:
    """An open-vocabulary recognizer that keeps up with an utterance only while that is useful."""

    def __init__(self, recognizer: Recognizer) -> None:
        self.recognizer = recognizer
        self._kept: deque[Samples] = deque()
        self._decoded = 0  # so many of the blocks kept
        self._ended: list[Hypothesis] = []

    @property
    def is_near(self) -> bool:
        """Whether few enough blocks are waiting to be decoded at once."""
        return len(self._kept) - self._decoded <= _NEAR_BLOCKS

    def add(self, block: Samples) -> None:
        """Keep one block, (320,) at 16 kHz, for later."""
        self._kept.append(block)

    def catch_up(self) -> None:
        """Decode a few of the waiting blocks."""
        self._decode(_CATCH_UP_BLOCKS)

    def finish(self, blocks: int) -> Hypothesis:
        """Return the final hypothesis about the first so many blocks of the utterance."""
        if blocks < self._decoded:
            self.rewind()
        self._decode(blocks - self._decoded)
        earlier, last = tuple(self._ended), self.recognizer.finish()
        self._ended.clear()
        alternatives = tuple(_joined(earlier, other) for other in last.alternatives)
        return replace(_joined(earlier, last), alternatives=alternatives)

    def rewind(self) -> None:
        """Go back to the start of the utterance."""
        if self._ended or self._decoded:
            self.recognizer.finish()
        self._ended.clear()
        self._decoded = 0

    def keep_last(self, blocks: int) -> None:
        """Start another utterance with the last so many blocks."""
        self.rewind()
        for _ in range(len(self._kept) - blocks):
            self._kept.popleft()

    def _decode(self, most: int) -> None:
        for block in islice(self._kept, self._decoded, self._decoded + most):
            self._decoded += 1
            hypothesis = self.recognizer.accept(block)
            if hypothesis is not None and hypothesis.final:
                self._ended.append(hypothesis)


def _joined(earlier: Sequence[Hypothesis], last: Hypothesis) -> Hypothesis:
    """Join the parts into which the recognizer split the utterance at silences."""
    parts = (*earlier, last)
    text = " ".join(part.text for part in parts if part.text)
    return Hypothesis(text, final=True, likelihood=sum(part.likelihood for part in parts))
