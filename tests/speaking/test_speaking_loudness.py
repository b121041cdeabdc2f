"""Loudness is measured as the standard says, and leveling neither clips nor clicks."""

import numpy as np
import pytest

from assistant.audio.device import BLOCK_OUT, RATE_OUT
from assistant.audio.loudness import PEAK, TARGET, leveled, loudness
from assistant.speaking.finishing import finished


def sine(hertz: float, amplitude: float, seconds: float = 2.0) -> np.ndarray:
    times = np.arange(round(seconds * RATE_OUT)) / RATE_OUT
    return (amplitude * np.sin(2 * np.pi * hertz * times)).astype(np.float32)


def test_the_reference_tone_of_the_standard_reads_minus_three():
    assert loudness(sine(997, 1.0)) == pytest.approx(-3.01, abs=0.02)


def test_silence_around_speech_does_not_make_it_quieter():
    tone = sine(500, 0.1)
    padded = np.concatenate([np.zeros(5 * RATE_OUT, np.float32), tone])
    assert loudness(padded) == pytest.approx(loudness(tone), abs=0.5)


@pytest.mark.parametrize("amplitude", [0.001, 0.1, 1.0])
def test_quiet_and_loud_come_out_alike(amplitude: float):
    assert loudness(leveled(sine(500, amplitude))) == pytest.approx(TARGET, abs=0.1)


def test_a_peak_is_rounded_off_without_a_jump():
    samples = sine(200, 0.1)
    samples[RATE_OUT : RATE_OUT + 480] *= 10
    result = leveled(samples)
    assert np.abs(result).max() <= PEAK
    assert np.abs(np.diff(result)).max() < 0.1


def test_what_has_the_right_loudness_already_is_kept_from_peaks_too():
    samples = sine(200, 0.1)
    samples[RATE_OUT] = 0.9
    samples *= np.float32(10 ** ((TARGET - loudness(samples)) / 20))
    assert np.abs(samples).max() > PEAK
    assert np.abs(leveled(samples)).max() <= PEAK


def test_silence_stays_silence():
    assert loudness(np.zeros(RATE_OUT, np.float32)) == float("-inf")
    assert not np.any(leveled(np.zeros(RATE_OUT, np.float32)))


@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (22_050, 1), (44_100, 2), (48_000, 1)])
def test_a_clip_is_mono_at_48_khz_whatever_the_engine_wrote(rate: int, channels: int):
    times = np.arange(rate) / rate
    tone = (0.1 * np.sin(2 * np.pi * 500 * times)).astype(np.float32)
    clip = finished(np.column_stack([tone] * channels) if channels > 1 else tone, rate)
    assert clip.samples is not None
    assert clip.samples.ndim == 1
    assert clip.seconds == pytest.approx(1.0, abs=0.16)
    assert clip.length % BLOCK_OUT == 0, "what follows would begin late"
    spectrum = np.abs(np.fft.rfft(clip.samples))
    assert np.argmax(spectrum) * RATE_OUT / clip.length == pytest.approx(500, abs=2)
