"""The pace of 20 ms blocks when no sound card sets it."""

import time
from collections.abc import Callable

from assistant.audio.device import BLOCK_SECONDS

MOST_CAUGHT_UP = 0.5
"""Seconds. A longer delay means that the computer slept or the process was stopped."""


class WallClock:
    """Lets one block pass every 20 ms from the moment it is made, without drift.

    After a short delay the late blocks follow at once. After a long one they are skipped: nobody
    was there to hear them.
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
        elif early < -MOST_CAUGHT_UP:
            self._start -= early
