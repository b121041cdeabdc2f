"""What the session listens with: the canceller takes the coach's voice out, the listener decides.

What the canceller leaves of the coach's voice is still speech, and a recognizer hears it. So where
the sound that is left is far weaker than what came in, it was the echo that was cancelled, and
nobody's voice: the listener may hear it, but does not take it for somebody speaking. The
user at the level of the echo leaves half of the sound, and at 6 dB below it a fifth (-7 dB); the
canceller leaves a hundredth once it knows the room, which takes it two or three seconds of speech.

To get ready takes longer than anybody waits for a hello. So it can be done beside the loop; what is
heard meanwhile is kept, and heard as soon as that is over.
"""

import gc
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property

import numpy as np

from assistant.audio.device import RATE_IN, Samples
from assistant.audio.echo_canceller import EchoCanceller
from assistant.hearing.grammar import Grammar
from assistant.hearing.listener import Heard, Listener

ONLY_ECHO = 10 ** (-9 / 10)
"""Share of the power that is left, at most, where there was nothing but echo."""
SMOOTHING = 0.7
"""Of the power, over about three blocks: a pause between two syllables is no silence."""

WARM_UP_SECONDS = 2.0
"""Of speech: after that the recognizers' graphs hardly grow, and the ears should be ready soon."""
CATCH_UP_BLOCKS = 2
"""Heard at most per call: the loop has a block's time for them, and a voice may be rendering."""
SWITCH_SECONDS = 0.0005


class Ears:
    """Turns what the microphone hears while something is played into what the user said."""

    def __init__(
        self, listener: Listener | Callable[[], Listener], canceller: EchoCanceller
    ) -> None:
        self._given, self._canceller = listener, canceller
        self._came = self._left = 0.0
        self._unheard: deque[tuple[Samples, Samples]] = deque()
        self._expected: Callable[[], Grammar] | None = None
        self._ready: Future[Sequence[Grammar]] | None = None

    @cached_property
    def _listener(self) -> Listener:
        return self._given if isinstance(self._given, Listener) else self._given()

    def prepare(self, grammar: Grammar) -> None:
        """Make ready for `expect`; from any thread."""
        self._listener.prepare(grammar)

    def get_ready(
        self, grammars: Callable[[], Sequence[Grammar]], speech: Future[Samples | None]
    ) -> None:
        """Make everything in a thread, and listen as soon as that is done for the first grammar.

        `speech`, (n,) at 16 kHz, is decoded before it matters: the first words take longest. What
        fails is raised by `listen`.
        """
        thread = ThreadPoolExecutor(1, "ears")
        first = self._ready = thread.submit(self._begin, grammars, speech)
        thread.submit(self._go_on, first)
        thread.shutdown(wait=False)

    def expect(self, grammar: Callable[[], Grammar]) -> None:
        """From the next utterance on, hear the sentences of `grammar`, made when that is due."""
        self._expected = grammar

    def listen(self, block: Samples, played: Samples) -> list[Heard]:
        """Take a block, (320,) at 16 kHz, and what was played meanwhile, (960, 2) at 48 kHz."""
        self._unheard.append((block, played))
        if not self._is_ready():
            return []
        if self._expected is not None:
            self._listener.expect(self._expected())
            self._expected = None
        heard: list[Heard] = []
        for _ in range(min(CATCH_UP_BLOCKS, len(self._unheard))):
            heard += self._hear(*self._unheard.popleft())
        return heard

    def _begin(
        self, make_grammars: Callable[[], Sequence[Grammar]], speech: Future[Samples | None]
    ) -> Sequence[Grammar]:
        with _yielding():
            grammars = make_grammars()
        self._listener.expect(grammars[0])
        words = speech.result()
        if words is not None:
            self._listener.warm_up(words[: round(WARM_UP_SECONDS * RATE_IN)])
        return grammars

    def _go_on(self, first: Future[Sequence[Grammar]]) -> None:
        for grammar in first.result()[1:]:
            self.prepare(grammar)

    def _is_ready(self) -> bool:
        if self._ready is not None and self._ready.done():
            self._ready.result()
            self._ready = None
        return self._ready is None

    def _hear(self, block: Samples, played: Samples) -> list[Heard]:
        clean = self._canceller.cancel(block, played)
        return self._listener.listen(clean, echo=self._is_echo(block, clean))

    def _is_echo(self, block: Samples, clean: Samples) -> bool:
        if clean is block:
            self._came = self._left = 0.0
            return False
        self._came = SMOOTHING * self._came + (1 - SMOOTHING) * _power(block)
        self._left = SMOOTHING * self._left + (1 - SMOOTHING) * _power(clean)
        return self._left < ONLY_ECHO * self._came


@contextmanager
def _yielding() -> Iterator[None]:
    """Compute in Python beside a loop that has 20 ms for a block.

    A thread that computes gives the others a turn every 5 ms only, and the loop needs several turns
    a block. What is made stays, and to look through it for garbage would stop all threads.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
        sys.setswitchinterval(before)


def _power(block: Samples) -> float:
    return float(np.dot(block, block)) / len(block)
