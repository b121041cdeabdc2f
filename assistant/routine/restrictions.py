"""What a user's health leaves out of a massage, in the planner's terms: plain frozen values."""

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.routine.schema import PRESSURES, Pressure, Technique

_HANDS_IN_EARNEST = frozenset({"knead", "pinch", "scrape"})
"""Strokes that mean nothing when the skin may barely move."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """One thing that is left out, and the sentence that says so."""

    say: str
    forbids: frozenset[str] = frozenset()
    """Areas, tools, and the tags "lymph" and "cold": a technique that has any of them is out."""
    firmest: Pressure = "firm"
    """Firmer techniques are done with this pressure."""
    refuses: bool = False
    """No massage at all."""

    def concerns(self, technique: Technique, pressure: Pressure) -> bool:
        """Tell whether it changes or forbids `technique`, done with `pressure`."""
        return self.forbidden(technique) or lighter(pressure, self.firmest) != pressure

    def forbidden(self, technique: Technique) -> bool:
        """Tell whether `technique` is out."""
        too_firm = self.firmest in ("rest", "feather") and technique.stroke in _HANDS_IN_EARNEST
        return self.refuses or too_firm or bool(self.forbids & technique.tags)


@dataclass(frozen=True, slots=True)
class Restrictions:
    """All that is left out for one user."""

    parts: tuple[Restriction, ...] = ()

    @property
    def refused(self) -> tuple[str, ...]:
        """Why there is no massage at all; empty if there may be one."""
        return _sentences(restriction for restriction in self.parts if restriction.refuses)

    @property
    def firmest(self) -> Pressure:
        """The firmest pressure allowed."""
        return min(
            (restriction.firmest for restriction in self.parts), key=PRESSURES.index, default="firm"
        )

    def forbid(self, technique: Technique) -> bool:
        """Tell whether `technique` is out."""
        return any(restriction.forbidden(technique) for restriction in self.parts)

    def concerning(self, used: Iterable[tuple[Technique, Pressure]]) -> tuple[str, ...]:
        """Say what is left out of, or changed in, a massage that would use these techniques."""
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
