"""A run of strokes laid in time: when each begins and turns, what sounds there and what is said.

Pure data, laid out before it plays, from any stroke on: a run that was interrupted is laid out
again from that stroke, at the pace of the moment. A word gets a place only where, by the planner's
estimate, it is over before the next sound. No stroke ever waits for a word.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
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
    """Seconds from the beginning of the track."""
    sound: StrokeSound


@dataclass(frozen=True, slots=True)
class TrackWord:
    """A word or two on the track; left out if not rendered in time, or longer than its room."""

    at: float
    """Seconds from the beginning of the track."""
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
    sounds: tuple[TrackSound, ...] = ()
    words: tuple[TrackWord, ...] = ()

    def begins(self, index: int) -> float:
        """Return when the stroke with this index begins, which is when the one before it ends.

        In seconds from the beginning of the track.
        """
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
    """Lay out what is left of `run` after `done` strokes.

    `pace` multiplies all times; `rate` is the speech rate, which divides the length of words.
    `resumed` gives the hands time to come back. Time to change sides is given only before the first
    stroke: after it, they have changed. `counted=False` leaves out all words.
    """
    lead = 0.0 if done else run.lead
    lead = pace * (max(lead, AFTER_AN_ANSWER) if resumed else lead)
    bare = Track(run.count - done, run.tempo * pace, run.side, lead)
    sounds = tuple(_sounds(run, bare, done))
    words = tuple(_words(run, bare, sounds, done, rate)) if counted else ()
    return replace(bare, sounds=sounds, words=words)


def _sounds(run: Strokes, bare: Track, done: int) -> Iterator[TrackSound]:
    if run.lead and not done:
        yield TrackSound(0.0, "switch sides")
    if not run.earcons:
        return
    for index in range(bare.count):
        last = index == bare.count - 1
        yield TrackSound(bare.begins(index), "last stroke" if last else "stroke")
        if run.turn:
            yield TrackSound(bare.begins(index) + run.turn * bare.tempo, "turn")


def _words(
    run: Strokes, bare: Track, sounds: tuple[TrackSound, ...], done: int, rate: float
) -> Iterator[TrackWord]:
    """Yield the words that have room, in the order of their times."""
    again = _seconds(run.counting.again, rate) + BEFORE_A_SOUND
    if bare.lead > again and run.counting.again:
        yield TrackWord(bare.lead - again, run.counting.again, again)
    # A stroke ends the room of a word even if it has no sound, as in a hold: words never overlap.
    borders = [*(sound.at for sound in sounds), *map(bare.begins, range(bare.count + 1))]
    for at, text in _wanted(run, bare, done):
        begin = at + AFTER_A_SOUND
        room = min(border for border in borders if border > at) - BEFORE_A_SOUND - begin
        if text and _seconds(text, rate) <= room:
            yield TrackWord(begin, text, room)


def _wanted(run: Strokes, bare: Track, done: int) -> Iterator[tuple[float, str]]:
    """Yield when each stroke begins and turns, with what would be said there, or ""."""
    for index in range(bare.count):
        yield bare.begins(index), _counted(run.counting, done + index, run.count)
        if run.turn:
            yield bare.begins(index) + run.turn * bare.tempo, run.counting.turn


def _counted(counting: Counting, index: int, count: int) -> str:
    """Return what is said on the stroke with this index, out of `count`."""
    to_go = count - 1 - index
    if count == 1:  # a single stroke is not counted
        return counting.each
    if index == 0:
        return counting.first
    if to_go < len(counting.last):
        return counting.last[to_go]
    # Right before the countdown begins, "half way" would only be in its way.
    if index == count // 2 and to_go > len(counting.last):
        return counting.half or counting.each
    return counting.each


def _seconds(text: str, rate: float) -> float:
    return SpokenLine(text, "what").seconds / rate
