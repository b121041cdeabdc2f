"""PortAudio: the only door to sounddevice. Finds the default devices and opens streams on them.

Every refusal becomes a DeviceError whose sentence says which device, why, and what to do.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from assistant.audio.device import BLOCK_SECONDS, Samples
from assistant.errors import DeviceError

DeviceKind = Literal["microphone", "speaker"]
Callback = Callable[[Samples, int, Any, Any], None]
"""Called by PortAudio's own thread: frames, their number, the time, and a status that is true when
PortAudio lost sound."""

_LATENCY = 0.04  # seconds that PortAudio itself may buffer
_PULSE_LATENCY = "40"  # ms; otherwise PulseAudio may request 2 s at once, and then nothing


@dataclass(frozen=True, slots=True)
class CardInfo:
    """A microphone or speaker that can be opened."""

    name: str
    rate: int
    """In hertz."""
    index: int
    """PortAudio's number for it, good until PortAudio restarts."""
    channels: int
    """As many as are used: 1 of a microphone, up to 2 of a speaker."""


def default_card(kind: DeviceKind) -> CardInfo:
    """Return the default microphone or speaker; raises DeviceError if it cannot be used.

    A device in PortAudio's list may still not work: "default" may lead to a sound server that is
    not running. So its settings are checked as well.
    """
    portaudio = _portaudio()
    direction = "input" if kind == "microphone" else "output"
    try:
        found = portaudio.query_devices(kind=direction)
        most = 1 if kind == "microphone" else 2
        card = CardInfo(
            name=found["name"],
            rate=round(found["default_samplerate"]),
            index=found["index"],
            channels=min(most, found[f"max_{direction}_channels"]),
        )
    except (portaudio.PortAudioError, ValueError):
        raise DeviceError(
            f"No {kind} was found; connect one or choose one in the system's sound settings."
        ) from None
    check = getattr(portaudio, f"check_{direction}_settings")
    _attempt(kind, card, check, device=card.index, channels=card.channels, samplerate=card.rate)
    return card


def open_stream(kind: DeviceKind, card: CardInfo, callback: Callback) -> Any:
    """Start a float32 stream in blocks of 20 ms at the card's own rate; raises DeviceError."""
    portaudio = _portaudio()
    stream = _attempt(
        kind,
        card,
        portaudio.InputStream if kind == "microphone" else portaudio.OutputStream,
        device=card.index,
        channels=card.channels,
        samplerate=card.rate,
        blocksize=round(card.rate * BLOCK_SECONDS),
        dtype="float32",
        latency=_LATENCY,
        callback=callback,
    )
    _attempt(kind, card, stream.start)
    return stream


def restart() -> None:
    """Start PortAudio again, without which it does not see new devices; open streams are lost."""
    portaudio = _portaudio()
    portaudio._terminate()
    portaudio._initialize()


def _portaudio() -> Any:
    os.environ.setdefault("PULSE_LATENCY_MSEC", _PULSE_LATENCY)
    try:
        import sounddevice
    except OSError:
        raise DeviceError(
            "The PortAudio library, which records and plays sound, is not installed; "
            "install it (on Debian and Ubuntu: sudo apt install libportaudio2)."
        ) from None
    return sounddevice


def _attempt(kind: DeviceKind, card: CardInfo, action: Any, **settings: object) -> Any:
    """Call `action`; raises DeviceError in place of PortAudioError."""
    with _quiet():
        try:
            return action(**settings)
        except _portaudio().PortAudioError as refusal:
            reason = str(refusal.args[0]).split(": ")[-1].split(" [")[0]
    raise DeviceError(
        f"The {kind} ({card.name}) cannot be used ({reason}); check that it is connected, that no "
        "other program is using it, and that this program is allowed to."
    )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what ALSA and PortAudio print about a failed attempt off the user's screen.

    They write to file descriptor 2 themselves, so redirecting sys.stderr would not help.
    """
    try:
        screen = os.dup(2)
    except OSError:
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(screen, 2)
        os.close(screen)
