"""What stands between a sound card's callbacks and the loop: rates, block sizes and waiting.

The callbacks come on a thread of the sound system, in its own rhythm and at the card's own rate.
The buffers hand blocks over in both directions without ever making a callback wait.
"""

import queue
import threading
from collections.abc import Callable

import numpy as np
import soxr

from assistant.audio.device import BLOCK_IN, RATE_IN, RATE_OUT, Samples

SECONDS_AHEAD = 0.055
"""No more is accepted while so much waits for the speaker: what is cut is silent soon after. With
less, a loop that is late for once leaves a gap, and the echo comes later from then on."""

_GLANCE = 0.1  # seconds between looks at whether it is worth while to go on waiting
_LONGEST_RESERVE = 6 * BLOCK_IN
_TOO_LATE = 15 * BLOCK_IN  # 300 ms behind: give up what is older


class MicrophoneBuffer:
    """Collects what a microphone delivers at `rate`, and gives it out in blocks at 16 kHz."""

    def __init__(self, rate: float) -> None:
        self._arrived: queue.SimpleQueue[Samples] = queue.SimpleQueue()
        self._resampler = None if rate == RATE_IN else soxr.ResampleStream(rate, RATE_IN, 1)
        self._ready = np.zeros(0, np.float32)
        self._reserve = BLOCK_IN
        self._collecting = True
        self.empty_handed = 0
        """How often in a row `take` or `wait` was called and nothing had arrived."""

    def push(self, frames: Samples) -> None:
        """Take in (n, channels) from the callback."""
        self._arrived.put(frames.mean(axis=1))

    def wait(self, seconds: float) -> Samples | None:
        """Return the next (320,) at the microphone's pace; None if it takes longer than that."""
        while len(self._ready) < BLOCK_IN:
            try:
                self._accept(self._arrived.get(timeout=seconds))
            except queue.Empty:
                return None
        return self._cut()

    def take(self) -> Samples | None:
        """Return the next (320,), or None if there is too little, without waiting.

        After a shortage a reserve is collected first, a larger one each time: the rhythm of the
        callbacks is the sound system's secret.
        """
        arrived = len(self._ready)
        while not self._arrived.empty():
            self._accept(self._arrived.get())
        self.empty_handed = 0 if len(self._ready) > arrived else self.empty_handed + 1
        if self._collecting and len(self._ready) < BLOCK_IN + self._reserve:
            return None
        self._collecting = False
        if len(self._ready) < BLOCK_IN:
            self._collecting = True
            self._reserve = min(self._reserve + BLOCK_IN, _LONGEST_RESERVE)
            return None
        if len(self._ready) > self._reserve + _TOO_LATE:
            self._ready = self._ready[-self._reserve - BLOCK_IN :]
        return self._cut()

    def _accept(self, mono: Samples) -> None:
        if self._resampler is not None:
            mono = self._resampler.resample_chunk(mono)
        self._ready = np.concatenate([self._ready, mono])

    def _cut(self) -> Samples:
        block, self._ready = self._ready[:BLOCK_IN], self._ready[BLOCK_IN:]
        return block


class SpeakerBuffer:
    """Holds a little sound for a speaker of `rate` and `channels` (1 or 2) until it asks for it.

    What waits is counted in samples and not in blocks, which a resampler returns unevenly.
    """

    def __init__(self, rate: float, channels: int) -> None:
        self._resampler = None if rate == RATE_OUT else soxr.ResampleStream(RATE_OUT, rate, 2)
        self._channels = channels
        self._waiting = np.zeros((0, channels), np.float32)
        self._enough = round(SECONDS_AHEAD * rate)
        self._changed = threading.Condition()

    def put(self, block: Samples, seconds: float, alive: Callable[[], bool]) -> bool:
        """Add (960, 2) as soon as there is room.

        False when there is none for so many seconds, or as soon as the speaker is not `alive`.
        """
        if self._resampler is not None:
            block = self._resampler.resample_chunk(block)
        if self._channels == 1:
            block = block.mean(axis=1, keepdims=True)
        with self._changed:
            while alive() and seconds > 0:
                if self._changed.wait_for(self.has_room, timeout=_GLANCE):
                    self._waiting = np.concatenate([self._waiting, block])
                    return True
                seconds -= _GLANCE
        return False

    def has_room(self) -> bool:
        """Whether another block would be taken at once."""
        return len(self._waiting) < self._enough

    def fill(self, wanted: Samples) -> None:
        """Write the next samples into `wanted`, (n, channels), for the callback; else silence."""
        with self._changed:
            part, self._waiting = np.split(self._waiting, [len(wanted)])
            self._changed.notify()
        wanted[: len(part)] = part
        wanted[len(part) :] = 0
