"""A simulated bathroom: a simulated user speaks, the coach's voice echoes, and noise may run.

To the session it is a device like any other. Without audio it only passes typed lines, so an hour
takes no time.
"""

from collections import deque
from collections.abc import Iterable, Iterator

import numpy as np

from assistant.audio.clip import Clip
from assistant.audio.device import (
    BLOCK_IN,
    BLOCK_OUT,
    RATE_OUT,
    DeviceChange,
    Incoming,
    Samples,
)
from assistant.audio.resampling import BlockCutter
from assistant.rehearsal.acoustics import Acoustics

ECHO_DELAY_BLOCKS = 3
"""60 ms from the speaker to the microphone: a laptop's buffers and a meter of air."""
NO_INPUT = Incoming()
SILENT = Acoustics(echo=None)


class Room:
    """The simulated device.

    `audible`: there is sound in it; else only typed lines pass. `user_clips` are examples of the
    user's speech, from which the level of the noise follows. `record` keeps what both sides say.
    """

    realtime = False

    def __init__(
        self,
        audible: bool,
        acoustics: Acoustics = SILENT,
        user_clips: Iterable[Clip] = (),
        record: bool = False,
    ) -> None:
        self.audible = audible
        self._record = record
        self._recording: list[Samples] = []
        self._echo = acoustics.echo_gain
        self._noise = acoustics.noise.under(_samples(user_clips)) if acoustics.noise else None
        self._noise_at = 0
        self._lines: deque[str] = deque()
        self._changes: deque[DeviceChange] = deque()
        self._voice: Samples = np.zeros(0, np.float32)
        self._delayed: deque[Samples] = deque([np.zeros(BLOCK_OUT, np.float32)] * ECHO_DELAY_BLOCKS)
        if audible:
            self._cutter = BlockCutter(RATE_OUT)

    @property
    def user_speaking(self) -> bool:
        """Whether the simulated user is still speaking."""
        return len(self._voice) > 0

    def type(self, line: str) -> None:
        """Type a line."""
        self._lines.append(line)

    def speak(self, clip: Clip) -> None:
        """Say a clip, from the next block on."""
        assert clip.samples is not None
        self._voice = np.concatenate([self._voice, clip.samples])

    def change(self, change: DeviceChange) -> None:
        """Plug something in or out."""
        self._changes.append(change)

    def exchange(self, out: Samples) -> Incoming:
        """Play `out` into the room and return what the microphone hears."""
        lines = (self._lines.popleft(),) if self._lines else ()
        changes = (self._changes.popleft(),) if self._changes else ()
        if not self.audible:
            return Incoming(lines=lines, changes=changes) if lines or changes else NO_INPUT
        user, self._voice = self._voice[:BLOCK_OUT], self._voice[BLOCK_OUT:]
        user = np.pad(user, (0, BLOCK_OUT - len(user)))
        if self._record:
            self._recording.append(np.stack([out.mean(axis=1), user], axis=1))
        return Incoming(self._at_microphone(out, user), lines, changes)

    def recorded(self) -> Samples:
        """Return the recording, (n, 2) at 48 kHz: the coach left, the user right."""
        return np.concatenate(self._recording)

    def close(self) -> None:
        """Do nothing."""

    def _at_microphone(self, out: Samples, user: Samples) -> Samples:
        """Mix the user and the delayed echo, resample to 16 kHz, and add the noise, if any."""
        self._delayed.append(out.mean(axis=1) * self._echo)
        mixed = user + self._delayed.popleft()
        self._cutter.add(mixed)
        ready = self._cutter.take()
        # Within the first 0.2 s the resampler sometimes has less than a block ready. Zeros fill it
        # up; after that, its delay does not change any more.
        heard = np.pad(ready, (BLOCK_IN - len(ready), 0)).astype(np.float32)
        return heard if self._noise is None else heard + self._next_noise(self._noise)

    def _next_noise(self, noise: Samples) -> Samples:
        """Return the next (320,) of the noise, which begins again at its end."""
        at = self._noise_at
        self._noise_at += BLOCK_IN
        return noise.take(range(at, at + BLOCK_IN), mode="wrap")


def _samples(clips: Iterable[Clip]) -> Iterator[Samples]:
    return (clip.samples for clip in clips if clip.samples is not None)
