"""What can happen in a conversation; the names are in the past tense."""

from dataclasses import dataclass
from typing import Literal

from assistant.understanding.intent import Intent


@dataclass(frozen=True, slots=True)
class Started:
    """The session began."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The user said something that was understood: one intent, or several in one breath.

    Urgent intents come first.
    """

    intents: tuple[Intent, ...]


@dataclass(frozen=True, slots=True)
class Called:
    """The user said only the attention word; what follows is meant for the coach."""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """The user said something that has no meaning in this mode."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """The user said something that may mean this, but may not."""

    perhaps: tuple[Intent, ...]
    """One intent, or two to choose from."""


@dataclass(frozen=True, slots=True)
class Said:
    """The speech with this tag has been played to its end."""

    tag: int


@dataclass(frozen=True, slots=True)
class StrokeDone:
    """Of the strokes laid with this tag, the one with this index (from 1) is done."""

    tag: int
    index: int


@dataclass(frozen=True, slots=True)
class TimePassed:
    """The wait with this tag is over."""

    tag: int


@dataclass(frozen=True, slots=True)
class DeviceChanged:
    """A microphone or speaker was lost or came back: a `DeviceChange` of the device contract."""

    change: str


VoiceChange = Literal["another voice", "no other voice", "voice failed", "voice lost"]


@dataclass(frozen=True, slots=True)
class VoiceChanged:
    """The coach's voice has changed, or could not be changed.

    After "voice lost" there are only text and sounds.
    """

    change: VoiceChange


@dataclass(frozen=True, slots=True)
class PlaceNotSaved:
    """The place could not be saved, because of a full disk for example."""


Event = (
    Started
    | Heard
    | Called
    | NotUnderstood
    | Unsure
    | Said
    | StrokeDone
    | TimePassed
    | DeviceChanged
    | VoiceChanged
    | PlaceNotSaved
)
