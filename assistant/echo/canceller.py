"""Takes the coach's own voice out of what the microphone hears, so that the user can interrupt.

Linear, without a residual suppressor on purpose: one would remove the user's command with the echo.
What is subtracted is the predicted echo times the trust in it: how much of it really is in the
microphone, by the correlation of the two, to which the user's voice adds nothing. It is 1 where
there is an echo, and 0 with headphones, where guesses would only disturb. Until that is known, for
the first four seconds of a device, every guess is taken that is not absurd: most people have a
speaker, and may speak into hello.

The Kalman filter of `echo_path` was chosen over SpeexDSP's canceller, given a filter of the same
length, by `script/bench echo`: in the rooms there it attenuates the echo by 13 dB in seconds 2 to 4
and 33 dB from 8 s on (SpeexDSP 4 and 21), and a user as loud as the echo stands 26 dB above what is
left while speaking (7). Where two clocks differ by 100 millionths SpeexDSP is left with 4 dB, ours
with 32 or more in ten minutes, thanks to `clock_drift`. SpeexDSP takes two thirds of the work. The
echo may come 1 to 400 ms after the sound was handed out, but not at the very same moment.
"""

import numpy as np

from assistant.audio.device import RATE_IN, SILENCE_OUT, Samples
from assistant.echo.clock_drift import ClockDrift
from assistant.echo.path import PARTITIONS, EchoPath
from assistant.echo.reference import Reference

_ECHO_BLOCKS = PARTITIONS + 1
"""So long after the last sound nothing of it can be heard any more."""
_LOUDER = 1.25
"""When this much more power is left than came in, the path is not what it was."""
_DIVERGED = 4.0
"""A guess that makes a block this much louder is none."""
_TRIAL_BLOCKS = 200
"""For so long a path just begun is not judged: its first guesses are wild."""
_LEAST_TRUST = 0.25
"""With less there is no echo, as far as is known,"""
_GIVE_UP_BLOCKS = 400
"""and after so long a path is begun anew: who takes the headphones off will have one."""


class EchoCanceller:
    """Subtracts the echo of `played` from `mic`, block by block, learning the path on the way."""

    def __init__(self) -> None:
        self.learning = True
        """Whether too little was played yet to know the echo."""
        self._reference, self._path, self._drift = Reference(), EchoPath(), ClockDrift()
        self._silent_blocks = _ECHO_BLOCKS + 1
        self._learned_blocks = 0
        self._came, self._left = _Mean(0.96), _Mean(0.96)  # over half a second
        self._common, self._predicted = _Mean(0.99), _Mean(0.99)  # over two seconds

    def cancel(self, mic: Samples, played: Samples) -> Samples:
        """Return `mic` (320,) at 16 kHz without the echo of `played` (960, 2) at 48 kHz.

        `played` is the block handed out together with `mic`. When there is no echo, or nothing was
        played for as long as one can last, `mic` itself is returned.
        """
        turns = self._reference.pass_on(self._drift.slide, self._path.is_late)
        if turns:
            self._path.slide(turns)
            self._drift.forget()
        self._silent_blocks = 0 if played is not SILENCE_OUT else self._silent_blocks + 1
        if not self._expects_echo:
            return mic
        self._reference.take(played)
        for blocks_ago in range(turns, -1, -1):
            self._path.push(self._reference.read(blocks_ago))
        echo = self._path.predict()
        clean, trust = mic - echo, self._trust(mic, echo)
        self._learn(mic, clean, trust)
        if self.learning:
            return clean if _energy(clean) < _DIVERGED * _energy(mic) else mic
        return mic - np.float32(trust) * echo if trust > _LEAST_TRUST else mic

    @property
    def _expects_echo(self) -> bool:
        """Whether something is played, or was a moment ago."""
        return self._silent_blocks <= _ECHO_BLOCKS

    def reset(self) -> None:
        """Forget the path: another speaker or microphone has another one."""
        self._forget()
        self.learning = True

    def way(self) -> tuple[float, float]:
        """Return delay in seconds and strength in dB of the way that was learned.

        The delay is that of its strongest tap; the strength is its gain for white noise.
        """
        taps = self._path.taps()
        delay = float(np.abs(taps).argmax()) / RATE_IN
        return delay, float(10 * np.log10(max(float(np.dot(taps, taps)), 1e-12)))

    def _trust(self, mic: Samples, echo: Samples) -> float:
        """Return the share of the predicted echo that the microphone has been hearing."""
        common = self._common.with_next(float(np.dot(mic, echo)))
        predicted = self._predicted.with_next(_energy(echo))
        return min(1.0, common / predicted) if predicted > 0 else 0.0

    def _learn(self, mic: Samples, clean: Samples, trust: float) -> None:
        """Let the path learn, or begin anew when it makes the echo louder or explains nothing."""
        self._path.learn(clean)
        self._drift.watch(self._path.spectra)
        came, left = self._came.with_next(_energy(mic)), self._left.with_next(_energy(clean))
        self._learned_blocks += 1
        if self._learned_blocks <= _TRIAL_BLOCKS:
            return
        self.learning = False
        explains_nothing = trust < _LEAST_TRUST and self._learned_blocks > _GIVE_UP_BLOCKS
        if left > _LOUDER * came or explains_nothing:
            self._forget()

    def _forget(self) -> None:
        self._path.forget()
        self._drift.forget()
        self._learned_blocks = 0


class _Mean:
    """A mean over the last values, of which the share `kept` of each survives the next one."""

    def __init__(self, kept: float) -> None:
        self._kept, self._mean = kept, 0.0

    def with_next(self, value: float) -> float:
        """Return the mean with one value more."""
        self._mean = self._kept * self._mean + (1 - self._kept) * value
        return self._mean


def _energy(block: Samples) -> float:
    return float(np.dot(block, block))
