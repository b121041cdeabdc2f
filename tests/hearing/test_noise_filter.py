"""The noise filter reduces steady noise a little and leaves a voice as it was."""

from collections.abc import Callable

import numpy as np
import pytest

from assistant.audio.device import BLOCK_IN, RATE_IN, Samples
from assistant.hearing.noise_filter import LAG_BLOCKS, NoiseFilter

Say = Callable[..., Samples]


def steady(seconds: float, level: float) -> Samples:
    """White noise at `level` dBFS."""
    noise = np.random.default_rng(5).standard_normal(round(seconds * RATE_IN))
    return (noise * 10 ** (level / 20)).astype(np.float32)


def filtered(sound: Samples) -> Samples:
    """The whole blocks of `sound`, filtered, without the lag."""
    blocks = sound[: len(sound) // BLOCK_IN * BLOCK_IN].reshape(-1, BLOCK_IN)
    cleaner = NoiseFilter()
    silence = np.zeros((LAG_BLOCKS, BLOCK_IN), np.float32)
    return np.concatenate([cleaner.clean(block) for block in (*blocks, *silence)][LAG_BLOCKS:])


def decibels(sound: Samples, other: Samples) -> float:
    return float(10 * np.log10(np.mean(sound**2) / np.mean(other**2)))


def test_steady_noise_goes_down_by_ten_decibels_and_no_more() -> None:
    noise = steady(4, -30)
    assert decibels(filtered(noise)[RATE_IN:], noise[RATE_IN:]) == pytest.approx(-10, abs=1)


def test_noise_that_begins_later_is_learned_within_seconds() -> None:
    noise = np.concatenate([steady(2, -75), steady(10, -30)])
    last = slice(-2 * RATE_IN, None)
    assert decibels(filtered(noise)[last], noise[last]) == pytest.approx(-10, abs=1)


@pytest.mark.parametrize("level", [-65, -40])
def test_a_voice_keeps_its_level(say: Say, level: float) -> None:
    voice = np.concatenate([np.zeros(RATE_IN, np.float32), say("how hard should i press")])
    voice = voice[: len(voice) // BLOCK_IN * BLOCK_IN]
    mixed = voice + steady(len(voice) / RATE_IN, level)
    loud = np.abs(voice) > 0.1 * np.abs(voice).max()
    assert decibels(filtered(mixed)[loud], voice[loud]) == pytest.approx(0, abs=1)


def test_the_output_is_the_previous_block(say: Say) -> None:
    """The times of words depend on this."""
    voice = np.concatenate([np.zeros(RATE_IN, np.float32), say("next")])
    voice = voice[: len(voice) // BLOCK_IN * BLOCK_IN]
    assert np.corrcoef(filtered(voice), voice)[0, 1] > 0.99


def test_silence_stays_silence() -> None:
    silence = np.zeros(2 * RATE_IN, np.float32)
    assert np.array_equal(filtered(silence), silence)


@pytest.mark.parametrize(("below", "noisy"), [(30, False), (15, True)])
def test_noise_that_may_hide_words_is_told(say: Say, below: float, noisy: bool) -> None:
    voice = say("could you slow down a little")
    level = 10 * np.log10(np.mean(voice[np.abs(voice) > 0.01] ** 2))
    room = steady(len(voice) / RATE_IN + 2, level - below)
    room[RATE_IN : RATE_IN + len(voice)] += voice
    cleaner = NoiseFilter()
    for block in room[: (RATE_IN + len(voice)) // BLOCK_IN * BLOCK_IN].reshape(-1, BLOCK_IN):
        cleaner.clean(block)
    assert cleaner.noisy is noisy
