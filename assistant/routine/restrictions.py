"""What a user's health leaves out of a massage, in the planner's terms: plain frozen data."""

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.routine.schema import PRESSURES, Pressure, Technique

_MOVES_SKIN = frozenset({"knead", "pinch", "scrape"})
"""Strokes that cannot be done when the skin may barely move."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """One thing that is left out, and the sentence that says so."""

    say: str
    forbids: frozenset[str] = frozenset()
    """Areas, tools, "lymph" and "cold": a technique tagged with any of them is forbidden."""
    firmest: Pressure = "firm"
    """Firmer techniques are done with this pressure."""
    refuses: bool = False
    """True if there must be no massage at all."""

    def concerns(self, technique: Technique, pressure: Pressure) -> bool:
        """Tell whether it forbids `technique`, or makes it lighter than `pressure`."""
        return self.forbids_technique(technique) or lighter(pressure, self.firmest) != pressure

    def forbids_technique(self, technique: Technique) -> bool:
        """Tell whether `technique` must not be done at all."""
        too_firm = self.firmest in ("rest", "feather") and technique.stroke in _MOVES_SKIN
        return self.refuses or too_firm or bool(self.forbids & technique.tags)


@dataclass(frozen=True, slots=True)
class Restrictions:
    """Everything that one user's health leaves out."""

    parts: tuple[Restriction, ...] = ()

    @property
    def refused(self) -> tuple[str, ...]:
        """Sentences that say why there is no massage at all; empty if there may be one."""
        return _sentences(restriction for restriction in self.parts if restriction.refuses)

    @property
    def firmest(self) -> Pressure:
        """The firmest pressure allowed."""
        return min(
            (restriction.firmest for restriction in self.parts), key=PRESSURES.index, default="firm"
        )

    def forbid(self, technique: Technique) -> bool:
        """Tell whether any of them forbids `technique`."""
        return any(restriction.forbids_technique(technique) for restriction in self.parts)

    def concerning(self, used: Iterable[tuple[Technique, Pressure]]) -> tuple[str, ...]:
        """Return the sentences about those that matter to a massage with these techniques."""
        techniques = list(used)
        return _sentences(
            restriction
            for restriction in self.parts
            if any(restriction.concerns(*each) for each in techniques)
        )


def lighter(one: Pressure, other: Pressure) -> Pressure:
    """Return the lighter of two pressures."""
    return min(one, other, key=PRESSURES.index)


def _sentences(restrictions: Iterable[Restriction]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(restriction.say for restriction in restrictions))
