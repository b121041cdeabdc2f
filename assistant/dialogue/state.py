"""The state of the conversation: plain frozen data, which can be saved and loaded at any time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from assistant.routine.health import Profile
from assistant.routine.plan import Plan, SpokenLine, Step, Strokes
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
"""Modes in which a massage is going on: stopped now, it leaves a place worth keeping."""

OpenQuestion = Literal[
    "", "go on from the place", "change routine", "keep place", "drop place", "something wrong"
]
"""What "yes" or "no" answers in the mode confirming. "drop place" is no longer a question: it marks
a "no" to "keep place" while goodbye is being said."""

PACES = (1.5, 1.22, 1.0, 0.82, 0.67)
"""Seconds per stroke as a multiple of the written tempo, from slowest to fastest. The paces are
about 20 % apart: clearly felt, and still the same movement."""
RATES = (0.8, 0.9, 1.0, 1.1, 1.2)
"""Speech rate at the same paces. It changes only half as much: speech sounds odd sooner."""
GAINS = (0.25, 0.5, 1.0, 1.6, 2.5)
"""Gains of the volume levels, about 5 dB apart; the mixer limits what would clip."""
NORMAL = 2
LEAST, USUAL, MOST = 0, 1, 2
"""How much the coach says."""
SoundMode = Literal["usual", "whisper", "earcons", "silence"]
"""How the coach guides: aloud, softly, by sounds alone, or silently. Answers to the user and what
keeps the user safe are spoken in every case."""


@dataclass(frozen=True, slots=True)
class Place:
    """A point in a massage."""

    plan: Plan
    step: int = 0
    item: int = 0
    """Index into the score of the step."""
    stroke: int = 0
    """Strokes done of the current item."""
    extra: int = 0
    """Strokes that the user added to the current or next run."""

    @property
    def now(self) -> Step:
        """The current step."""
        return self.plan.steps[self.step]

    @property
    def doing(self) -> SpokenLine | Strokes:
        """The current item of the score."""
        return self.now.score[self.item]

    @property
    def strokes(self) -> Strokes | None:
        """The current run of strokes, or the next one in this step."""
        coming = (i for i in self.now.score[self.item :] if isinstance(i, Strokes))
        return next(coming, None)

    @property
    def last(self) -> bool:
        """Whether this is the last step."""
        return self.step == len(self.plan.steps) - 1


@dataclass(frozen=True, slots=True)
class Screening:
    """How far the health questions have come."""

    asked: tuple[str, ...]
    """Questions that are asked this time."""
    left: tuple[str, ...]
    """Questions that are still to be answered, the current one first."""
    answers: Mapping[str, date | None] = field(default_factory=dict)
    """Conditions told so far, with the date of the treatment if it matters and is known."""
    telling: bool = False
    """The current question was answered with "yes": the user is saying what it is."""
    undated: tuple[str, ...] = ()
    """Conditions whose date is still to be told."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything that the dialogue remembers."""

    mode: Mode = "choosing"
    place: Place | None = None
    """In the massage that is going on or, before one begins, in the one broken off earlier."""
    replying: bool = False
    """An answer is being said; what it interrupted goes on afterward."""
    awaited: int = 0
    """The tag of the speech or strokes whose end matters; 0 if there are none. Others are stale."""
    timer: int = 0
    """The tag of the wait that still matters; 0 if there is none."""
    tags: int = 0
    """How many tags have been given out."""
    understood: int = 0
    """How often the user has been understood; varies the wording without randomness."""
    pace: int = NORMAL
    volume: int = NORMAL
    minutes: float | None = None
    """Length that was asked for before a routine was chosen."""
    tools: tuple[str, ...] | None = None
    """Tools at hand, as far as the user has said in this conversation; None means all."""
    tool_named: str = ""
    """Tool that was named when the massage was asked for."""
    no_oil: bool = False
    """The user has said that there is no oil."""
    offered: int = 0
    """How many of the massages have been listed."""
    misses: int = 0
    """How many times in a row the user was heard but not understood."""
    silences: int = 0
    """How many times in a row an answer was expected and nothing was heard."""
    sound: SoundMode = "usual"
    talk: int = USUAL
    """How much the coach says, from LEAST to MOST."""
    break_seconds: float = 0.0
    """Length of the pause that was asked for; 0 for one without an end."""
    suggested: tuple[Intent, ...] = ()
    """What the user may have meant, and was asked back about: one intent, or two to choose from."""
    pains: int = 0
    """How many times pain was reported in this massage."""
    question: OpenQuestion = ""
    asked_about: str = ""
    """What the question is about: a symptom, or the routine that also follows health questions."""
    profile: Profile | None = None
    """What the user answered about health; None if not asked yet."""
    screening: Screening | None = None
    done: Plan | None = None
    """The massage that was last done to its end."""
    then: tuple[str, ...] = ()
    """Routines that were asked for along with the present one, to be done after it."""
    minutes_then: float | None = None
    """Length that was asked for each of them."""
    warned_of_saving: bool = False
    """The user has heard that the place cannot be saved."""
    leaving: bool = False
    """Goodbye is being said; after it, the conversation is over."""

    @property
    def wordless(self) -> bool:
        """Whether the massage goes on without narration."""
        return self.sound in ("earcons", "silence")
