"""What the mixer lets be heard, to the sample."""

from typing import get_args

import numpy as np
import pytest

from assistant.audio.clip import Clip
from assistant.audio.device import BLOCK_OUT, RATE_OUT, SILENCE_OUT, Samples
from assistant.audio.earcons import EarconKind, earcon
from assistant.audio.mixer import Mixer, Passed
from assistant.routine.plan import Side, Strokes
from assistant.routine.track import Track, TrackWord, track


def tone(seconds: float, pitch: float = 200.0, peak: float = 0.3) -> Clip:
    """A cosine: it is at its loudest on its first sample."""
    time = np.arange(round(seconds * RATE_OUT)) / RATE_OUT
    return Clip(len(time), (peak * np.cos(2 * np.pi * pitch * time)).astype(np.float32))


def constant(length: int, level: float) -> Clip:
    return Clip(length, np.full(length, level, np.float32))


def lay(
    mixer: Mixer, count: int, tempo: float, tag: int, side: Side = "both", earcons: bool = True
) -> None:
    mixer.strokes(track(Strokes(count, tempo, side, earcons)), tag)


def play(mixer: Mixer, blocks: int) -> Samples:
    return np.concatenate([mixer.next_block() for _ in range(blocks)])


def play_with_cues(mixer: Mixer, blocks: int) -> list[tuple[int, Passed]]:
    """Each cue with the position after the block in which it passed."""
    cues: list[tuple[int, Passed]] = []
    for _ in range(blocks):
        mixer.next_block()
        cues += [(mixer.position, cue) for cue in mixer.passed()]
    return cues


def largest_jump(sound: Samples) -> float:
    return float(np.abs(np.diff(sound, axis=0)).max())


def test_a_clip_begins_on_the_sample_after_its_predecessor_even_inside_a_block():
    mixer = Mixer()
    mixer.say(constant(1500, 0.25), 1)
    mixer.say(constant(700, 0.5), 2)
    heard = play(mixer, 4)[:, 0]
    assert (heard[:1500] == 0.25).all()
    assert (heard[1500:2200] == 0.5).all()
    assert (heard[2200:] == 0).all()


def test_a_clip_is_heard_alike_on_both_sides():
    mixer = Mixer()
    mixer.say(tone(0.1), 1)
    heard = play(mixer, 5)
    assert (heard[:, 0] == heard[:, 1]).all()


def test_the_end_of_a_clip_is_told_with_the_block_that_plays_its_last_sample():
    mixer = Mixer()
    mixer.say(constant(BLOCK_OUT, 0.1), 7)
    mixer.say(constant(1, 0.1), 8)
    assert play_with_cues(mixer, 3) == [(BLOCK_OUT, Passed(7, 0)), (2 * BLOCK_OUT, Passed(8, 0))]


def test_speaking_until_the_last_clip_is_over():
    mixer = Mixer()
    mixer.say(constant(BLOCK_OUT + 1, 0.1), 1)
    mixer.next_block()
    assert mixer.speaking
    mixer.next_block()
    assert not mixer.speaking


def test_a_clip_without_samples_takes_its_time_in_silence():
    mixer = Mixer(audible=False)
    mixer.say(Clip(2 * BLOCK_OUT), 1)
    assert mixer.speaking
    assert all(mixer.next_block() is SILENCE_OUT for _ in range(3))
    assert mixer.passed() == [Passed(1, 0)]


def test_silence_is_the_shared_block():
    mixer = Mixer()
    lay(mixer, 2, 1.0, 1)
    assert sum(mixer.next_block() is SILENCE_OUT for _ in range(110)) > 90


def test_strokes_begin_at_their_ideal_time_over_ten_minutes():
    tempo = 3.70001
    mixer = Mixer()
    lay(mixer, 162, tempo, 1)
    heard = play(mixer, 30_100)[:, 0]
    sounding = np.flatnonzero(heard)
    onsets = sounding[np.flatnonzero(np.diff(sounding, prepend=-RATE_OUT) > RATE_OUT // 2)]
    ideal = [round(k * tempo * RATE_OUT) for k in range(162)]
    # The first sample of an earcon is the zero from which it rises.
    assert (onsets - 1).tolist() == ideal


def test_a_stroke_is_complete_when_its_time_is_over_not_when_it_begins():
    mixer = Mixer(audible=False)
    lay(mixer, 3, 0.5, 4)
    assert play_with_cues(mixer, 100) == [
        (25 * BLOCK_OUT, Passed(4, 1)),
        (50 * BLOCK_OUT, Passed(4, 2)),
        (75 * BLOCK_OUT, Passed(4, 3)),
    ]


def test_the_cues_are_the_same_whether_or_not_anybody_listens():
    def cues(audible: bool) -> list[tuple[int, Passed]]:
        mixer = Mixer(audible)
        mixer.say(tone(0.73) if audible else Clip(round(0.73 * RATE_OUT)), 1)
        lay(mixer, 4, 0.31, 2)
        mixer.earcon("done")
        return play_with_cues(mixer, 100)

    assert cues(True) == cues(False)


def test_the_last_stroke_sounds_different():
    mixer = Mixer()
    lay(mixer, 2, 1.0, 1)
    heard = play(mixer, 100)
    assert (heard[: len(earcon("stroke"))] == earcon("stroke")).all()
    assert (heard[RATE_OUT:][: len(earcon("last stroke"))] == earcon("last stroke")).all()


def test_strokes_without_earcons_are_silent_but_counted():
    mixer = Mixer()
    lay(mixer, 1, 1.0, 1, earcons=False)
    assert not play(mixer, 60).any()
    assert mixer.passed() == [Passed(1, 1)]


def test_a_stroke_on_the_left_side_is_heard_on_the_left():
    def energies(side: Side) -> tuple[float, float]:
        mixer = Mixer()
        lay(mixer, 1, 1.0, 1, side=side)
        left, right = (play(mixer, 50) ** 2).sum(axis=0)
        return float(left), float(right)

    left, right = energies("left")
    assert left > 10 * right
    assert energies("right") == pytest.approx((right, left))
    left, right = energies("both")
    assert left == right


def test_a_long_stroke_sounds_lower_where_it_turns_back():
    mixer = Mixer()
    mixer.strokes(track(Strokes(2, 1.0, turn=0.7)), 1)
    heard = play(mixer, 100)
    sound = earcon("turn")
    for at in (0.7, 1.7):
        assert heard[round(at * RATE_OUT) :][: len(sound)] == pytest.approx(sound)


def test_before_the_other_side_there_is_a_sign_on_it_and_time_to_move_the_hands():
    mixer = Mixer()
    mixer.strokes(track(Strokes(1, 1.0, "right", lead=2.0)), 1)
    heard = play(mixer, 160)
    sign = earcon("switch sides", "right")
    assert (heard[: len(sign)] == sign).all()
    assert not heard[len(sign) : 2 * RATE_OUT].any()
    assert heard[2 * RATE_OUT :].any()
    assert mixer.passed() == [Passed(1, 1)]


def counted(mixer: Mixer, clip: Clip, room: float = 0.5) -> None:
    """Lay two strokes of a second, with a word on the second one."""
    mixer.strokes(Track(2, 1.0, words=(TrackWord(1.1, "Last one.", room),)), 1, {"Last one.": clip})


def test_a_word_is_said_on_its_stroke_and_told_when_it_begins():
    mixer = Mixer()
    counted(mixer, tone(0.3))
    cues = play_with_cues(mixer, 60)
    assert cues == [(50 * BLOCK_OUT, Passed(1, 1)), (55 * BLOCK_OUT, Passed(1, 0, "Last one."))]
    assert mixer.counting
    assert play_with_cues(mixer, 40) == [(100 * BLOCK_OUT, Passed(1, 2))]


def test_a_word_that_is_longer_than_its_room_is_left_out_and_delays_nothing():
    mixer = Mixer()
    counted(mixer, tone(0.6))
    assert play_with_cues(mixer, 100) == [
        (50 * BLOCK_OUT, Passed(1, 1)),
        (100 * BLOCK_OUT, Passed(1, 2)),
    ]


def test_a_word_gives_way_to_a_sentence_that_is_said_meanwhile():
    for sentence_first in (True, False):
        mixer = Mixer()
        if sentence_first:
            mixer.say(constant(round(1.2 * RATE_OUT), 0.2), 2)
        counted(mixer, tone(0.3))
        if not sentence_first:
            mixer.say(constant(round(1.2 * RATE_OUT), 0.2), 2)
        heard = play(mixer, 60)[:, 0]
        assert heard[:57_600] == pytest.approx(0.2)
        assert not heard[57_600:].any()


def test_a_sentence_waits_for_the_end_of_a_word():
    mixer = Mixer()
    counted(mixer, constant(round(0.3 * RATE_OUT), 0.2))
    play(mixer, 60)
    mixer.say(constant(BLOCK_OUT, 0.1), 2)
    heard = play(mixer, 20)[:, 0]
    assert np.flatnonzero(heard == np.float32(0.1))[0] == round(1.4 * RATE_OUT) - 60 * BLOCK_OUT


def test_hush_ends_a_word_without_a_click():
    mixer = Mixer()
    clip = tone(0.4)
    counted(mixer, clip)
    before = play(mixer, 60)
    mixer.hush()
    after = play(mixer, 20)
    assert clip.samples is not None
    step = largest_jump(clip.samples)
    assert largest_jump(np.concatenate([before[-BLOCK_OUT:], after])) < 1.5 * step
    assert not after[240:].any()
    assert not mixer.counting


def test_hush_silences_speech_within_5_ms_without_a_click():
    mixer = Mixer()
    clip = tone(1.0)
    mixer.say(clip, 1)
    before = play(mixer, 3)
    mixer.hush()
    after = play(mixer, 2)
    assert clip.samples is not None
    assert largest_jump(np.concatenate([before, after])) < 1.5 * largest_jump(clip.samples)
    assert after[:200].any()
    assert not after[240:].any()
    assert not mixer.speaking


def test_hushing_twice_does_not_click_either():
    mixer = Mixer()
    clip = tone(1.0)
    mixer.say(clip, 1)
    before = play(mixer, 3)
    mixer.hush()
    mixer.hush()
    assert clip.samples is not None
    heard = np.concatenate([before, play(mixer, 2)])
    assert largest_jump(heard) < 2 * largest_jump(clip.samples)


def test_after_hush_no_cue_comes_and_the_next_clip_begins_at_once():
    mixer = Mixer()
    mixer.say(tone(1.0), 1)
    mixer.say(tone(1.0), 2)
    lay(mixer, 10, 0.1, 3)
    mixer.next_block()
    mixer.hush()
    mixer.say(constant(BLOCK_OUT, 0.1), 4)
    assert play_with_cues(mixer, 200) == [(2 * BLOCK_OUT, Passed(4, 0))]


def test_hush_ends_a_ringing_stroke_but_not_the_sign_that_the_user_was_heard():
    mixer = Mixer()
    lay(mixer, 5, 0.5, 1)
    mixer.next_block()
    mixer.hush()
    assert not play(mixer, 100)[240:].any()
    mixer.earcon("heard")
    mixer.hush()
    heard = play(mixer, 10)
    assert (heard[: len(earcon("heard"))] == earcon("heard")).all()


def test_ducking_lowers_speech_by_15_db_within_20_ms_and_lets_it_back_within_200_ms():
    mixer = Mixer()
    mixer.say(constant(RATE_OUT, 0.3), 1)
    play(mixer, 2)
    mixer.duck(True)
    down = play(mixer, 3)[:, 0]
    assert down[BLOCK_OUT:] == pytest.approx(0.3 * 10 ** (-15 / 20), rel=0.01)
    mixer.duck(False)
    up = play(mixer, 12)[:, 0]
    assert up[round(0.2 * RATE_OUT) :] == pytest.approx(0.3)
    assert largest_jump(np.concatenate([down, up])) < 0.001


def test_ducking_leaves_earcons_alone():
    mixer = Mixer()
    mixer.duck(True)
    mixer.earcon("heard")
    assert (play(mixer, 10)[: len(earcon("heard"))] == earcon("heard")).all()


def test_a_change_of_volume_glides_and_applies_to_everything():
    mixer = Mixer()
    mixer.say(constant(RATE_OUT, 0.4), 1)
    mixer.next_block()
    mixer.volume = 0.5
    heard = play(mixer, 5)[:, 0]
    assert largest_jump(heard) < 0.001
    assert heard[-1] == pytest.approx(0.2)
    mixer.hush()
    play(mixer, 2)
    mixer.earcon("done")
    assert np.abs(play(mixer, 10)).max() == pytest.approx(0.5 * np.abs(earcon("done")).max())


def test_too_loud_a_mix_is_bent_not_clipped():
    mixer = Mixer()
    mixer.volume = 4.0
    mixer.say(tone(0.2, peak=0.9), 1)
    heard = play(mixer, 10)
    assert np.abs(heard).max() <= 1.0
    assert np.unique(np.abs(heard)).size > 100


KINDS: tuple[EarconKind, ...] = get_args(EarconKind)


@pytest.mark.parametrize("kind", KINDS)
def test_earcons_are_short_and_soft_and_begin_and_end_in_silence(kind: EarconKind):
    sound = earcon(kind)
    assert 0.04 <= len(sound) / RATE_OUT <= 0.18
    assert -18 <= 20 * np.log10(np.abs(sound).max()) <= -12
    assert np.abs(sound[[0, -1]]).max() < 0.001
    assert largest_jump(sound) < 0.05


def test_earcons_can_be_told_apart():
    spectra = [np.abs(np.fft.rfft(earcon(kind)[:, 0], 9600)) for kind in KINDS]
    spectra = [spectrum / np.linalg.norm(spectrum) for spectrum in spectra]
    likeness = np.array(spectra) @ np.array(spectra).T - np.eye(len(KINDS))
    assert likeness.max() < 0.9
