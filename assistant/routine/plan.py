"""A planned massage, ready to be performed: the score of each step has its lines and strokes.

Plain frozen data, so that a plan can be saved in the middle of a massage and resumed.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Side = Literal["both", "left", "right"]
LineKind = Literal["title", "what", "cue", "caution", "side", "lead in", "close"]

SECONDS_PER_LINE, SECONDS_PER_LETTER, SECONDS_PER_PAUSE = 0.51, 0.0715, 0.51
"""Seconds that a line takes at the normal rate, fitted by least squares to the shipped narration as
eSpeak NG (0.57, 0.071, 0.49) and Piper (0.44, 0.072, 0.54) say it. The estimate is off by 0.25 s on
average. Counting words instead is off by twice as much, and too short wherever words are long."""

NEAR_SECONDS, NEAR_SHARE = 10.0, 0.05
"""How far a plan may be off the length asked for without saying so; the larger one counts."""


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """One sentence of narration, rendered as a unit; interrupted narration resumes at one."""

    text: str
    kind: LineKind
    about: str = ""
    """For a caution that holds for several steps: the tag that they have in common."""

    @property
    def seconds(self) -> float:
        """Estimated length at the normal rate."""
        return _spoken_seconds(self.text)


@lru_cache(maxsize=4096)
def _spoken_seconds(text: str) -> float:
    # Cached because fitting a plan asks for the same few hundred sentences again and again.
    letters = sum(map(str.isalnum, text))
    pauses = sum(map(text.rstrip(".?!").count, ",:;.?!"))
    return SECONDS_PER_LINE + SECONDS_PER_LETTER * letters + SECONDS_PER_PAUSE * pauses


@dataclass(frozen=True, slots=True)
class Counting:
    """What is said on the strokes themselves: a word or two each, or nothing where it is empty."""

    first: str = ""
    """On the first stroke."""
    half: str = ""
    """On the stroke that begins the second half."""
    last: tuple[str, ...] = ()
    """On the last stroke, the one before it, and so on."""
    each: str = ""
    """On all others."""
    turn: str = ""
    """Where a stroke turns back."""
    again: str = ""
    """Right before the strokes, after the hands had to move."""

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that may be said, once each, in the order in which it is needed."""
        texts = (self.again, self.first, self.each, self.turn, self.half, *reversed(self.last))
        return tuple(dict.fromkeys(filter(None, texts)))


@dataclass(frozen=True, slots=True)
class Strokes:
    """A run of strokes on one side."""

    count: int
    tempo: float
    """Seconds per stroke at the normal pace."""
    side: Side = "both"
    earcons: bool = True
    """False for a hold, where a sound in the middle would mean nothing."""
    lead: float = 0.0
    """Seconds before the first stroke, at the normal pace, in which the hands change sides."""
    turn: float = 0.0
    """How far into each stroke the hands turn back, as a share of it; 0 for no turn."""
    counting: Counting = Counting()

    @property
    def seconds(self) -> float:
        """Length at the normal pace."""
        return self.lead + self.count * self.tempo


Item = SpokenLine | Strokes


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the massage: its facts, which answer questions, and its score."""

    technique: str
    """Identifier: the technique's file name without .yaml."""
    title: str
    area: str
    contact: str
    pressure: str
    direction: str
    stroke: str
    tempo: float
    """Seconds per stroke."""
    why: str
    caution: str
    role: Literal["opening", "work", "closing"]
    score: tuple[Item, ...]
    area_line: str = ""
    """The sentence that answers "where?"; likewise the next two."""
    direction_line: str = ""
    timing_line: str = ""
    tool: str = "hands"
    areas: tuple[str, ...] = ()
    """Area tags, by which the user can leave it out."""
    tags: tuple[str, ...] = ()
    """Areas, tool, "lymph" and "cold": what cautions are about."""
    written: str = ""
    """Identifier of the technique that the routine names here, even if another stands in."""
    source: tuple[str, ...] = ()
    """Keys of sources.yaml."""
    spreads_oil: bool = False
    """Whether it puts the oil on; the next field is whether it needs oil on the skin."""
    needs_oil: bool = False

    @property
    def seconds(self) -> float:
        """Estimated length at the normal pace."""
        return sum(item.seconds for item in self.score)


@dataclass(frozen=True, slots=True)
class Plan:
    """A massage made ready for this user."""

    routine: str
    """Identifier: the routine's file name without .yaml."""
    title: str
    tools: tuple[str, ...]
    prepare: str
    """What to have ready, asked before the first step."""
    steps: tuple[Step, ...]
    left_out: tuple[str, ...] = ()
    """Titles of the techniques left out because of health, a missing tool or too little time."""
    unwanted: tuple[str, ...] = ()
    """Areas that the user has left out since the plan was made."""
    asked: float | None = None
    """Seconds that were asked for."""
    at_hand: tuple[str, ...] | None = None
    """The tools that the user has, used or not; None means all."""
    preferred: str = ""
    """The tool that the user wants to use where its work can be done with it."""
    notes: tuple[str, ...] = ()
    """Sentences to say before it begins: what is not as asked for, and why."""

    @property
    def near(self) -> bool:
        """Whether it is about as long as asked for; true if no length was."""
        if self.asked is None:
            return True
        return abs(self.seconds - self.asked) <= max(NEAR_SECONDS, NEAR_SHARE * self.asked)

    @property
    def seconds(self) -> float:
        """Estimated length at the normal pace."""
        return sum(step.seconds for step in self.steps)
