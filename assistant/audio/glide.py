"""A gain that never jumps."""

import numpy as np

from assistant.audio.device import BLOCK_OUT, Samples


class Glide:
    """A gain that moves to its target in a straight line, at most `down` or `up` per block."""

    def __init__(self, value: float, down: float, up: float) -> None:
        self.value = self.target = value
        self._down, self._up = down, up

    def ramp(self) -> Samples | float:
        """Return the gain over the next block: one number, or (960, 1) while it moves."""
        start = self.value
        if start == self.target:
            return start
        self.value = min(max(self.target, start - self._down), start + self._up)
        ramp = np.linspace(start, self.value, BLOCK_OUT, endpoint=False, dtype=np.float32)
        return ramp[:, np.newaxis]

    def settle(self) -> None:
        """Jump to the target: nothing is playing that could click."""
        self.value = self.target
