"""Ears with a thread of their own, for a loop that has to keep time.

To get ready takes longer than anybody waits for a hello, and while somebody talks on, some blocks
take longer than they last. So all of that is done beside the loop, in the order in which the loop
asked for it. What was heard comes out with the next block. Ears that are not ready yet, or fall
behind, are late, but not deaf. The recognizer's library lets others compute meanwhile.
"""

import atexit
import gc
import sys
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor

from assistant.audio.device import RATE_IN, Samples
from assistant.hearing.ears import Ears
from assistant.hearing.grammar import Grammar
from assistant.hearing.listener import Heard

WARM_UP_SECONDS = 2.0
"""Of speech: after that the recognizers' graphs hardly grow, and the ears should be ready soon."""
MOST_CALLS = 4
"""Done before what was heard is handed out."""
MOST_WAITING = 1_000
"""Calls, so about 20 s. Further behind, a command would be obeyed when nobody remembers it: what
comes then is not heard, and a computer that is too slow does not run out of memory."""
SWITCH_SECONDS = 0.0005
"""A thread that computes in Python gives the others a turn so often; the usual 5 ms are too long
for a loop that needs several turns in a block."""


class EarsBeside:
    """Ears that `make` makes, once they are to get ready; all of it is done by `thread`.

    `thread` does one thing after the other, by default a thread made for it.
    """

    def __init__(self, make: Callable[[], Ears], thread: Executor | None = None) -> None:
        self._make, self._thread = make, thread or ThreadPoolExecutor(1, "ears")
        self._calls: deque[Callable[[Ears], list[Heard] | None]] = deque()
        self._unprepared: deque[Grammar] = deque()
        self._work: Future[list[Heard]] = Future()

    def get_ready(
        self, grammars: Callable[[], Sequence[Grammar]], speech: Future[Samples | None]
    ) -> None:
        """Make everything, and listen as soon as that is done for the first grammar.

        `speech`, (n,) at 16 kHz, is decoded before it matters: the first words take longest. What
        fails is raised by `listen`.
        """
        sys.setswitchinterval(SWITCH_SECONDS)
        self._work = self._thread.submit(self._begin, grammars, speech)

    def expect(self, grammar: Callable[[], Grammar]) -> None:
        """From the next utterance on, hear the sentences of `grammar`, made when that is due."""
        self._calls.append(lambda ears: ears.expect(grammar))

    def coach_says(self, text: str, seconds: float) -> None:
        """Know that the coach begins to say `text` now, and is done after so many seconds."""
        self._calls.append(lambda ears: ears.coach_says(text, seconds))

    def coach_hushed(self) -> None:
        """Know that the coach was cut short."""
        self._calls.append(lambda ears: ears.coach_hushed())

    def change_devices(self) -> None:
        """Know that speaker or microphone are not those of before."""
        self._calls.append(lambda ears: ears.change_devices())

    def listen(self, block: Samples, played: Samples) -> list[Heard]:
        """Take a block, (320,) at 16 kHz, and what was played meanwhile, (960, 2) at 48 kHz.

        Return what has been heard since the last call.
        """
        if len(self._calls) < MOST_WAITING:
            self._calls.append(lambda ears: ears.listen(block, played))
        if not self._work.done():
            return []
        heard = self._work.result()
        self._work = self._thread.submit(self._catch_up)
        return heard

    def _begin(
        self, make_grammars: Callable[[], Sequence[Grammar]], speech: Future[Samples | None]
    ) -> list[Heard]:
        self._ears = self._make()
        gc.disable()  # what is made stays, and to look through it for garbage stops all threads
        try:
            first, *others = make_grammars()
        finally:
            gc.freeze()
            gc.enable()
            atexit.register(gc.unfreeze)  # or libraries complain of what is left at the end
        self._unprepared.extend(others)
        self._ears.expect(lambda: first)
        words = speech.result()
        if words is not None:
            self._ears.warm_up(words[: round(WARM_UP_SECONDS * RATE_IN)])
        return []

    def _catch_up(self) -> list[Heard]:
        heard: list[Heard] = []
        for _ in range(min(len(self._calls), MOST_CALLS)):
            heard += self._calls.popleft()(self._ears) or []
        if self._unprepared and not self._calls:
            self._ears.prepare(self._unprepared.popleft())
        return heard
