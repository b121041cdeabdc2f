"""What can happen to the dialogue. Past tense: it is over when the dialogue learns of it."""

from dataclasses import dataclass
from typing import Literal

from assistant.understanding.intent import Intent


@dataclass(frozen=True, slots=True)
class Started:
    """The session began."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The user said something that was understood: one intent, or several in one breath."""

    intents: tuple[Intent, ...]


@dataclass(frozen=True, slots=True)
class Called:
    """The user said the attention word alone: what follows is meant for the coach."""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """The user said something that is no sentence here."""

    nearest: str = ""
    """The sentence that it is most like, if it was typed: what was spoken is never guessed at."""
    meant: tuple[Intent, ...] = ()
    """What the nearest sentence means."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said under this tag has been heard to its end."""

    tag: int


@dataclass(frozen=True, slots=True)
class StrokeDone:
    """Of the strokes laid under this tag, `index` (from 1) are complete."""

    tag: int
    index: int


@dataclass(frozen=True, slots=True)
class TimePassed:
    """The wait asked for under this tag is over."""

    tag: int


@dataclass(frozen=True, slots=True)
class DeviceChanged:
    """A microphone or speaker went away or came back, in the words of the device contract."""

    change: str


VoiceChange = Literal["another voice", "no other voice", "voice failed", "voice lost"]


@dataclass(frozen=True, slots=True)
class VoiceChanged:
    """The coach's voice is another one now, as was wished or for want of the first; or it is not.

    Lost is the last one: from then on there are only writing and sounds.
    """

    change: VoiceChange


Event = (
    Started
    | Heard
    | Called
    | NotUnderstood
    | Said
    | StrokeDone
    | TimePassed
    | DeviceChanged
    | VoiceChanged
)
