"""Speech input on a thread of its own, for a loop that has to keep time.

Getting ready takes longer than a user waits for hello, and while somebody talks, decoding some
blocks takes longer than they last. So all hearing happens on a worker thread, in the order in which
the loop asked for it, and what was heard comes out with a later block. Before it is ready, or when
it falls behind, input is queued rather than lost. Vosk releases the GIL while it decodes.
"""

import atexit
import gc
import sys
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor

from assistant.audio.device import RATE_IN, Samples
from assistant.hearing.endpointer import SpeechEvent
from assistant.hearing.speech_input import InlineSpeechInput
from assistant.understanding.grammar import Grammar

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


class ThreadedSpeechInput:
    """Runs the speech input that `make` returns on `thread`, starting with `get_ready`.

    `thread` must run one call at a time; by default it is a new single-thread executor.
    """

    def __init__(
        self, make: Callable[[], InlineSpeechInput], thread: Executor | None = None
    ) -> None:
        self._make, self._thread = make, thread or ThreadPoolExecutor(1, "ears")
        self._calls: deque[Callable[[InlineSpeechInput], list[SpeechEvent] | None]] = deque()
        self._unprepared: deque[Grammar] = deque()
        self._work: Future[list[SpeechEvent]] = Future()

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

    def listen(self, block: Samples, played: Samples) -> list[SpeechEvent]:
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
    ) -> list[SpeechEvent]:
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

    def _catch_up(self) -> list[SpeechEvent]:
        heard: list[SpeechEvent] = []
        for _ in range(min(len(self._calls), MOST_CALLS)):
            heard += self._calls.popleft()(self._ears) or []
        if self._unprepared and not self._calls:
            self._ears.prepare(self._unprepared.popleft())
        return heard
