"""The coach's voice comes back through the room; the user speaks over it, as loud."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
import soxr

from assistant.audio.device import BLOCK_IN, BLOCK_OUT, RATE_IN, RATE_OUT, SILENCE_OUT, Samples
from assistant.audio.echo_canceller import PARTITIONS, EchoCanceller
from assistant.audio.wav_files import read_wav

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
    size = len(path) + len(sound)
    spectrum = np.fft.rfft(path, size) * np.fft.rfft(sound, size)
    return np.fft.irfft(spectrum, size)[: len(sound)].astype(np.float32)


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
        self.played = 0.5 * narration[: len(narration) // BLOCK_OUT * BLOCK_OUT]
        echo = through(room(delay), self.played)
        self.echo = soxr.resample(echo, RATE_OUT, RATE_IN).astype(np.float32)
        noise = np.random.default_rng(2).standard_normal(len(self.echo)) * 0.001
        self.noise = noise.astype(np.float32)
        command = spoken(folder, "next step, how hard should I press", "rms", RATE_IN)
        self.while_user = slice(USER_FROM, USER_FROM + len(command))
        loudness = level(self.echo[self.while_user]) - level(command)
        self.user = np.zeros_like(self.echo)
        self.user[self.while_user] = command * 10 ** (loudness / 20)


@pytest.mark.parametrize("delay", [0.02, 0.15, 0.38])
def test_the_echo_goes_and_the_user_stays(tmp_path: Path, delay: float):
    talk = Conversation(tmp_path, delay)
    clean = cancel(talk.echo + talk.noise + talk.user, talk.played)
    left = clean - talk.user - talk.noise
    alone = np.ones(len(left), bool)
    alone[: 3 * RATE_IN] = alone[talk.while_user] = False
    assert level(talk.echo[alone]) - level(left[alone]) >= 15
    user, after = talk.user[talk.while_user], clean[talk.while_user]
    kept = 20 * np.log10(after @ user / (user @ user))
    assert abs(kept) < 1
    assert level(left[talk.while_user]) < level(user) - 12


def test_while_nothing_is_played_the_microphone_is_left_alone():
    mic = np.random.default_rng(3).standard_normal(BLOCK_IN).astype(np.float32)
    assert EchoCanceller().cancel(mic, SILENCE_OUT) is mic


def test_long_after_the_last_word_the_microphone_is_left_alone_again():
    canceller = EchoCanceller()
    rng = np.random.default_rng(4)
    mic = rng.standard_normal(BLOCK_IN).astype(np.float32)
    canceller.cancel(mic, rng.standard_normal((BLOCK_OUT, 2)).astype(np.float32))
    heard = [canceller.cancel(mic, SILENCE_OUT) is mic for _ in range(PARTITIONS + 3)]
    assert not heard[0]
    assert heard[-1]


def test_with_headphones_there_is_no_echo_and_the_user_is_not_changed(tmp_path: Path):
    talk = Conversation(tmp_path, 0.1)
    mic = talk.noise + talk.user
    clean = cancel(mic, talk.played)
    assert level(clean - mic) < level(talk.user[talk.while_user]) - 15
