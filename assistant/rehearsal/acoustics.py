"""How the simulated bathroom sounds: how loud the coach's echo is, and what noise there is."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from assistant.audio.device import RATE_OUT, Samples

LAPTOP_ON_A_SHELF = -12.0
"""dB: the coach's voice at the microphone, with the volume half turned up."""
_FRAME = RATE_OUT // 50
_QUIETER_IS_A_PAUSE = 10 ** (-20 / 10)
"""Power of a 20 ms frame of speech, against its loudest one."""


@dataclass(frozen=True, slots=True)
class Noise:
    """A looped background sound, (n,) at 16 kHz, and how far the user's speech is above it."""

    samples: Samples
    snr: float
    """dB: mean power of the speech, without its pauses, against that of the noise."""

    def under(self, speech: Iterable[Samples]) -> Samples:
        """Return the noise, scaled to be `snr` below `speech`, which is at 48 kHz."""
        wanted = _speech_power(speech) / 10 ** (self.snr / 10)
        power = float(np.mean(self.samples.astype(np.float64) ** 2))
        return self.samples * np.float32(np.sqrt(wanted / power))


@dataclass(frozen=True, slots=True)
class Acoustics:
    """What the room adds to what the microphone hears."""

    echo: float | None = LAPTOP_ON_A_SHELF
    """dB: the coach's voice at the microphone, against what is played; None: it is not heard."""
    noise: Noise | None = None

    @property
    def echo_gain(self) -> float:
        """The same as a factor."""
        return 0.0 if self.echo is None else float(10 ** (self.echo / 20))


def _speech_power(speech: Iterable[Samples]) -> float:
    """Return the mean square over the frames that hold speech."""
    spoken: list[float] = []
    for samples in speech:
        frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
        powers = np.mean(frames.astype(np.float64) ** 2, axis=1)
        spoken.extend(powers[powers > _QUIETER_IS_A_PAUSE * powers.max(initial=0.0)])
    return float(np.mean(spoken)) if spoken else 0.0
