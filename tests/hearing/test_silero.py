"""Voice activity in a quiet room, in reverberation, and over a running tap."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.audio.device import BLOCK_IN, BLOCK_SECONDS, RATE_IN, Samples
from assistant.hearing.silero import VoiceActivity

Say = Callable[..., Samples]

SENTENCE = "how hard should I press"


def voiced(sound: Samples) -> NDArray[np.bool_]:
    """Whether each block of `sound` holds a voice, for a detector that has just begun."""
    activity = VoiceActivity()
    blocks = sound[: len(sound) // BLOCK_IN * BLOCK_IN].reshape(-1, BLOCK_IN)
    return np.array([activity.speaking(block) for block in blocks])


def hiss(seconds: float, level: float) -> Samples:
    """Steady noise of so many dBFS."""
    noise = np.random.default_rng(5).standard_normal(round(seconds * RATE_IN))
    return (noise * 10 ** (level / 20)).astype(np.float32)


def between_silences(sound: Samples, before: float = 1.0, after: float = 1.0) -> Samples:
    return np.pad(sound, (round(before * RATE_IN), round(after * RATE_IN)))


def sounding(sound: Samples) -> tuple[float, float]:
    """The seconds of the first and the last sound that is not faint."""
    loud = np.nonzero(np.abs(sound) > 0.03 * np.abs(sound).max())[0]
    return loud[0] / RATE_IN, (loud[-1] + 1) / RATE_IN


def at_snr(speech: Samples, noise: Samples, snr: float) -> Samples:
    """Speech between silences over `noise`, so many decibels above it while it sounds."""
    start, end = (round(at * RATE_IN) for at in sounding(speech))
    gain = np.sqrt(np.mean(speech[start:end] ** 2) / np.mean(noise**2)) * 10 ** (-snr / 20)
    mixed: Samples = speech + np.resize(noise, len(speech)) * np.float32(gain)
    return mixed


@pytest.mark.parametrize("snr", [10, 5])
@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
def test_a_voice_is_told_from_a_running_tap_nearly_as_loud(
    say: Say, noise: Callable[[str], Samples], voice: str, snr: int
) -> None:
    speech = between_silences(say(SENTENCE, voice), 3.0, 2.0)
    start, end = (round(at / BLOCK_SECONDS) for at in sounding(speech))
    found = voiced(at_snr(speech, noise("running_tap"), snr))
    assert np.mean(found[start:end]) > 0.75
    assert not np.any(found[20 : start - 5])
    assert not np.any(found[end + 15 :])


def test_steady_noise_that_begins_is_not_a_voice() -> None:
    assert not np.any(voiced(np.concatenate([hiss(2.0, -65), hiss(4.0, -30)])))


def test_digital_silence_is_not_a_voice() -> None:
    assert not np.any(voiced(np.zeros(2 * RATE_IN, np.float32)))


@pytest.mark.parametrize("voice", ["slt", "rms", "awb"])
def test_a_voice_has_stopped_soon_after_its_last_sound_despite_reverberation(
    say: Say, voice: str
) -> None:
    """A room that takes 0.4 s to decay by 60 dB, heard from where it is louder than the speaker."""
    speech = between_silences(say(SENTENCE, voice))
    time = np.arange(round(0.4 * RATE_IN)) / RATE_IN
    answer = np.random.default_rng(7).standard_normal(len(time)) * 10 ** (-3 * time / 0.4)
    answer /= np.sqrt(np.sum(answer**2))
    answer[0] = 0.8
    heard = np.convolve(speech, answer)[: len(speech)].astype(np.float32)
    found = voiced(heard + hiss(len(heard) / RATE_IN, -70)[: len(heard)])
    start, end = sounding(speech)
    first, last = (at * BLOCK_SECONDS for at in np.nonzero(found)[0][[0, -1]])
    assert first == pytest.approx(start, abs=0.15)
    assert last == pytest.approx(end, abs=0.2)


def test_the_same_audio_gives_the_same_result(say: Say) -> None:
    sound = at_snr(between_silences(say(SENTENCE)), hiss(2.0, -30), 20)
    assert np.array_equal(voiced(sound), voiced(sound))
