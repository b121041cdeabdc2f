"""The pace of 20 ms blocks when no sound card sets it."""

import time
from collections.abc import Callable

from assistant.audio.device import BLOCK_SECONDS


class WallClock:
    """Lets one block pass every 20 ms from the moment it is made, without drift.

    Blocks that are late are made up for at once.
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
