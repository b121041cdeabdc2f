"""A run of strokes laid in time: when each begins and turns, what sounds there and what is said.

Pure data, laid before it plays, from whatever stroke is the present one: a run that was broken off
is laid again from there, at the pace of now. Words are placed only where, by the planner's
estimate, they are over before the next sound; no stroke ever waits for a word.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.routine.plan import Counting, Side, SpokenLine, Strokes

StrokeSound = Literal["switch sides", "stroke", "turn", "last stroke"]

AFTER_AN_ANSWER = 1.2
"""Seconds, at the normal pace, from the end of an answer to the next stroke: hands were lifted."""
AFTER_A_SOUND, BEFORE_A_SOUND = 0.12, 0.2
"""Seconds between a word and the sounds around it, so that both are heard."""


@dataclass(frozen=True, slots=True)
class TrackSound:
    """A sound on the track."""

    at: float
    """Seconds from the beginning of the track; likewise below."""
    sound: StrokeSound


@dataclass(frozen=True, slots=True)
class TrackWord:
    """A word or two on the track, left out when it is not ready, or longer than its room."""

    at: float
    text: str
    room: float
    """Seconds within which it must be over."""


@dataclass(frozen=True, slots=True)
class Track:
    """Strokes one right after the other, the first one after `lead`."""

    count: int
    tempo: float
    """Seconds per stroke."""
    side: Side = "both"
    lead: float = 0.0
    """Seconds until the first stroke begins."""
    marks: tuple[TrackSound, ...] = ()
    words: tuple[TrackWord, ...] = ()

    def begins(self, index: int) -> float:
        """Return when the stroke with this index begins, which is when the one before it ends."""
        return self.lead + index * self.tempo


def track(
    run: Strokes,
    *,
    done: int = 0,
    pace: float = 1.0,
    rate: float = 1.0,
    resumed: bool = False,
    counted: bool = True,
) -> Track:
    """Lay what is left of `run` after `done` strokes.

    `pace` multiplies all times, `rate` divides the length of words. `resumed` gives the hands time
    to come back; a run that was begun needs no time to change sides. `counted` False leaves out all
    words.
    """
    lead = 0.0 if done else run.lead
    lead = pace * (max(lead, AFTER_AN_ANSWER) if resumed else lead)
    bare = Track(run.count - done, run.tempo * pace, run.side, lead)
    marks = tuple(_marks(run, bare, done))
    words = tuple(_words(run, bare, marks, done, rate)) if counted else ()
    return Track(bare.count, bare.tempo, bare.side, lead, marks, words)


def _marks(run: Strokes, laid: Track, done: int) -> Iterator[TrackSound]:
    if run.lead and not done:
        yield TrackSound(0.0, "switch sides")
    if not run.earcons:
        return
    for index in range(laid.count):
        last = index == laid.count - 1
        yield TrackSound(laid.begins(index), "last stroke" if last else "stroke")
        if run.turn:
            yield TrackSound(laid.begins(index) + run.turn * laid.tempo, "turn")


def _words(
    run: Strokes, laid: Track, marks: tuple[TrackSound, ...], done: int, rate: float
) -> Iterator[TrackWord]:
    """Yield the words that have room, in the order of their times."""
    again = _seconds(run.counting.again, rate) + BEFORE_A_SOUND
    if laid.lead > again and run.counting.again:
        yield TrackWord(laid.lead - again, run.counting.again, again)
    borders = [*(mark.at for mark in marks), *map(laid.begins, range(laid.count + 1))]
    for at, text in _wanted(run, laid, done):
        begin = at + AFTER_A_SOUND
        room = min(border for border in borders if border > at) - BEFORE_A_SOUND - begin
        if text and _seconds(text, rate) <= room:
            yield TrackWord(begin, text, room)


def _wanted(run: Strokes, laid: Track, done: int) -> Iterator[tuple[float, str]]:
    for index in range(laid.count):
        yield laid.begins(index), counted(run.counting, done + index, run.count)
        if run.turn:
            yield laid.begins(index) + run.turn * laid.tempo, run.counting.turn


def counted(counting: Counting, index: int, count: int) -> str:
    """Return what is said on the stroke with this index, of so many.

    A single one is not counted. Half way is not said right before the countdown begins.
    """
    to_go = count - 1 - index
    if count == 1:
        return counting.each
    if index == 0:
        return counting.first
    if to_go < len(counting.last):
        return counting.last[to_go]
    if index == count // 2 and to_go > len(counting.last):
        return counting.half or counting.each
    return counting.each


def _seconds(text: str, rate: float) -> float:
    return SpokenLine(text, "what").seconds / rate
