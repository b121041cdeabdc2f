"""Between the callbacks' rhythm and rate, and the loop's."""

import numpy as np
import pytest

from assistant.audio.card_buffers import MicrophoneBuffer, SpeakerBuffer
from assistant.audio.device import BLOCK_IN, BLOCK_OUT, RATE_IN, RATE_OUT, Samples


def tone(rate: int, seconds: float) -> Samples:
    time = np.arange(round(rate * seconds)) / rate
    return (0.5 * np.sin(2 * np.pi * 300 * time)).astype(np.float32)


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000, 96_000])
def test_the_microphone_is_heard_whole_at_any_rate_and_in_bursts(rate: int):
    buffer = MicrophoneBuffer(rate)
    blocks: list[Samples | None] = []
    for burst in np.split(tone(rate, 3.0), 50):  # 60 ms at once, every third block
        buffer.push(burst[:, np.newaxis])
        blocks += [buffer.take() for _ in range(3)]
    steady = blocks[30:]
    assert all(block is not None and block.shape == (BLOCK_IN,) for block in steady)
    heard = np.concatenate([block for block in steady if block is not None])
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    assert np.argmax(spectrum) * RATE_IN / len(heard) == pytest.approx(300, abs=1)
    assert np.abs(np.diff(heard)).max() < 0.07  # no seams


def test_a_microphone_that_delivers_nothing_is_noticed_without_waiting():
    buffer = MicrophoneBuffer(RATE_IN)
    assert [buffer.take() for _ in range(5)] == [None] * 5
    assert buffer.empty_takes == 5
    assert buffer.wait(0.01) is None


def test_after_the_loop_was_held_up_the_microphone_is_not_seconds_behind():
    buffer = MicrophoneBuffer(RATE_IN)
    for number in range(100):
        buffer.push(np.full((BLOCK_IN, 1), number, np.float32))
    block = buffer.take()
    assert block is not None
    assert block[0] > 95


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_the_speaker_gets_every_sample_whatever_it_asks_for(rate: int, channels: int):
    buffer = SpeakerBuffer(rate, channels)
    stereo = np.repeat(tone(RATE_OUT, 1.0)[:, np.newaxis], 2, axis=1)
    played = []
    for block in stereo.reshape(-1, BLOCK_OUT, 2):
        while not buffer.has_room():
            played.append(np.empty((321, channels), np.float32))
            buffer.fill(played[-1])
        assert buffer.put(block, 0.1, alive=lambda: True)
    sound = np.concatenate(played)
    assert sound[:, 0] == pytest.approx(tone(rate, 1.0)[: len(sound)], abs=0.01)
    assert (sound[:, 0] == sound[:, -1]).all()


def test_little_waits_for_the_speaker_so_that_silence_is_near():
    buffer = SpeakerBuffer(RATE_OUT, 2)
    block = np.ones((BLOCK_OUT, 2), np.float32)
    accepted = 0
    while buffer.put(block, 0.05, alive=lambda: True):
        accepted += 1
    assert 2 <= accepted <= 3


def test_nobody_waits_for_a_speaker_that_is_gone():
    assert not SpeakerBuffer(RATE_OUT, 2).put(
        np.ones((BLOCK_OUT, 2), np.float32), 60, lambda: False
    )


def test_a_speaker_that_asks_for_more_than_there_is_plays_silence():
    wanted = np.ones((100, 2), np.float32)
    SpeakerBuffer(RATE_OUT, 2).fill(wanted)
    assert not wanted.any()
