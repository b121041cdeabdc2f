"""What is played, with the moment at which each sound should come: the score to measure against.

The ideal is a chain: a sentence begins where the one before it ends, strokes begin after their lead
and follow each other at their tempo, and what comes next begins when the last one is complete.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from assistant.audio.clip import Clip
from assistant.audio.device import RATE_OUT, Samples
from assistant.audio.earcons import earcon
from assistant.audio.mixer import Mixer
from assistant.library.library import load_library
from assistant.routine.plan import Plan, SpokenLine, Step, Strokes
from assistant.routine.track import Track

Kind = Literal["clip", "stroke"]

MINUTES = 10.0
ROUTINE = "glow"
"""The one with the most strokes in ten minutes."""


@dataclass(frozen=True, slots=True)
class Sounded:
    """One sound of a performance."""

    kind: Kind
    at: float
    """Seconds on the player's own clock at which, by its own account, it began."""
    ideal: float
    """Seconds from the beginning of the score; the length of a clip counts as it was rendered."""
    shape: Samples
    """(n,) mono at 48 kHz: what to look for."""


def plan() -> Plan:
    """Return the routine that is played."""
    return load_library().plan(ROUTINE, MINUTES, None)


def texts(steps: Iterable[Step]) -> list[str]:
    """Return every sentence and word of these steps, once."""
    items = [item for step in steps for item in step.score]
    said = ((i.text,) if isinstance(i, SpokenLine) else i.counting.texts for i in items)
    return list(dict.fromkeys(text for several in said for text in several))


def part(of: Plan, first: int, seconds: float) -> list[SpokenLine | Strokes]:
    """Return what is said and done from step `first` on, by estimate so many seconds of it."""
    items: list[SpokenLine | Strokes] = []
    for item in (item for step in of.steps[first:] for item in step.score):
        if sum(i.seconds for i in items) >= seconds:
            break
        items.append(item)
    return items


class NotingMixer(Mixer):
    """A mixer that notes what it places; the player's clock is the mixer's position."""

    def __init__(self) -> None:
        super().__init__()
        self.sounded: list[Sounded] = []
        self._ideal = 0.0

    def say(self, clip: Clip, tag: int) -> None:
        """Place a clip, and note it."""
        super().say(clip, tag)
        if clip.samples is not None:
            start = (self._speech_end - clip.length) / RATE_OUT
            self.sounded.append(Sounded("clip", start, self._ideal, clip.samples))
        self._ideal += clip.seconds

    def strokes(self, track: Track, tag: int, clips: Mapping[str, Clip] | None = None) -> None:
        """Lay strokes, and note where each is heard."""
        super().strokes(track, tag, clips)
        now = self.position / RATE_OUT
        for sound in track.sounds:
            if sound.sound in ("stroke", "last stroke"):
                shape = earcon(sound.sound, track.side).mean(axis=1)
                self.sounded.append(
                    Sounded("stroke", now + sound.at, self._ideal + sound.at, shape)
                )
        self._ideal += track.begins(track.count)


@dataclass(frozen=True, slots=True)
class Timing:
    """How a performance kept to its score; all in seconds."""

    errors: tuple[float, ...]
    """Of each stroke against its ideal time, from where the sentence before it was heard."""
    drift: float
    """By how much the last stroke comes later than by the score from the first sound on."""
    gaps: tuple[float, ...]
    """How much longer than in the score the gap after each clip is."""
    missed: int
    """Sounds that were not found where they were expected."""


def timing(sounded: list[Sounded], found: list[float | None]) -> Timing:
    """Compare where each sound was found (None: nowhere) with the score."""
    heard = [(s, at - s.ideal) for s, at in zip(sounded, found, strict=True) if at is not None]
    errors, anchor = [], heard[0][1]
    for sound, late in heard:
        if sound.kind == "clip":
            anchor = late
        else:
            errors.append(late - anchor)
    strokes = [late for sound, late in heard if sound.kind == "stroke"]
    gaps = [then - late for (s, late), (_, then) in pairwise(heard) if s.kind == "clip"]
    return Timing(tuple(errors), strokes[-1] - heard[0][1], tuple(gaps), found.count(None))


REACH: dict[Kind, float] = {"clip": 1.5, "stroke": 0.45}
"""Seconds before and after the expected moment in which a sound is looked for."""
ALIKE = 0.5
"""Normalized correlation from which on it is the sound."""
LONGEST_SHAPE = RATE_OUT
JUST_BEFORE = 0.4
"""Seconds of a sentence by which its place is found right before it is cut."""
FRAME = 480
FLOWING = 0.01
"""Level of a tenth of a second that is no pause."""
GONE = 3
"""Frames in a row that are unlike: other speech of the same voice may be like it for one."""
QUIET = 0.003
"""Level of a frame in which nothing is to be heard."""


def locate(sounded: list[Sounded], sound: Samples, offset: float) -> list[float | None]:
    """Find each in `sound`, (n,) mono at 48 kHz, in seconds from its beginning.

    `offset` is the player's clock at the first sample. What has come late by then is expected of
    the next sound, too.
    """
    found: list[float | None] = []
    late = 0.0
    for one in sounded:
        expected = one.at - offset + late
        at = _find(sound, one.shape[:LONGEST_SHAPE], expected, REACH[one.kind])
        if at is not None:
            late += at - expected
        found.append(at)
    return found


def _find(sound: Samples, shape: Samples, expected: float, reach: float) -> float | None:
    """Return where the shape is, by normalized cross-correlation."""
    first = max(0, round((expected - reach) * RATE_OUT))
    part = sound[first : first + round(2 * reach * RATE_OUT) + len(shape)].astype(np.float64)
    if len(part) < len(shape):
        return None
    size = 1 << (len(part) + len(shape)).bit_length()
    like = np.fft.irfft(np.fft.rfft(part, size) * np.conj(np.fft.rfft(shape, size)), size)
    like = like[: len(part) - len(shape) + 1]
    sums = np.cumsum(np.concatenate([[0.0], part**2]))
    energy = np.maximum(sums[len(shape) :] - sums[: -len(shape)], 1e-6)
    like /= np.sqrt(energy * (shape.astype(np.float64) ** 2).sum())
    best = int(np.argmax(like))
    return (first + best) / RATE_OUT if like[best] > ALIKE else None


def heard_after(cut: float, clip: Samples, begun: float | None, sound: Samples) -> float | None:
    """Return the seconds from `cut` until nothing of the clip that began at `begun` is heard.

    What else sounds by then, an answer perhaps, is not like it. None if the clip was not found.
    """
    if begun is None:
        return None
    head = max(0, round((cut - begun - 2 * JUST_BEFORE) * RATE_OUT))
    piece = clip[head : head + round(JUST_BEFORE * RATE_OUT)]
    again = _find(sound, piece, begun + head / RATE_OUT, JUST_BEFORE)
    if again is None:
        return None
    start = round(again * RATE_OUT) - head  # a sound card that stumbled has moved it
    last, unlike = cut, 0
    for at in range(max(0, round(cut * RATE_OUT) - start), len(clip) - FRAME, FRAME):
        was, heard = clip[at : at + FRAME], sound[start + at :][:FRAME]
        if len(heard) < FRAME or float(was @ was) < FRAME * QUIET**2:
            continue
        share = float(was @ heard) / np.sqrt(float(was @ was) * float(heard @ heard) + 1e-12)
        unlike = 0 if share > ALIKE else unlike + 1
        if unlike == GONE:
            break
        if not unlike:
            last = (start + at + FRAME) / RATE_OUT
    return max(0.0, last - cut)


def loud_after(cut: float, sound: Samples) -> float:
    """Return the seconds from `cut` to the last frame of `sound` in which anything is heard."""
    rest = sound[round(cut * RATE_OUT) :]
    frames = rest[: len(rest) // FRAME * FRAME].reshape(-1, FRAME)
    loud = np.flatnonzero(np.sqrt(np.mean(frames**2, axis=1)) > QUIET)
    return float(loud[-1] + 1) * FRAME / RATE_OUT if len(loud) else 0.0


def flowing(clip: Samples, at: float) -> bool:
    """Whether a clip speaks on without a pause from so many seconds before to as many after."""
    half = round(JUST_BEFORE * RATE_OUT)
    first = round(at * RATE_OUT) - half
    if first < 0 or first + 2 * half > len(clip):
        return False
    frames = clip[first : first + 2 * half].reshape(8, -1)
    return bool(np.sqrt(np.mean(frames**2, axis=1)).min() > FLOWING)
