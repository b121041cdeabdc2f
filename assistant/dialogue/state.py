"""Where the conversation stands: plain frozen data. Saved, it is a checkpoint; loaded, a resume."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, get_args

from assistant.routine.health import Profile
from assistant.routine.plan import Plan, SpokenLine, Step, Strokes
from assistant.routine.schema import PRESSURES
from assistant.understanding.intent import Intent

Mode = Literal[
    "choosing",
    "screening",
    "preparing",
    "guiding",
    "paused",
    "hurting",
    "confirming",
    "finished",
]
MODES: tuple[Mode, ...] = get_args(Mode)

UNDER_WAY: tuple[Mode, ...] = ("guiding", "paused", "hurting")
"""Modes in which a massage that is broken off has a place worth keeping."""

OpenQuestion = Literal["", "go on from the place", "change routine", "keep place", "drop place"]
"""What a yes or no answers in the mode confirming."""

PACES = (1.5, 1.22, 1.0, 0.82, 0.67)
"""Seconds per stroke against the written tempo, from slowest to fastest; a step is about 20 %,
which is clearly felt and still the same movement."""
RATES = (0.8, 0.9, 1.0, 1.1, 1.2)
"""Speech rate at the same paces: half as strong, since speech turns odd sooner than strokes."""
GAINS = (0.25, 0.5, 1.0, 1.6, 2.5)
"""Volume steps, about 5 dB apart; the mixer limits what would clip."""
NORMAL = 2
LEAST, USUAL, MOST = 0, 1, 2
"""How much the coach says."""
SoundMode = Literal["usual", "whisper", "earcons", "silence"]
"""How the coach is heard: speaking up, softly, by sounds alone, or not at all. What keeps a person
safe, and answers to what was said, are spoken whatever it is."""
SOUNDS: tuple[SoundMode, ...] = get_args(SoundMode)


@dataclass(frozen=True, slots=True)
class Place:
    """A point in a massage."""

    plan: Plan
    step: int = 0
    item: int = 0
    """Index into the step's score."""
    stroke: int = 0
    """Strokes done of the present item."""
    extra: int = 0
    """Strokes added, at the user's wish, to the present or next run."""

    @property
    def now(self) -> Step:
        """The present step."""
        return self.plan.steps[self.step]

    @property
    def doing(self) -> SpokenLine | Strokes:
        """The present item of the score."""
        return self.now.score[self.item]

    @property
    def strokes(self) -> Strokes | None:
        """The present run of strokes, or the next one of this step."""
        coming = (i for i in self.now.score[self.item :] if isinstance(i, Strokes))
        return next(coming, None)

    @property
    def last(self) -> bool:
        """No step follows."""
        return self.step == len(self.plan.steps) - 1


def lightened(place: Place, sentences: Mapping[str, str]) -> Place:
    """Return `place` with the present step one pressure lighter: feather, unless hands only rest.

    `sentences` are the narration's, by pressure; where the step says the old one, it says the new.
    """
    step, old = place.now, place.now.pressure
    new = PRESSURES[max(PRESSURES.index(old) - 1, min(PRESSURES.index(old), 1))]
    score = tuple(
        replace(item, text=item.text.replace(sentences[old], sentences[new]))
        if isinstance(item, SpokenLine)
        else item
        for item in step.score
    )
    steps = list(place.plan.steps)
    steps[place.step] = replace(step, pressure=new, score=score)
    return replace(place, plan=replace(place.plan, steps=tuple(steps)))


@dataclass(frozen=True, slots=True)
class Screening:
    """How far the health questions are."""

    asked: tuple[str, ...]
    """Questions that are asked this time."""
    left: tuple[str, ...]
    """Of those, the ones still to be answered, the present one first."""
    answers: Mapping[str, date | None] = field(default_factory=dict)
    """Conditions told so far, with the date of the treatment where it matters and is known."""
    telling: bool = False
    """The present question was answered by yes: what it is, is being told."""
    undated: tuple[str, ...] = ()
    """Conditions of which the date is still to be told."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything the dialogue remembers."""

    mode: Mode = "choosing"
    place: Place | None = None
    """Of the massage that goes on; before it starts, of the one that was broken off earlier."""
    replying: bool = False
    """An answer is being said; what it interrupted goes on afterwards."""
    awaited: int = 0
    """The tag whose end moves the massage on; others are stale."""
    timer: int = 0
    """The tag of the wait that still matters."""
    tags: int = 0
    """How many tags have been given out."""
    turn: int = 0
    """How often the user was understood; varies the wording without chance."""
    pace: int = NORMAL
    volume: int = NORMAL
    minutes: float | None = None
    """Asked for before a routine was chosen."""
    tools: tuple[str, ...] | None = None
    """At hand, as far as it was said in this conversation; None is all."""
    wished_tool: str = ""
    """Named when the massage was asked for."""
    offered: int = 0
    """How many of the massages have been named."""
    misses: int = 0
    """In a row: heard but not understood."""
    silences: int = 0
    """In a row: expected an answer and heard nothing."""
    sound: SoundMode = "usual"
    talk: int = USUAL
    """How much the coach says, from LEAST to MOST."""
    break_seconds: float = 0.0
    """How long the user wants to be away; 0 for a pause without an end."""
    suggested: tuple[Intent, ...] = ()
    """What the user may have meant by a typed line that was no sentence."""
    pains: int = 0
    """Reports of pain in this massage."""
    question: OpenQuestion = ""
    asked_about: str = ""
    """What the question is about, or what is to follow the health questions: a routine."""
    profile: Profile | None = None
    """What the user answered about health; None: not asked yet."""
    screening: Screening | None = None
    done: str = ""
    """The routine that was done to its end last."""
    leaving: bool = False
    """The last words are being said; then the conversation is over."""

    @property
    def wordless(self) -> bool:
        """Whether the massage goes on without being told."""
        return self.sound in ("earcons", "silence")
