"""A recognizer that can be asked early and go on as if it had not been.

`VoskRecognizer.finish` tells at once what was said, but ends the utterance. The stretch keeps the
sound of the present stretch, so that the answer can be had early and the stretch heard again from
its start, together with what came after, when it turns out that the user had not finished.
Promises: word times are seconds of sound since the session began, however often a stretch was
heard again; hearing again is spread over several blocks, so that no single block is late.
"""

from collections import deque
from dataclasses import replace

from assistant.audio.device import BLOCK_SECONDS, Samples
from assistant.hearing.recognizer import Hypothesis, Recognizer, Word

_CATCH_UP_BLOCKS = 8
"""Decoded at most per block that comes in, so that none of them is late."""


class UtteranceBuffer:
    """A recognizer with a memory of the present stretch of sound.

    What it is given lags behind the session's clock by `late` blocks.
    """

    def __init__(self, recognizer: Recognizer, late: int = 0) -> None:
        self._recognizer = recognizer
        self.partial = ""
        """What the recognizer believes so far about the present stretch."""
        self._kept: deque[Samples] = deque()
        self._first = -late  # number of the first block kept, counted from the session's start
        self._next = -late  # number of the block that the recognizer gets next
        self._accepted = 0  # blocks that it got, those heard again included

    @property
    def decoded(self) -> int:
        """Blocks of the stretch that its answer is about."""
        return self._next - self._first

    @property
    def kept(self) -> int:
        """Blocks of the stretch so far."""
        return len(self._kept)

    def take(self, block: Samples) -> None:
        """Remember one block, (320,) at 16 kHz; `hear` or `finish` decodes it."""
        self._kept.append(block)

    def hear(self) -> Hypothesis | None:
        """Decode what is new; a hypothesis only if the recognizer ended the utterance itself."""
        return self._decode(_CATCH_UP_BLOCKS)

    def finish(self) -> Hypothesis:
        """Tell what was said in the stretch up to now; nothing is forgotten."""
        ended = self._decode(len(self._kept))
        if ended is not None and ended.text:
            return ended
        return self._placed(self._recognizer.finish())

    def hear_again(self) -> None:
        """Go back to the start of the stretch, and on from there."""
        self._next = self._first

    def begin(self) -> None:
        """Drop what has been decoded: what comes next is another stretch."""
        self._drop(self.decoded)

    def wait(self, keep_seconds: float) -> None:
        """Drop all, decoded or not, except the last `keep_seconds`."""
        self._drop(len(self._kept) - round(keep_seconds / BLOCK_SECONDS))

    def _drop(self, blocks: int) -> None:
        for _ in range(blocks):
            self._kept.popleft()
            self._first += 1
        self._next = max(self._next, self._first)

    def _decode(self, most: int) -> Hypothesis | None:
        for _ in range(min(most, self._first + len(self._kept) - self._next)):
            hypothesis = self._recognizer.accept(self._kept[self._next - self._first])
            self._next += 1
            self._accepted += 1
            if hypothesis is not None and hypothesis.final:
                return self._placed(hypothesis)
            if hypothesis is not None:
                self.partial = hypothesis.text
        return None

    def _placed(self, hypothesis: Hypothesis) -> Hypothesis:
        """Put word times on the session's clock: the recognizer's also counts what it reheard."""
        self.partial = ""
        shift = (self._next - self._accepted) * BLOCK_SECONDS
        return replace(hypothesis, words=tuple(_moved(word, shift) for word in hypothesis.words))


def _moved(word: Word, seconds: float) -> Word:
    return replace(word, start=word.start + seconds, end=word.end + seconds)
