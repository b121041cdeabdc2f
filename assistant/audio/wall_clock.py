"""The pace of 20 ms blocks when no sound card sets it."""

import time
from collections.abc import Callable

from assistant.audio.device import BLOCK_SECONDS

ASLEEP = 0.5
"""Seconds late after which nobody was there to be late."""


class WallClock:
    """Lets one block pass every 20 ms from the moment it is made, without drift.

    Blocks that are a little late are made up for at once. After a long sleep (of the computer, of a
    stopped process) time goes on from where it was.
    """

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._now, self._sleep = now, sleep
        self._start = now()
        self._blocks = 0

    def wait(self) -> None:
        """Return when the next block is due."""
        self._blocks += 1
        early = self._start + self._blocks * BLOCK_SECONDS - self._now()
        if early > 0:
            self._sleep(early)
        elif early < -ASLEEP:
            self._start -= early
