"""The sound bed lies softly under the massage: looped, ducked, and never heard to begin again."""

from pathlib import Path

import numpy as np
import pytest

from assistant.audio.clip import Clip
from assistant.audio.device import BLOCK_OUT, RATE_OUT, SILENCE_OUT, Samples
from assistant.audio.loudness import loudness
from assistant.audio.mixer import Mixer
from assistant.audio.sound_bed import LOUDNESS, SoundBed
from assistant.audio.wav_files import write_wav
from assistant.errors import AudioFileError

SECONDS = 5.0


def waves(seconds: float = SECONDS, rate: int = RATE_OUT) -> Samples:
    """Two channels of low tones that begin and end anywhere in their swing."""
    time = np.arange(round(seconds * rate)) / rate
    tones = [np.sin(2 * np.pi * pitch * time + phase) for pitch, phase in ((97, 1.0), (131.7, 2.0))]
    return np.column_stack(tones).astype(np.float32) * np.float32(0.4)


@pytest.fixture
def noise_file(tmp_path: Path) -> Path:
    path = tmp_path / "noise.wav"
    write_wav(
        path,
        np.random.default_rng(1).normal(0, 0.1, (5 * RATE_OUT, 2)).astype(np.float32),
        RATE_OUT,
    )
    return path


@pytest.fixture
def bed_file(tmp_path: Path) -> Path:
    path = tmp_path / "waves.wav"
    write_wav(path, waves(), RATE_OUT)
    return path


def play(mixer: Mixer, seconds: float) -> Samples:
    return np.concatenate(
        [mixer.next_block() for _ in range(round(seconds * RATE_OUT / BLOCK_OUT))]
    )


def with_bed(path: Path) -> Mixer:
    mixer = Mixer(bed=SoundBed(path))
    assert mixer.bed is not None
    mixer.bed.on = True
    return mixer


def largest_jump(sound: Samples) -> float:
    return float(np.abs(np.diff(sound, axis=0)).max())


def level(sound: Samples) -> float:
    """In dB of full scale."""
    return float(10 * np.log10(np.mean(sound**2)))


def test_nothing_is_heard_until_it_is_wanted(bed_file: Path):
    mixer = Mixer(bed=SoundBed(bed_file))
    assert all(mixer.next_block() is SILENCE_OUT for _ in range(50))


def test_it_goes_on_beyond_the_end_of_the_file_at_one_level_and_without_a_click(bed_file: Path):
    mixer = with_bed(bed_file)
    play(mixer, 2.1)
    heard = play(mixer, 3 * SECONDS)
    steepest = largest_jump(waves()) * np.abs(heard).max() / 0.4
    assert largest_jump(heard) < 1.6 * steepest  # two tones may meet in the crossfade
    halves = [level(half) for half in np.array_split(heard, 30)]
    assert max(halves) - min(halves) < 4.0


def test_every_file_is_equally_loud_and_well_below_the_voice(tmp_path: Path):
    for gain, rate in ((0.02, 22_050), (1.0, 48_000)):
        path = tmp_path / f"{rate}.wav"
        noise = np.random.default_rng(1).normal(0, 0.2 * gain, (10 * rate, 2)).astype(np.float32)
        write_wav(path, noise, rate)
        mixer = with_bed(path)
        play(mixer, 2.1)
        assert loudness(play(mixer, 6.0).mean(axis=1)) == pytest.approx(LOUDNESS, abs=1.0)


def test_it_comes_and_goes_without_a_click(bed_file: Path):
    mixer = with_bed(bed_file)
    heard = play(mixer, 3.0)
    mixer.bed.on = False  # type: ignore[union-attr]
    heard = np.concatenate([heard, play(mixer, 3.0)])
    assert abs(heard[0]).max() < 1e-4
    assert largest_jump(heard) < 0.002
    assert mixer.next_block() is SILENCE_OUT


def test_it_lies_ten_decibels_lower_while_the_coach_speaks_and_comes_back(noise_file: Path):
    mixer = with_bed(noise_file)
    play(mixer, 3.0)
    before = level(play(mixer, 1.0))
    mixer.say(Clip(2 * RATE_OUT, np.zeros(2 * RATE_OUT, np.float32)), 1)
    play(mixer, 0.5)
    during = level(play(mixer, 1.0))
    play(mixer, 2.5)
    assert before - during == pytest.approx(10.0, abs=0.5)
    assert level(play(mixer, 1.0)) == pytest.approx(before, abs=0.5)


def test_it_lies_lower_still_while_the_user_speaks(noise_file: Path):
    mixer = with_bed(noise_file)
    play(mixer, 3.0)
    before = level(play(mixer, 1.0))
    mixer.duck(True)
    play(mixer, 0.1)
    assert before - level(play(mixer, 1.0)) == pytest.approx(15.0, abs=0.5)


def test_a_hushed_sentence_leaves_the_bed_as_it_is(noise_file: Path):
    mixer = with_bed(noise_file)
    play(mixer, 3.0)
    mixer.say(Clip(2 * RATE_OUT, np.zeros(2 * RATE_OUT, np.float32)), 1)
    play(mixer, 0.5)
    before = level(play(mixer, 0.5))
    mixer.hush()
    play(mixer, 1.6)
    assert level(play(mixer, 0.5)) == pytest.approx(before + 10, abs=0.5)


def test_where_nobody_listens_there_is_none(noise_file: Path):
    mixer = Mixer(audible=False, bed=SoundBed(noise_file))
    assert mixer.bed is None


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "There is no file"),
        (b"not a sound", "is not a sound file that can be read"),
        (np.zeros((RATE_OUT * 2, 2), np.float32), "holds only silence"),
        (waves(0.5), "lasts less than a second"),
    ],
)
def test_a_file_that_is_no_bed_is_refused_in_one_sentence(tmp_path: Path, content, problem: str):
    path = tmp_path / "bed.wav"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        write_wav(path, content, RATE_OUT)
    with pytest.raises(AudioFileError, match=problem) as refusal:
        SoundBed(path)
    assert "\n" not in str(refusal.value)
