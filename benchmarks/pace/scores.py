"""The score to measure against: what is played, and when each sound should come.

Ideal times form a chain: a sentence begins where the one before it ends; strokes begin after their
lead-in and follow at their tempo; the next sentence begins when the last stroke is complete. Sounds
are located in a recording by normalized cross-correlation.
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
class PlayedSound:
    """One sound that was played."""

    kind: Kind
    at: float
    """When it began by the player's own account, in seconds on the player's clock."""
    ideal: float
    """Ideal time, in seconds from the start of the score; clips count at their rendered length."""
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
    """Return what is said and done from step `first` on, about so many seconds of it."""
    items: list[SpokenLine | Strokes] = []
    for item in (item for step in of.steps[first:] for item in step.score):
        if sum(i.seconds for i in items) >= seconds:
            break
        items.append(item)
    return items


class NotingMixer(Mixer):
    """A mixer that notes what it places; its position is the player's clock."""

    def __init__(self) -> None:
        super().__init__()
        self.played: list[PlayedSound] = []
        self._ideal = 0.0

    def say(self, clip: Clip, tag: int) -> None:
        """Place a clip, and note it."""
        super().say(clip, tag)
        if clip.samples is not None:
            start = (self._speech_end - clip.length) / RATE_OUT
            self.played.append(PlayedSound("clip", start, self._ideal, clip.samples))
        self._ideal += clip.seconds

    def strokes(self, track: Track, tag: int, clips: Mapping[str, Clip] | None = None) -> None:
        """Lay strokes, and note where each is heard."""
        super().strokes(track, tag, clips)
        now = self.position / RATE_OUT
        for sound in track.sounds:
            if sound.sound in ("stroke", "last stroke"):
                shape = earcon(sound.sound, track.side).mean(axis=1)
                self.played.append(
                    PlayedSound("stroke", now + sound.at, self._ideal + sound.at, shape)
                )
        self._ideal += track.begins(track.count)


@dataclass(frozen=True, slots=True)
class Timing:
    """How well a performance kept to its score; all in seconds."""

    errors: tuple[float, ...]
    """Error of each stroke, measured from where the sentence before it was found."""
    drift: float
    """How late the last stroke is, measured from where the first sound was found."""
    gaps: tuple[float, ...]
    """How much longer the gap after each clip is than in the score."""
    missed: int
    """Sounds that were not found where they were expected."""


def timing(played: list[PlayedSound], found: list[float | None]) -> Timing:
    """Compare where each sound was found (None: nowhere) with the score."""
    heard = [(s, at - s.ideal) for s, at in zip(played, found, strict=True) if at is not None]
    errors, anchor = [], heard[0][1]
    for sound, late in heard:
        if sound.kind == "clip":
            anchor = late
        else:
            errors.append(late - anchor)
    strokes = [late for sound, late in heard if sound.kind == "stroke"]
    gaps = [then - late for (s, late), (_, then) in pairwise(heard) if s.kind == "clip"]
    return Timing(tuple(errors), strokes[-1] - heard[0][1], tuple(gaps), found.count(None))


SEARCH: dict[Kind, float] = {"clip": 1.5, "stroke": 0.45}
"""How many seconds before and after the expected moment a sound is searched for."""
MATCH = 0.5
"""Normalized correlation above which a sound counts as found."""
LONGEST_MATCH = RATE_OUT
ANCHOR_SECONDS = 0.4
"""How many seconds of a sentence, right before the cut, are used to locate it again."""
FRAME = 480
SPEECH_LEVEL = 0.01
"""RMS above which a tenth of a second is speech and not a pause."""
FRAMES_UNTIL_GONE = 3
"""How many frames in a row must not match: other speech of the same voice can match in one."""
SILENCE_LEVEL = 0.003
"""RMS below which nothing can be heard in a frame."""


def locate(played: list[PlayedSound], sound: Samples, offset: float) -> list[float | None]:
    """Find each in `sound`, (n,) mono at 48 kHz, in seconds from its beginning.

    `offset` is the player's clock at the first sample. If a sound is late, the next one is expected
    to be as late.
    """
    found: list[float | None] = []
    late = 0.0
    for one in played:
        expected = one.at - offset + late
        at = _find(sound, one.shape[:LONGEST_MATCH], expected, SEARCH[one.kind])
        if at is not None:
            late += at - expected
        found.append(at)
    return found


def _find(sound: Samples, shape: Samples, expected: float, reach: float) -> float | None:
    """Return where the shape is, in seconds; None if it is not found."""
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
    return (first + best) / RATE_OUT if like[best] > MATCH else None


def heard_after(cut: float, clip: Samples, begun: float | None, sound: Samples) -> float | None:
    """Return the seconds from `cut` until the clip that began at `begun` can no longer be heard.

    Frame by frame, the recording is compared with the clip, so that an answer that follows does not
    count. None if the clip was not found.
    """
    if begun is None:
        return None
    head = max(0, round((cut - begun - 2 * ANCHOR_SECONDS) * RATE_OUT))
    piece = clip[head : head + round(ANCHOR_SECONDS * RATE_OUT)]
    again = _find(sound, piece, begun + head / RATE_OUT, ANCHOR_SECONDS)
    if again is None:
        return None
    start = round(again * RATE_OUT) - head  # the sound card may have dropped out since
    last, unlike = cut, 0
    for at in range(max(0, round(cut * RATE_OUT) - start), len(clip) - FRAME, FRAME):
        was, heard = clip[at : at + FRAME], sound[start + at :][:FRAME]
        if len(heard) < FRAME or float(was @ was) < FRAME * SILENCE_LEVEL**2:
            continue
        share = float(was @ heard) / np.sqrt(float(was @ was) * float(heard @ heard) + 1e-12)
        unlike = 0 if share > MATCH else unlike + 1
        if unlike == FRAMES_UNTIL_GONE:
            break
        if not unlike:
            last = (start + at + FRAME) / RATE_OUT
    return max(0.0, last - cut)


def loud_after(cut: float, sound: Samples) -> float:
    """Return the seconds from `cut` to the last frame in which anything can be heard."""
    rest = sound[round(cut * RATE_OUT) :]
    frames = rest[: len(rest) // FRAME * FRAME].reshape(-1, FRAME)
    loud = np.flatnonzero(np.sqrt(np.mean(frames**2, axis=1)) > SILENCE_LEVEL)
    return float(loud[-1] + 1) * FRAME / RATE_OUT if len(loud) else 0.0


def in_speech(clip: Samples, at: float) -> bool:
    """Tell whether a clip has speech without a pause for ANCHOR_SECONDS before and after `at`."""
    half = round(ANCHOR_SECONDS * RATE_OUT)
    first = round(at * RATE_OUT) - half
    if first < 0 or first + 2 * half > len(clip):
        return False
    frames = clip[first : first + 2 * half].reshape(8, -1)
    return bool(np.sqrt(np.mean(frames**2, axis=1)).min() > SPEECH_LEVEL)
