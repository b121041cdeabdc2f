"""The coach's voice comes back through the room, and the user speaks over it, equally loud."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
import soxr

from assistant.audio.device import BLOCK_IN, BLOCK_OUT, RATE_IN, RATE_OUT, SILENCE_OUT, Samples
from assistant.audio.wav_files import read_wav
from assistant.echo.canceller import EchoCanceller
from assistant.echo.path import PARTITIONS

NARRATION = (
    "Place your ring fingers under your eyes. Glide softly from the inner corner, out along the "
    "bone, to the temple. Let the skin barely move, and breathe. This moves fluid towards the "
    "lymph nodes in front of the ear. Take your time, ten strokes, three seconds each. Keep your "
    "shoulders low and your jaw loose. Now rest your hands for a moment."
)
USER_FROM = 12 * RATE_IN


def spoken(folder: Path, text: str, voice: str, rate: int) -> Samples:
    path = folder / f"{voice}.wav"
    subprocess.run(["flite", "-voice", voice, "-t", text, "-o", path], check=True, timeout=60)
    return read_wav(path, rate)


def room(delay: float) -> Samples:
    """A direct sound after `delay` seconds, and 170 ms of fading echoes."""
    tail = np.arange(round(0.17 * RATE_OUT)) / RATE_OUT
    echoes = np.random.default_rng(1).standard_normal(len(tail)) * np.exp(-tail / 0.03) * 0.05
    echoes[0] = 0.6
    return np.concatenate([np.zeros(round(delay * RATE_OUT)), echoes]).astype(np.float32)


def through(path: Samples, sound: Samples) -> Samples:
    size = 1 << (len(path) + len(sound)).bit_length()
    spectrum = np.fft.rfft(path, size) * np.fft.rfft(sound, size)
    return np.fft.irfft(spectrum, size)[: len(sound)].astype(np.float32)


def at_16_khz(sound: Samples, drift: float = 0.0) -> Samples:
    """As sampled by a microphone whose clock runs `drift` ppm faster."""
    slid = soxr.resample(sound, RATE_OUT, RATE_IN * (1 + drift * 1e-6))
    return np.asarray(slid, np.float32)


def whole_blocks(sound: Samples) -> Samples:
    return sound[: len(sound) // BLOCK_OUT * BLOCK_OUT]


def level(sound: Samples) -> float:
    """In dB of full scale."""
    return float(10 * np.log10((sound**2).mean()))


def cancel(mic: Samples, played: Samples) -> Samples:
    canceller = EchoCanceller()
    stereo = np.repeat(played[:, np.newaxis], 2, axis=1)
    blocks = zip(mic.reshape(-1, BLOCK_IN), stereo.reshape(-1, BLOCK_OUT, 2), strict=True)
    return np.concatenate([canceller.cancel(heard, out) for heard, out in blocks])


class Conversation:
    """Narration through a room, faint noise, and a command spoken over it as loud as its echo."""

    def __init__(self, folder: Path, delay: float) -> None:
        narration = spoken(folder, NARRATION, "slt", RATE_OUT)
        self.played = 0.5 * whole_blocks(narration)
        echo = through(room(delay), self.played)
        self.echo = at_16_khz(echo)
        noise = np.random.default_rng(2).standard_normal(len(self.echo)) * 0.001
        self.noise = noise.astype(np.float32)
        command = spoken(folder, "next step, how hard should I press", "rms", RATE_IN)
        self.while_user = slice(USER_FROM, USER_FROM + len(command))
        loudness = level(self.echo[self.while_user]) - level(command)
        self.user = np.zeros_like(self.echo)
        self.user[self.while_user] = command * 10 ** (loudness / 20)


@pytest.mark.parametrize("delay", [0.001, 0.15, 0.4])
def test_the_echo_is_removed_and_the_user_is_not(tmp_path: Path, delay: float) -> None:
    talk = Conversation(tmp_path, delay)
    clean = cancel(talk.echo + talk.noise + talk.user, talk.played)
    left = clean - talk.user - talk.noise
    alone = np.ones(len(left), bool)
    alone[: 6 * RATE_IN] = alone[talk.while_user] = False
    assert level(talk.echo[alone]) - level(left[alone]) >= 15
    user, after = talk.user[talk.while_user], clean[talk.while_user]
    kept = 20 * np.log10(after @ user / (user @ user))
    assert abs(kept) < 1
    assert level(left[talk.while_user]) < level(user) - 12


def test_while_nothing_is_played_the_microphone_is_left_alone() -> None:
    mic = np.random.default_rng(3).standard_normal(BLOCK_IN).astype(np.float32)
    assert EchoCanceller().cancel(mic, SILENCE_OUT) is mic


def test_after_the_last_echo_the_microphone_is_left_alone_again() -> None:
    canceller = EchoCanceller()
    rng = np.random.default_rng(4)
    mic = np.zeros(BLOCK_IN, np.float32)
    for _ in range(50):
        played = rng.standard_normal((BLOCK_OUT, 2)).astype(np.float32)
        clean = canceller.cancel(mic, played)
        mic = at_16_khz(played.mean(axis=1))
    assert clean is not mic
    heard = [canceller.cancel(mic, SILENCE_OUT) is mic for _ in range(PARTITIONS + 3)]
    assert heard[-1]


def test_two_clocks_that_differ_do_not_bring_the_echo_back(tmp_path: Path) -> None:
    """In a minute and a half the echo slides by 9 ms, which is 144 samples."""
    narration = 0.5 * spoken(tmp_path, NARRATION, "slt", RATE_OUT)
    played = whole_blocks(np.tile(narration, round(90 * RATE_OUT / len(narration))))
    echo = at_16_khz(through(room(0.1), played), drift=-100)
    echo = np.pad(echo, (0, BLOCK_IN))[: len(played) // 3]
    noise = np.random.default_rng(2).standard_normal(len(echo)).astype(np.float32) * 0.001
    left = cancel(echo + noise, played) - noise
    last = slice(-20 * RATE_IN, None)
    assert level(echo[last]) - level(left[last]) >= 20


def test_when_the_speaker_is_moved_its_new_echo_is_removed_too(tmp_path: Path) -> None:
    talk = Conversation(tmp_path, 0.1)
    half = len(talk.echo) // 2
    moved = -0.5 * np.roll(talk.echo, BLOCK_IN + 40)
    echo = np.where(np.arange(len(talk.echo)) < half, talk.echo, moved)
    left = cancel(echo + talk.noise, talk.played) - talk.noise
    last = slice(-3 * RATE_IN, None)
    assert level(echo[last]) - level(left[last]) >= 15


def test_with_headphones_there_is_no_echo_and_the_user_is_not_changed(tmp_path: Path) -> None:
    talk = Conversation(tmp_path, 0.1)
    clean = cancel(talk.noise + talk.user, talk.played)
    assert level(clean - talk.noise - talk.user) < level(talk.user[talk.while_user]) - 30


def test_with_headphones_and_nobody_speaking_the_microphone_is_left_alone(tmp_path: Path) -> None:
    talk = Conversation(tmp_path, 0.1)
    alone = slice(4 * RATE_IN, None)
    np.testing.assert_array_equal(cancel(talk.noise, talk.played)[alone], talk.noise[alone])


def test_after_another_device_the_echo_is_learned_from_scratch() -> None:
    canceller, rng = EchoCanceller(), np.random.default_rng(5)
    for _ in range(250):
        hiss = rng.standard_normal(BLOCK_IN).astype(np.float32) * np.float32(0.001)
        canceller.cancel(hiss, rng.standard_normal((BLOCK_OUT, 2)).astype(np.float32))
    assert not canceller.learning
    canceller.reset()
    assert canceller.learning
