"""What an utterance asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Slot = str | int | float


@dataclass(frozen=True, slots=True)
class Intent:
    """One request: its name and its values."""

    name: str
    slots: Mapping[str, Slot] = field(default_factory=dict)
