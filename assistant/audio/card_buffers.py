"""Between a sound card's callbacks and the loop: rates, block sizes and waiting.

The callbacks run on a thread of the sound system, in bursts of their own and at the card's own
rate. The buffers pass blocks in both directions and never make a callback wait.
"""

import queue
import threading
from collections.abc import Callable

import numpy as np

from assistant.audio.device import BLOCK_IN, RATE_OUT, Samples
from assistant.audio.resampling import BlockCutter, Resampler

SECONDS_AHEAD = 0.055
"""The most that waits for the speaker, so that what is cut falls silent soon after. With less, a
loop that is late once leaves a gap, and from then on the echo arrives later."""

_CHECK_SECONDS = 0.1  # while waiting for room, how often to check that the speaker is alive
_LARGEST_RESERVE = 6 * BLOCK_IN
_MOST_BEHIND = 15 * BLOCK_IN  # 300 ms: a command is answered late rather than not at all


class MicrophoneBuffer:
    """Collects what a microphone delivers at `rate`, and returns it in blocks at 16 kHz."""

    def __init__(self, rate: float) -> None:
        self._arrived: queue.SimpleQueue[Samples] = queue.SimpleQueue()
        self._cutter = BlockCutter(rate)
        self._reserve = BLOCK_IN
        self._collecting = True
        self.empty_takes = 0
        """Calls of `take` in a row before which nothing had arrived."""
        self.gaps = 0
        """How often `take` ran out of sound, or skipped some because the loop was too late."""

    def push(self, frames: Samples) -> None:
        """Take (n, channels) from the callback."""
        self._arrived.put(frames.mean(axis=1))

    def wait(self, seconds: float) -> Samples | None:
        """Return the next (320,) at the microphone's pace; None if it takes more than `seconds`."""
        while len(self._cutter) < BLOCK_IN:
            try:
                self._cutter.add(self._arrived.get(timeout=seconds))
            except queue.Empty:
                return None
        return self._cutter.take()

    def take(self) -> Samples | None:
        """Return the next (320,) without waiting, or None if there is too little.

        After running out, a reserve is collected before the next block is returned, a larger one
        each time: how much the callbacks deliver at once is not known in advance.
        """
        before = len(self._cutter)
        while not self._arrived.empty():
            self._cutter.add(self._arrived.get())
        self.empty_takes = 0 if len(self._cutter) > before else self.empty_takes + 1
        if self._collecting and len(self._cutter) < BLOCK_IN + self._reserve:
            return None
        self._collecting = False
        if len(self._cutter) < BLOCK_IN:
            self.gaps += 1
            self._collecting = True
            self._reserve = min(self._reserve + BLOCK_IN, _LARGEST_RESERVE)
            return None
        if len(self._cutter) > self._reserve + _MOST_BEHIND:
            self.gaps += 1
            self._cutter.skip_to_last(self._reserve + BLOCK_IN)
        return self._cutter.take()


class SpeakerBuffer:
    """Holds a little sound for a speaker of `rate` and `channels` (1 or 2) until it is needed.

    The limit counts samples, not blocks, because a resampler returns blocks of uneven length.
    """

    def __init__(self, rate: float, channels: int) -> None:
        self._resampler = Resampler(RATE_OUT, rate, channels=2)
        self._channels = channels
        self._waiting = np.zeros((0, channels), np.float32)
        self._enough = round(SECONDS_AHEAD * rate)
        self._changed = threading.Condition()
        self._started = False
        self.gaps = 0
        """How often the callback needed more than there was."""

    def put(self, block: Samples, seconds: float, alive: Callable[[], bool]) -> bool:
        """Add (960, 2) as soon as there is room.

        Returns False when there is none for so many seconds, or once the speaker is not `alive`.
        """
        block = self._resampler.add(block)
        if self._channels == 1:
            block = block.mean(axis=1, keepdims=True)
        with self._changed:
            while alive() and seconds > 0:
                if self._changed.wait_for(self.has_room, timeout=_CHECK_SECONDS):
                    self._waiting = np.concatenate([self._waiting, block])
                    self._started = True
                    return True
                seconds -= _CHECK_SECONDS
        return False

    def has_room(self) -> bool:
        """Whether another block would be taken at once."""
        return len(self._waiting) < self._enough

    def fill(self, wanted: Samples) -> None:
        """Write the next samples into `wanted`, (n, channels), for the callback; then silence."""
        with self._changed:
            part, self._waiting = np.split(self._waiting, [len(wanted)])
            self._changed.notify()
        wanted[: len(part)] = part
        wanted[len(part) :] = 0
        self.gaps += self._started and len(part) < len(wanted)
