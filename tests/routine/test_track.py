"""A run of strokes is laid out in time, whole or from the stroke where it was interrupted."""

from itertools import pairwise

import pytest

from assistant.library.library import load_library
from assistant.routine.plan import Counting, Strokes
from assistant.routine.track import AFTER_AN_ANSWER, TrackSound, track

COUNTING = Counting(
    first="One.",
    half="Half way.",
    last=("Last one.", "Two to go.", "Three to go."),
    again="And.",
)


def words(run: Strokes, **wishes: object) -> list[tuple[int, str]]:
    """What is said, with the number of the stroke on which it is said."""
    laid = track(run, **wishes)  # type: ignore[arg-type]
    done = int(wishes.get("done", 0))  # type: ignore[call-overload]
    return [(int((w.at - laid.lead) // laid.tempo) + 1 + done, w.text) for w in laid.words]


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, []),
        (2, [(1, "One."), (2, "Last one.")]),
        (3, [(1, "One."), (2, "Two to go."), (3, "Last one.")]),
        (5, [(1, "One."), (3, "Three to go."), (4, "Two to go."), (5, "Last one.")]),
        (10, [(1, "One."), (6, "Half way."), (8, "Three to go."), (9, "Two to go."),
              (10, "Last one.")]),
    ],
)  # fmt: skip
def test_the_first_the_middle_and_the_last_three_are_counted(count, said):
    assert words(Strokes(count, 4.0, counting=COUNTING)) == said


def test_counting_goes_on_from_the_stroke_where_it_was_interrupted():
    run = Strokes(10, 4.0, counting=COUNTING)
    assert words(run, done=8, resumed=True) == [(8, "And."), (9, "Two to go."), (10, "Last one.")]


def test_nothing_is_said_where_strokes_leave_no_room_or_when_it_is_not_wanted():
    assert words(Strokes(10, 1.0, counting=COUNTING)) == []
    assert words(Strokes(10, 4.0, counting=COUNTING), counted=False) == []


def test_no_word_overlaps_a_sound_in_the_whole_library():
    library = load_library()
    for routine in library.routines:
        for step in library.plan(routine).steps:
            for run in step.score:
                if not isinstance(run, Strokes):
                    continue
                for pace, rate in ((1.5, 0.8), (1.0, 1.0), (0.67, 1.2)):
                    laid = track(run, pace=pace, rate=rate, resumed=True)
                    for word in laid.words:
                        end = word.at + word.room
                        assert not any(word.at <= sound.at < end for sound in laid.sounds)
                    assert all(a.at + a.room <= b.at for a, b in pairwise(laid.words))


def test_after_an_answer_the_hands_have_time_to_come_back():
    run = Strokes(5, 4.0, counting=COUNTING)
    assert track(run, done=2).lead == 0.0
    assert track(run, done=2, resumed=True).lead == AFTER_AN_ANSWER
    assert track(run, done=2, resumed=True, pace=1.5).lead == 1.5 * AFTER_AN_ANSWER


def test_a_run_that_has_begun_needs_no_second_time_to_change_sides():
    run = Strokes(5, 4.0, "right", lead=2.0)
    assert track(run).sounds[0] == TrackSound(0.0, "switch sides")
    begun = track(run, done=1)
    assert (begun.count, begun.lead) == (4, 0.0)
    assert begun.sounds[0] == TrackSound(0.0, "stroke")


def test_every_stroke_has_a_sound_and_the_last_one_another_also_after_a_pause():
    run = Strokes(4, 2.0, turn=0.5)
    assert [each.sound for each in track(run, done=2).sounds] == [
        *("stroke", "turn"),
        *("last stroke", "turn"),
    ]
    assert [each.at for each in track(run, done=2, pace=1.5).sounds] == [0.0, 1.5, 3.0, 4.5]


def test_a_hold_has_words_and_no_sounds():
    counting = Counting(half="Half way.", last=("Nearly there.",), again="And hold.")
    hold = Strokes(6, 10.0, earcons=False, counting=counting)
    assert track(hold).sounds == ()
    assert words(hold) == [(4, "Half way."), (6, "Nearly there.")]


def test_long_strokes_turn_and_short_ones_and_those_that_never_turn_do_not():
    library = load_library()
    runs = {
        step.technique: item
        for routine in library.routines
        for step in library.plan(routine).steps
        for item in step.score
        if isinstance(item, Strokes)
    }
    assert runs["under-eye-sweep"].turn == 0.7
    assert runs["chilled-forehead"].turn == 0.5
    assert runs["glow-smooth"].turn == 0
    assert runs["oil-on"].turn == 0
