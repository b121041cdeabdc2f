"""The device contract: each exchange of a block out for a block in is 20 ms of session time.

A block is 960 stereo float32 samples out at 48 kHz, 320 mono float32 samples in at 16 kHz, full
scale 1.0. A sound card paces the exchange in real time, a file lets it run as fast as the processor
allows, a keyboard paces it by the wall clock. The session has no other clock.
"""

from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

BLOCK_SECONDS = 0.02
RATE_IN = 16_000
RATE_OUT = 48_000
BLOCK_IN = 320
BLOCK_OUT = 960

Samples = NDArray[np.float32]
"""float32, full scale 1.0: (n,) mono or (n, 2) stereo."""

SILENCE_IN: Samples = np.zeros(BLOCK_IN, np.float32)
SILENCE_OUT: Samples = np.zeros((BLOCK_OUT, 2), np.float32)
SILENCE_IN.flags.writeable = SILENCE_OUT.flags.writeable = False

DeviceChange = Literal["microphone lost", "microphone back", "speaker lost", "speaker back"]


@dataclass(frozen=True, slots=True)
class Incoming:
    """What came in during one block."""

    block: Samples = field(default_factory=lambda: SILENCE_IN)
    """(320,) at 16 kHz."""
    lines: tuple[str, ...] = ()
    """What was typed meanwhile, without line breaks."""
    changes: tuple[DeviceChange, ...] = ()
    ended: bool = False
    """The input is over (end of file, end of typing): the session closes after this block."""


class Device(Protocol):
    """A microphone and a speaker, or whatever stands in for them."""

    realtime: bool
    """True when `exchange` waits for real time to pass; then nothing else may hold up the loop."""
    audible: bool
    """True when what is played is heard or recorded; otherwise no speech needs rendering."""

    def exchange(self, out: Samples) -> Incoming:
        """Play `out`, (960, 2) at 48 kHz, and return what came in during the same block."""
        ...

    def close(self) -> None:
        """Stop at once and let go of the hardware or the files."""
        ...
