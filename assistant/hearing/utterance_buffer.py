"""The utterance buffer: decode the utterance early, and go on as if that had not happened.

`VoskRecognizer.finish` returns what was said at once, but ends the utterance. The buffer keeps the
blocks, so that the hypothesis can be had early. If the user had not finished, they are decoded
again from the start, together with what came after.

Promises: word times are seconds of audio since the session began, however often blocks were decoded
again; decoding again is spread over several blocks, so that no single block is late.
"""

from collections import deque
from dataclasses import replace

from assistant.audio.device import BLOCK_SECONDS, Samples
from assistant.hearing.recognizer import Hypothesis, Recognizer, Word

_CATCH_UP_BLOCKS = 8
"""Decoded at most for each block that comes in, so that none of them is late."""


class UtteranceBuffer:
    """A recognizer together with the blocks of the present utterance.

    The blocks that it is given lag behind the session's clock by `lag` blocks.
    """

    def __init__(self, recognizer: Recognizer, lag: int = 0) -> None:
        self._recognizer = recognizer
        self.partial = ""
        """What the recognizer believes so far about the utterance."""
        self._kept: deque[Samples] = deque()
        self._first = -lag  # number of the first block kept, counted from the session's start
        self._next = -lag  # number of the block that the recognizer gets next
        self._accepted = 0  # blocks that the recognizer got, repeated ones included

    @property
    def decoded(self) -> int:
        """Blocks of the utterance that the latest hypothesis is about."""
        return self._next - self._first

    @property
    def kept(self) -> int:
        """Blocks of the utterance so far."""
        return len(self._kept)

    def add(self, block: Samples) -> None:
        """Keep one block, (320,) at 16 kHz, for `decode` or `finish`."""
        self._kept.append(block)

    def decode(self) -> Hypothesis | None:
        """Decode what is new; return a hypothesis only if the recognizer ended the utterance."""
        return self._decode(_CATCH_UP_BLOCKS)

    def finish(self) -> Hypothesis:
        """Return the final hypothesis about all blocks so far, and keep them."""
        ended = self._decode(len(self._kept))
        if ended is not None and ended.text:
            return ended
        return self._on_session_clock(self._recognizer.finish())

    def rewind(self) -> None:
        """Decode from the start of the utterance again."""
        self._next = self._first

    def drop_decoded(self) -> None:
        """Drop what has been decoded: the rest is another utterance."""
        self._drop(self.decoded)

    def keep_last(self, seconds: float) -> None:
        """Drop all blocks but the last `seconds`, decoded or not."""
        self._drop(len(self._kept) - round(seconds / BLOCK_SECONDS))

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
                return self._on_session_clock(hypothesis)
            if hypothesis is not None:
                self.partial = hypothesis.text
        return None

    def _on_session_clock(self, hypothesis: Hypothesis) -> Hypothesis:
        """Shift word times to the session's clock: the recognizer's also counts repeated blocks."""
        self.partial = ""
        shift = (self._next - self._accepted) * BLOCK_SECONDS
        words = tuple(
            Word(word.text, word.start + shift, word.end + shift) for word in hypothesis.words
        )
        return replace(hypothesis, words=words)
