"""Samples keep their values between floats and integers, and their sound between rates."""

import numpy as np
import pytest

from assistant.audio.clip import Clip
from assistant.audio.device import BLOCK_IN, RATE_IN, RATE_OUT, Samples
from assistant.audio.pcm import from_pcm, to_pcm
from assistant.audio.resampling import BlockCutter, Resampler, resampled


def tone(rate: int, seconds: float, pitch: float = 440.0) -> Samples:
    time = np.arange(round(rate * seconds)) / rate
    return (0.5 * np.sin(2 * np.pi * pitch * time)).astype(np.float32)


def test_every_16_bit_value_survives_the_way_there_and_back():
    every = np.arange(-32768, 32768).astype(np.int16)
    assert np.array_equal(to_pcm(from_pcm(every)), every)


def test_what_exceeds_full_scale_is_clipped_and_never_wraps():
    assert to_pcm(np.array([1.0, 7.0, -1.0, -7.0], np.float32)).tolist() == [
        32767,
        32767,
        -32768,
        -32768,
    ]


@pytest.mark.parametrize("rate", [RATE_IN, 44_100, RATE_OUT])
def test_pieces_of_any_length_become_the_same_blocks_as_the_whole(rate: int):
    sound = tone(rate, 1.0)
    cutter = BlockCutter(rate)
    pieces = np.split(sound, [1, 100, 5000, 5001, 12_345])
    for number, piece in enumerate(pieces, 1):
        cutter.add(piece, last=number == len(pieces))
    assert len(cutter) == RATE_IN
    blocks = [cutter.take() for _ in range(RATE_IN // BLOCK_IN)]
    assert {block.shape for block in blocks} == {(BLOCK_IN,)}
    assert np.concatenate(blocks) == pytest.approx(resampled(sound, rate, RATE_IN), abs=1e-5)


def test_one_rate_and_the_same_leaves_every_sample():
    stereo = np.stack([tone(RATE_OUT, 0.1), -tone(RATE_OUT, 0.1)], axis=1)
    assert Resampler(RATE_OUT, RATE_OUT, channels=2).add(stereo) is stereo


def test_a_clip_warms_the_recognizer_up_without_what_16_khz_cannot_hold():
    """Without a filter, 15 kHz would come out as a loud tone at 1 kHz."""
    clip = Clip.from_pcm(to_pcm(tone(RATE_OUT, 0.5, pitch=15_000)))
    words = clip.for_warming_up
    assert words is not None
    assert len(words) == RATE_IN // 2
    assert np.abs(words[400:-400]).max() < 1e-3
    assert Clip(RATE_OUT).for_warming_up is None
