"""Reduces steady noise (a running tap, a fan) for the recognizer, gently.

A Wiener filter over overlapping windows of two blocks. The noise is tracked by the probability that
speech is present (T. Gerkmann and R. C. Hendriks, "Unbiased MMSE-based noise power estimation with
low complexity and low tracking delay", IEEE Trans. ASLP 20(4), 2012). The gain is the Wiener gain
for the decision-directed signal-to-noise ratio of Y. Ephraim and D. Malah (IEEE Trans. ASSP 32(6),
1984).

The noise is reduced by 10 dB at most: a recognizer that was trained on noisy speech copes better
with noise than with a hollow voice. With stronger filters and neural ones (RNNoise, DeepFilterNet
3, NSNet2) the audio sounded cleaner and was understood worse.
"""

import numpy as np
from numpy.typing import NDArray

from assistant.audio.device import BLOCK_IN, Samples

LAG_BLOCKS = 1
"""By which the output is late: a window must be complete."""

_WINDOW = np.sqrt(np.hanning(2 * BLOCK_IN + 1)[:-1])
_LEAST_GAIN = 0.3
"""-10 dB."""
_FIRST_BLOCKS = 10
"""Taken for noise, since nobody speaks in the first 0.2 s of a session."""
_SPEECH_SNR = 10 ** (15 / 10)
"""Power ratio of 15 dB, expected where there is speech; the value of Gerkmann and Hendriks."""
_NOISE_SMOOTHING = 0.8
_PRESENCE_SMOOTHING = 0.9
_MOST_PRESENCE = 0.99
"""Speech that has seemed certain for long is doubted, or a new noise would never be learned."""
_SNR_SMOOTHING = 0.9
_NOISY = 10 ** (25 / 10)
"""Power ratio of 25 dB between the loudest windows of an utterance and the noise. With a tap 25 dB
below the voice it was 30 dB, with one 15 dB below 21 dB (medians of 13 utterances)."""
_LOUD_DECAY = 0.995
"""A block: the loudest window is half forgotten after 2.8 s."""
_FLOOR = 1e-12
"""Of power in a bin: keeps divisions finite, and is far below the quietest microphone."""

_Power = NDArray[np.float64]


class NoiseFilter:
    """Filters block by block; the same blocks give the same output."""

    def __init__(self) -> None:
        self._last = np.zeros(BLOCK_IN, np.float32)
        self._tail = np.zeros(BLOCK_IN)
        self._blocks = 0
        self._noise: _Power = np.full(BLOCK_IN + 1, _FLOOR)
        self._presence: _Power = np.full(BLOCK_IN + 1, 0.5)
        self._voice: _Power = np.zeros(BLOCK_IN + 1)
        """For each bin, the power of the latest filtered window relative to the noise."""
        self._loudest = 0.0
        """Power of the loudest window of the last seconds."""

    @property
    def noisy(self) -> bool:
        """Whether what was said in the last seconds may be misheard, because of noise."""
        return self._loudest < _NOISY * float(self._noise.sum())

    def clean(self, block: Samples) -> Samples:
        """Take a block, (320,) at 16 kHz; return the filtered one before it."""
        spectrum = np.fft.rfft(_WINDOW * np.concatenate([self._last, block]))
        power: _Power = np.abs(spectrum) ** 2
        self._track(power)
        self._loudest = max(self._loudest * _LOUD_DECAY, float(power.sum()))
        window = _WINDOW * np.fft.irfft(spectrum * self._gain(power))
        cleaned: Samples = (self._tail + window[:BLOCK_IN]).astype(np.float32)
        self._tail, self._last = window[BLOCK_IN:], block
        return cleaned

    def _track(self, power: _Power) -> None:
        """Update the noise, by as much of the window's power as is probably not speech."""
        self._blocks += 1
        if self._blocks <= _FIRST_BLOCKS:
            self._noise += (np.maximum(power, _FLOOR) - self._noise) / self._blocks
            return
        # Their posterior probability of speech; the exponent is limited to keep `exp` finite.
        exponent = power / self._noise * _SPEECH_SNR / (1 + _SPEECH_SNR)
        presence = 1 / (1 + (1 + _SPEECH_SNR) * np.exp(-np.minimum(exponent, 200)))
        self._presence += (1 - _PRESENCE_SMOOTHING) * (presence - self._presence)
        stuck = self._presence > _MOST_PRESENCE
        presence[stuck] = np.minimum(presence[stuck], _MOST_PRESENCE)
        noise = presence * self._noise + (1 - presence) * power
        self._noise += (1 - _NOISE_SMOOTHING) * (noise - self._noise)
        np.maximum(self._noise, _FLOOR, out=self._noise)

    def _gain(self, power: _Power) -> _Power:
        """Return the gain of each bin, (321,)."""
        ratio = power / self._noise
        snr = _SNR_SMOOTHING * self._voice + (1 - _SNR_SMOOTHING) * np.maximum(ratio - 1, 0)
        gain: _Power = snr / (1 + snr)
        self._voice = gain**2 * ratio
        return np.maximum(gain, _LEAST_GAIN)
