"""What an utterance asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Slot = str | int | float


@dataclass(frozen=True, slots=True)
class Intent:
    """One request: what is wanted ("pause") and the values that belong to it ("seconds": 10)."""

    name: str
    slots: Mapping[str, Slot] = field(default_factory=dict)
