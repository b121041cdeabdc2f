"""Removes the echo of the coach's voice from the microphone, so that the user can interrupt.

It is linear and has no residual suppressor, on purpose: a suppressor removed the user's command
together with the echo. What is subtracted is the predicted echo times the trust in it. The trust is
the share of the prediction that really is in the microphone, from the correlation of the two, to
which the user's voice adds nothing: 1 where there is an echo, and 0 with headphones, where wrong
predictions would only do harm. For the first four seconds with a device, before this is known,
every prediction is subtracted that is not absurd: most people use a speaker, and may speak while
the coach says hello.

The Kalman filter of `path` was chosen over SpeexDSP's canceller with a filter of the same length,
by `script/bench echo`. In the rooms there it attenuates the echo by 13 dB in seconds 2 to 4 and by
33 dB from 8 s on (SpeexDSP: 4 and 21), and a user as loud as the echo is 26 dB above what is left
while speaking (SpeexDSP: 7). Where two clocks differ by 100 ppm, SpeexDSP is left with 4 dB, this
one with 32 or more over ten minutes, thanks to `clock_drift`. SpeexDSP takes two thirds of the
work. The echo may come 1 to 400 ms after the block was handed out, but not at the same moment.
"""

import logging

import numpy as np

from assistant.audio.device import RATE_IN, SILENCE_OUT, Samples
from assistant.echo.clock_drift import ClockDrift
from assistant.echo.path import PARTITIONS, EchoPath
from assistant.echo.reference import Reference

_ECHO_BLOCKS = PARTITIONS + 1
"""For so long after the last sound its echo may be heard."""
_LOUDER = 1.25
"""Ratio of the power that is left to the power that came in: above this, the path has changed."""
_DIVERGED = 4.0
"""The same ratio for one block, above which the prediction is not used."""
_TRIAL_BLOCKS = 200
"""For so long a new path is not judged: its first predictions are wild."""
_SETTLED_BLOCKS = 400
"""By then the echo is some 30 dB weaker, if there is one."""
_LEAST_TRUST = 0.25
"""With less than this, there is no echo as far as is known."""
_GIVE_UP_BLOCKS = 400
"""Without an echo for so long the path is learned from scratch: when the user takes off the
headphones, there will be one."""

_log = logging.getLogger(__name__)


class EchoCanceller:
    """Subtracts the echo of `played` from `mic`, block by block, learning the path on the way."""

    def __init__(self) -> None:
        self.learning = True
        """Whether too little has been played yet to know the echo."""
        self._reference, self._path, self._drift = Reference(), EchoPath(), ClockDrift()
        self._silent_blocks = _ECHO_BLOCKS + 1
        self._learned_blocks = 0
        self._unsettled_blocks = _SETTLED_BLOCKS
        self._last_trust = 0.0
        self._came, self._left = _Mean(0.96), _Mean(0.96)  # over half a second
        self._common, self._predicted = _Mean(0.99), _Mean(0.99)  # over two seconds

    def cancel(self, mic: Samples, played: Samples) -> Samples:
        """Return `mic` (320,) at 16 kHz without the echo of `played` (960, 2) at 48 kHz.

        `played` is the block that was handed out when `mic` came in. The result is `mic` itself,
        the same object, when there is no echo or nothing was played for longer than one lasts.
        """
        shift = self._reference.advance(self._drift.slide, self._path.is_late)
        if shift:
            self._path.shift(shift)
            self._drift.forget()
        self._silent_blocks = 0 if played is not SILENCE_OUT else self._silent_blocks + 1
        if not self._expects_echo:
            return mic
        self._reference.take(played)
        for blocks_ago in range(shift, -1, -1):
            self._path.push(self._reference.read(blocks_ago))
        echo = self._path.predict()
        clean, trust = mic - echo, self._trust(mic, echo)
        self._last_trust = trust
        self._learn(mic, clean, trust)
        if self.learning:
            return clean if _energy(clean) < _DIVERGED * _energy(mic) else mic
        return mic - np.float32(trust) * echo if trust > _LEAST_TRUST else mic

    @property
    def _expects_echo(self) -> bool:
        """Whether something is being played, or was a moment ago."""
        return self._silent_blocks <= _ECHO_BLOCKS

    @property
    def settling(self) -> bool:
        """Whether so much may be left of the echo that its words are recognized."""
        return self._unsettled_blocks > 0

    @property
    def finds_echo(self) -> bool:
        """Whether there has been an echo in the last two seconds of sound, as far as is known."""
        return self._last_trust > _LEAST_TRUST

    def reset(self) -> None:
        """Learn from scratch, because the speaker or the microphone is another one."""
        _log.info("the echo canceller starts over for another device")
        self._forget()
        self.learning = True
        self._unsettled_blocks = _SETTLED_BLOCKS

    def delay_and_gain(self) -> tuple[float, float]:
        """Return the delay in seconds and the gain in dB of the echo path learned so far.

        The delay is that of its strongest tap, the gain that for white noise.
        """
        taps = self._path.taps()
        delay = float(np.abs(taps).argmax()) / RATE_IN
        return delay, float(10 * np.log10(max(float(np.dot(taps, taps)), 1e-12)))

    def _trust(self, mic: Samples, echo: Samples) -> float:
        """Return the share of the predicted echo that has been in the microphone, 0 to 1.

        It is the least-squares gain of the prediction over the last two seconds.
        """
        common = self._common.with_next(float(np.dot(mic, echo)))
        predicted = self._predicted.with_next(_energy(echo))
        return min(1.0, common / predicted) if predicted > 0 else 0.0

    def _learn(self, mic: Samples, clean: Samples, trust: float) -> None:
        """Update the path; start over when it makes the echo louder or finds none."""
        self._path.learn(clean)
        self._drift.watch(self._path.spectra)
        came, left = self._came.with_next(_energy(mic)), self._left.with_next(_energy(clean))
        self._learned_blocks += 1
        self._unsettled_blocks -= self._unsettled_blocks > 0
        if self._learned_blocks <= _TRIAL_BLOCKS:
            return
        if self.learning:
            self.learning = False
            if _log.isEnabledFor(logging.INFO):
                delay, gain = self.delay_and_gain()
                _log.info("echo path: %.0f ms, %.1f dB, trust %.2f", 1000 * delay, gain, trust)
        if left > _LOUDER * came:
            _log.info("the echo path has changed and is learned from scratch")
            self._forget()
        elif trust < _LEAST_TRUST and self._learned_blocks > _GIVE_UP_BLOCKS:
            _log.debug("no echo: trust %.2f", trust)
            self._forget()

    def _forget(self) -> None:
        self._path.forget()
        self._drift.forget()
        self._learned_blocks = 0


class _Mean:
    """An exponential moving average, in which the share `kept` of the past survives each value."""

    def __init__(self, kept: float) -> None:
        self._kept, self._mean = kept, 0.0

    def with_next(self, value: float) -> float:
        """Return the mean after one more value."""
        self._mean = self._kept * self._mean + (1 - self._kept) * value
        return self._mean


def _energy(block: Samples) -> float:
    return float(np.dot(block, block))
