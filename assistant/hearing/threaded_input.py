"""Speech input on a thread of its own, for a loop that has to keep time.

Getting ready takes longer than a user waits for hello, and while somebody talks, decoding some
blocks takes longer than they last. So all hearing happens on a worker thread, in the order in which
the loop asked for it, and what was heard comes out with a later block. Before it is ready, or when
it falls behind, input is queued rather than lost. Vosk releases the GIL while it decodes.
"""

import atexit
import gc
import logging
import sys
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace

from assistant.audio.device import BLOCK_SECONDS, RATE_IN, Samples
from assistant.hearing.speech_events import SpeechEvent, Utterance
from assistant.hearing.speech_input import Grammars, InlineSpeechInput
from assistant.understanding.grammar import Grammar

_log = logging.getLogger(__name__)

WARM_UP_SECONDS = 2.0
"""Of speech: after that the recognizers' graphs hardly grow, and hearing should start soon."""
MOST_WAITING = 1_000
"""Calls, so about 20 s. Further behind, a command would be obeyed long after it was said. What
comes in then is not heard, and a computer that is too slow does not run out of memory."""
BEHIND_SECONDS = 0.5
"""Of waiting audio; from here on catching up matters more than deciding at once."""
SWITCH_SECONDS = 0.0005
"""How often a thread that runs Python code gives way. Python's default of 5 ms is too long for a
loop that needs several turns in a block of 20 ms."""

Call = Callable[[InlineSpeechInput], list[SpeechEvent] | None]


class ThreadedSpeechInput:
    """Runs the speech input that `make` returns on `thread`, from `start` on.

    `thread` must run one call at a time; by default it is a new single-thread executor. Whatever
    fails on it is raised by `listen`.
    """

    def __init__(
        self, make: Callable[[], InlineSpeechInput], thread: Executor | None = None
    ) -> None:
        self._make, self._thread = make, thread or ThreadPoolExecutor(1, "hearing")
        self._calls: deque[Call] = deque()
        self._heard: deque[SpeechEvent] = deque()
        self._unprepared: deque[Grammar] = deque()
        self._work: Future[None] = Future()

    def start(self, grammars: Grammars, first_clip: "Future[Samples | None]") -> None:
        """Make everything, and listen as soon as the first grammar is ready.

        `first_clip` is decoded before hearing begins, since the first words take longest.
        """
        sys.setswitchinterval(SWITCH_SECONDS)
        self._work = self._thread.submit(self._begin, grammars, first_clip)

    def expect(self, grammar: Callable[[], Grammar]) -> None:
        """See `SpeechInput`."""
        self._calls.append(lambda inline: inline.expect(grammar))

    def coach_says(self, text: str, seconds: float) -> None:
        """See `SpeechInput`."""
        self._calls.append(lambda inline: inline.coach_says(text, seconds))

    def coach_hushed(self) -> None:
        """See `SpeechInput`."""
        self._calls.append(lambda inline: inline.coach_hushed())

    def change_devices(self) -> None:
        """See `SpeechInput`."""
        self._calls.append(lambda inline: inline.change_devices())

    def listen(self, block: Samples, played: Samples) -> list[SpeechEvent]:
        """See `SpeechInput`; never waits."""
        if len(self._calls) < MOST_WAITING:
            self._calls.append(lambda inline: inline.listen(block, played))
        if self._work.done():
            self._work.result()
            self._work = self._thread.submit(self._catch_up)
        return [self._heard.popleft() for _ in range(len(self._heard))]

    def _begin(self, make_grammars: Grammars, first_clip: "Future[Samples | None]") -> None:
        began = time.monotonic()
        self._inline = self._make()
        gc.disable()  # nothing made here is garbage, and a collection stops every thread
        try:
            first, *others = make_grammars()
        finally:
            gc.freeze()
            gc.enable()
            atexit.register(gc.unfreeze)  # or libraries complain at exit about what is left
        self._unprepared.extend(others)
        self._inline.expect(lambda: first)
        speech = first_clip.result()
        if speech is not None:
            self._inline.warm_up(speech[: round(WARM_UP_SECONDS * RATE_IN)])
        _log.info("Hearing is ready after %.1f s", time.monotonic() - began)

    def _catch_up(self) -> None:
        """Process all pending calls, then get one more grammar ready."""
        behind = len(self._calls) * BLOCK_SECONDS
        if behind > BEHIND_SECONDS:
            _log.info("Hearing is %.1f s behind", behind)
        while self._calls:
            waiting = len(self._calls) * BLOCK_SECONDS
            self._inline.be_behind(waiting > BEHIND_SECONDS)
            events = self._calls.popleft()(self._inline) or ()
            self._heard.extend(_marked(event, waiting) for event in events)
        if self._unprepared:
            self._inline.prepare(self._unprepared.popleft())


def _marked(event: SpeechEvent, late: float) -> SpeechEvent:
    return replace(event, late=late) if isinstance(event, Utterance) else event
