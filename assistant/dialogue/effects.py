"""What is to be done; the names are imperative. The session performs effects in their order."""

from dataclasses import dataclass
from typing import Literal

from assistant.dialogue.state import Place
from assistant.routine.health import Profile
from assistant.routine.track import Track

Delivery = Literal["aloud", "whispered", "unspoken"]


@dataclass(frozen=True, slots=True)
class Say:
    """Say `text` after what is being said; `Said(tag)` follows, unless it is hushed first."""

    text: str
    tag: int
    rate: float = 1.0
    delivery: Delivery = "aloud"
    """Unspoken text is shown for about as long as saying it would take."""


@dataclass(frozen=True, slots=True)
class ChangeVoice:
    """Speak in another voice from the next sentence on; `VoiceChanged` follows."""


@dataclass(frozen=True, slots=True)
class Hush:
    """Cut off speech and strokes at once; no `Said` or `StrokeDone` follows for them."""


@dataclass(frozen=True, slots=True)
class Earcon:
    """Play an earcon."""

    kind: Literal["heard", "done"]


@dataclass(frozen=True, slots=True)
class LayStrokes:
    """Lay the strokes of `track` from now on; `StrokeDone(tag, index)` follows each."""

    track: Track
    tag: int
    rate: float = 1.0
    """Speech rate of the words on the track."""
    delivery: Delivery = "aloud"


@dataclass(frozen=True, slots=True)
class Wait:
    """Send `TimePassed(tag)` after `seconds`; it is ignored if it no longer matters by then."""

    seconds: float
    tag: int


@dataclass(frozen=True, slots=True)
class Expect:
    """Listen for what can be said in this mode."""

    mode: str


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Play with this gain from now on; 1.0 is normal."""

    gain: float


@dataclass(frozen=True, slots=True)
class Prepare:
    """Render these sentences ahead: they will be said soon."""

    texts: tuple[str, ...]
    rate: float


@dataclass(frozen=True, slots=True)
class Save:
    """Store the place, so that the user can go on with the massage another day."""

    place: Place


@dataclass(frozen=True, slots=True)
class Forget:
    """Delete the stored place."""


@dataclass(frozen=True, slots=True)
class SaveProfile:
    """Store the answers about health."""

    profile: Profile


@dataclass(frozen=True, slots=True)
class SavePace:
    """Store the pace for next time: an index into PACES."""

    pace: int


@dataclass(frozen=True, slots=True)
class Quit:
    """End the conversation."""


Effect = (
    Say
    | ChangeVoice
    | Hush
    | Earcon
    | LayStrokes
    | Wait
    | Expect
    | SetVolume
    | Prepare
    | Save
    | Forget
    | SaveProfile
    | SavePace
    | Quit
)
