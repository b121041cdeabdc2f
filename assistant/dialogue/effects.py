"""What the dialogue wants done. Imperative; the session performs them in order."""

from dataclasses import dataclass
from typing import Literal

from assistant.dialogue.state import Place
from assistant.routine.health import Profile
from assistant.routine.track import Track

Delivery = Literal["aloud", "whispered", "unspoken"]


@dataclass(frozen=True, slots=True)
class Say:
    """Say `text` after what is being said; `Said(tag)` follows unless it is hushed."""

    text: str
    tag: int
    rate: float = 1.0
    delivery: Delivery = "aloud"
    """Unspoken, it takes about as long and is only shown."""


@dataclass(frozen=True, slots=True)
class ChangeVoice:
    """Speak in another voice from the next sentence on; a `VoiceChanged` tells if there is one."""


@dataclass(frozen=True, slots=True)
class Hush:
    """Cut narration and strokes at once; nothing of what they announced comes any more."""


@dataclass(frozen=True, slots=True)
class Earcon:
    """Sound the earcon of this kind."""

    kind: Literal["heard", "done"]


@dataclass(frozen=True, slots=True)
class LayStrokes:
    """Lay the strokes of `track` from now on; a `StrokeDone(tag, k)` follows each."""

    track: Track
    tag: int
    rate: float = 1.0
    """Of the words on the track; likewise the next."""
    delivery: Delivery = "aloud"


@dataclass(frozen=True, slots=True)
class Wait:
    """Send `TimePassed(tag)` after `seconds`; the dialogue ignores it if it no longer matters."""

    seconds: float
    tag: int


@dataclass(frozen=True, slots=True)
class Expect:
    """Listen for what can be said in this mode."""

    mode: str


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Play at this gain from now on; 1.0 is normal."""

    gain: float


@dataclass(frozen=True, slots=True)
class Prepare:
    """These sentences come soon: render them ahead."""

    texts: tuple[str, ...]
    rate: float


@dataclass(frozen=True, slots=True)
class Save:
    """Keep the place, so that the massage can be taken up again."""

    place: Place


@dataclass(frozen=True, slots=True)
class Forget:
    """The massage is over: there is no place to keep."""


@dataclass(frozen=True, slots=True)
class SaveProfile:
    """Keep the answers about health."""

    profile: Profile


@dataclass(frozen=True, slots=True)
class SavePace:
    """Keep the pace for next time: an index into PACES."""

    pace: int


@dataclass(frozen=True, slots=True)
class Quit:
    """The conversation is over."""


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
