"""A step in the making: which technique was chosen for it, and how many strokes it has so far."""

from dataclasses import dataclass
from math import ceil

from assistant.routine.schema import RoutineStep, Technique

MOST_GROWTH = 2
"""Times its written strokes: the most that a step grows to. More would only bore, or redden."""


@dataclass(frozen=True, slots=True)
class Part:
    """A step of a routine with its technique and its strokes."""

    step: RoutineStep
    """As written; for a stand-in, rewritten to last as long at the stand-in's tempo."""
    identifier: str
    """Of the technique."""
    technique: Technique
    count: int
    """Strokes, on each side if the step is given to each."""
    stands_in: bool = False
    round: int = 1
    times: int = 1
    """How many parts of this massage use the technique, and share its `most_seconds`."""

    @property
    def tempo(self) -> float:
        """Seconds per stroke."""
        return self.step.tempo or self.technique.tempo

    @property
    def stroke_seconds(self) -> float:
        """What one more stroke costs, on both sides if it is given to each."""
        return self.tempo * (2 if self.step.sides == "each" else 1)

    @property
    def fullness(self) -> float:
        """The share of its written strokes that it has; 1 before it is fitted."""
        return self.count / self.step.strokes

    @property
    def fewest(self) -> int:
        """The fewest strokes that time may leave it."""
        trims = self.step.role == "work" and self.step.trim_to is not None
        return self.step.trim_to if trims and self.step.trim_to else self.step.strokes

    @property
    def most(self) -> int:
        """The most strokes that time may give it."""
        grown = self.step.strokes * MOST_GROWTH
        if self.technique.most_seconds is None:
            return grown
        return max(
            self.fewest, min(grown, int(self.technique.most_seconds / self.times / self.tempo))
        )


def stand_in(
    step: RoutineStep, instead_of: Technique, identifier: str, technique: Technique
) -> Part:
    """Return the part in which `technique` takes the place of the one that `step` names.

    It lasts as long, so that a slower movement has fewer strokes; tempo and pressure, if the step
    sets them, were meant for the other technique and are the new one's own.
    """
    scale = (step.tempo or instead_of.tempo) / technique.tempo
    strokes = max(1, round(step.strokes * scale))
    trim_to = None if step.trim_to is None else min(strokes, max(1, ceil(step.trim_to * scale)))
    changes = {"strokes": strokes, "trim_to": trim_to, "tempo": None, "pressure": None}
    return Part(step.model_copy(update=changes), identifier, technique, strokes, stands_in=True)
