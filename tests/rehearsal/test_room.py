"""The simulated bathroom: how loud the echo and the noise are at the microphone."""

import numpy as np
import pytest

from assistant.audio.clip import Clip
from assistant.audio.device import BLOCK_OUT, RATE_IN, RATE_OUT, Samples
from assistant.rehearsal.acoustics import Acoustics, Noise
from assistant.rehearsal.room import Room


def tone(hertz: float, gain: float, seconds: float = 2.0) -> Samples:
    time = np.arange(round(seconds * RATE_OUT)) / RATE_OUT
    return (gain * np.sqrt(2) * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def heard(room: Room, played: Samples) -> Samples:
    """Play (n,) at 48 kHz into the room and return what the microphone hears, at 16 kHz."""
    blocks = played[: len(played) // BLOCK_OUT * BLOCK_OUT].reshape(-1, BLOCK_OUT)
    return np.concatenate(
        [room.exchange(np.stack([block, block], axis=1)).block for block in blocks]
    )


def decibels(samples: Samples) -> float:
    return float(10 * np.log10(np.mean(samples[len(samples) // 2 :] ** 2)))


@pytest.mark.parametrize("echo", [-12.0, -6.0, 3.0])
def test_the_echo_has_the_given_level(echo: float) -> None:
    played = tone(440, 0.1)
    assert decibels(heard(Room(True, Acoustics(echo)), played)) == pytest.approx(
        decibels(played) + echo, abs=0.2
    )


def test_without_an_echo_the_microphone_hears_nothing() -> None:
    assert not heard(Room(True, Acoustics(None)), tone(440, 0.1)).any()


@pytest.mark.parametrize("snr", [20.0, 0.0, -10.0])
def test_noise_has_the_given_level_below_the_user_and_is_repeated(snr: float) -> None:
    """Pauses in the user's speech do not count for its level."""
    speech = np.concatenate([tone(300, 0.08), np.zeros(3 * RATE_OUT, np.float32)])
    hiss = np.random.default_rng(1).normal(0, 0.3, RATE_IN // 3).astype(np.float32)
    room = Room(True, Acoustics(None, Noise(hiss, snr)), [Clip(len(speech), speech)])
    silence = heard(room, np.zeros(4 * RATE_OUT, np.float32))
    assert decibels(silence) == pytest.approx(20 * np.log10(0.08) - snr, abs=0.3)
