"""Microphone and speaker of the computer: the only door to PortAudio.

Two separate streams, each at its card's own rate (a duplex stream stalled over PulseAudio, and many
cards refuse 16 kHz). The speaker sets the pace; without one, the microphone; without either, the
wall clock. A device that goes away in the middle is announced and looked for again in the
background every two seconds, and the loop goes on meanwhile.
"""

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from assistant.audio.card_buffers import MicrophoneBuffer, SpeakerBuffer
from assistant.audio.device import (
    BLOCK_SECONDS,
    SILENCE_IN,
    SILENCE_OUT,
    DeviceChange,
    Incoming,
    Samples,
)
from assistant.audio.wall_clock import WallClock
from assistant.errors import DeviceError

DeviceKind = Literal["microphone", "speaker"]

_LATENCY = 0.04  # seconds that PortAudio itself may buffer
_PATIENCE = 1.0  # seconds without a callback after which a device counts as lost
_FIRST_PATIENCE = 3.0  # a PulseAudio sink that was idle may take 2 s to ask for its first block
_PULSE_LATENCY = "40"  # milliseconds; PulseAudio else may ask for 2 s at once, then for nothing
_BLOCKS_BETWEEN_SEARCHES = round(2 / BLOCK_SECONDS)
_LOST: dict[DeviceKind, DeviceChange] = {"microphone": "microphone lost", "speaker": "speaker lost"}
_BACK: dict[DeviceKind, DeviceChange] = {"microphone": "microphone back", "speaker": "speaker back"}


@dataclass(frozen=True, slots=True)
class CardInfo:
    """A microphone or speaker that can be opened."""

    name: str
    rate: int
    """In hertz."""
    index: int
    channels: int


@dataclass(frozen=True, slots=True)
class Probe:
    """What the computer can hear and play with now."""

    microphone: CardInfo | None
    speaker: CardInfo | None
    troubles: tuple[str, ...]
    """For each that is missing, a sentence that says why and what to do."""


def probe() -> Probe:
    """Look for the default microphone and speaker; never raises."""
    found: dict[DeviceKind, CardInfo | None] = {"microphone": None, "speaker": None}
    troubles: list[str] = []
    for role in found:
        try:
            found[role] = _default(role)
        except DeviceError as missing:
            troubles.append(str(missing))
    return Probe(found["microphone"], found["speaker"], tuple(dict.fromkeys(troubles)))


def open_sound_card(want_mic: bool = True, want_speaker: bool = True) -> "SoundCard":
    """Open the default devices; raises DeviceError when one that is wanted cannot be used."""
    return SoundCard(want_mic, want_speaker)


class SoundCard:
    """The default microphone and speaker, in real time."""

    realtime = True

    def __init__(self, want_mic: bool, want_speaker: bool) -> None:
        self.audible = want_speaker
        self._wanted: list[DeviceKind] = []
        self._wanted += ["microphone"] * want_mic
        self._wanted += ["speaker"] * want_speaker
        self._microphone: _MicrophoneStream | None = None
        self._speaker: _SpeakerStream | None = None
        self._missing: set[DeviceKind] = set()
        self._clock: WallClock | None = None
        self._search: _Search | None = None
        self._searches = 0
        self._blocks_to_search = 0
        self._broken: list[_MicrophoneStream | _SpeakerStream] = []
        try:
            self._microphone = _MicrophoneStream() if want_mic else None
            self._speaker = _SpeakerStream() if want_speaker else None
        except DeviceError:
            self.close()
            raise

    def exchange(self, out: Samples) -> Incoming:
        """Play `out` and return what the microphone heard, as soon as there is room for more."""
        changes = self._finish_search()
        paced = self._play(out, changes)
        block = self._hear(paced, changes)
        if block is None and not paced and self._microphone is None:
            self._clock = self._clock or WallClock()
            self._clock.wait()
        else:
            self._clock = None
        self._search_if_due(out is SILENCE_OUT)
        return Incoming(SILENCE_IN if block is None else block, changes=tuple(changes))

    def close(self) -> None:
        """Fall silent at once and let go of the devices."""
        if self._search:
            for device in self._search.wait().values():
                device.close()
        for held in (self._microphone, self._speaker, *self._broken):
            if held:
                held.close()
        self._microphone = self._speaker = self._search = None
        self._broken.clear()

    def _play(self, out: Samples, changes: list[DeviceChange]) -> bool:
        """Queue `out`; return whether the speaker has set the pace."""
        if self._speaker is None:
            return False
        if self._speaker.play(out):
            return True
        self._broken.append(self._speaker)
        self._speaker = None
        self._lose("speaker", changes)
        return False

    def _hear(self, paced: bool, changes: list[DeviceChange]) -> Samples | None:
        if self._microphone is None:
            return None
        block = self._microphone.hear(paced)
        if self._microphone.lost:
            self._broken.append(self._microphone)
            self._microphone = None
            self._lose("microphone", changes)
        return block

    def _lose(self, role: DeviceKind, changes: list[DeviceChange]) -> None:
        self._missing.add(role)
        self._blocks_to_search = _BLOCKS_BETWEEN_SEARCHES
        changes.append(_LOST[role])

    def _search_if_due(self, silent: bool) -> None:
        """Begin to look for what is missing.

        PortAudio learns of new devices only when it is started afresh, which takes away those that
        work: that is for when none does, and for every third attempt if nothing is being played.
        """
        self._blocks_to_search -= 1
        if not self._missing or self._search or self._blocks_to_search > 0:
            return
        self._blocks_to_search = _BLOCKS_BETWEEN_SEARCHES
        self._searches += 1
        working = [device for device in (self._microphone, self._speaker) if device]
        afresh = not working or (silent and self._searches % 3 == 0)
        if afresh:
            self._broken += working
            self._microphone = self._speaker = None
        roles = [role for role in self._wanted if afresh or role in self._missing]
        self._search = _Search(roles, self._broken, afresh)
        self._broken = []

    def _finish_search(self) -> list[DeviceChange]:
        """Take over what a search has found, and return what changed by it."""
        if self._search is None or self._search.is_running:
            return []
        search, self._search = self._search, None
        changes: list[DeviceChange] = []
        for role in search.roles:
            device = search.wait().get(role)
            if isinstance(device, _MicrophoneStream):
                self._microphone = device
            elif isinstance(device, _SpeakerStream):
                self._speaker = device
            if device and role in self._missing:
                changes.append(_BACK[role])
                self._missing.discard(role)
            elif not device and role not in self._missing:
                self._lose(role, changes)
        return changes


class _MicrophoneStream:
    """An open microphone."""

    def __init__(self) -> None:
        self.lost = False
        info = _default("microphone")
        self._buffer = MicrophoneBuffer(info.rate)
        self._stream = _opened("InputStream", info, self._callback)

    def _callback(self, frames: Samples, *_: object) -> None:
        self._buffer.push(frames)

    def hear(self, paced: bool) -> Samples | None:
        """Return what was heard, waiting for it unless something else has set the pace."""
        block = self._buffer.take() if paced else self._buffer.wait(_PATIENCE)
        dry = self._buffer.empty_handed * BLOCK_SECONDS > _PATIENCE if paced else block is None
        self.lost = dry or not self._stream.active
        return block

    def close(self) -> None:
        self._stream.close()


class _SpeakerStream:
    """An open speaker."""

    def __init__(self) -> None:
        info = _default("speaker")
        self._buffer = SpeakerBuffer(info.rate, info.channels)
        self._blocks = 0
        self._stream = _opened("OutputStream", info, self._callback)

    def _callback(self, wanted: Samples, *_: object) -> None:
        self._buffer.fill(wanted)

    def play(self, block: Samples) -> bool:
        """Queue `block`, waiting for room; return False when the speaker asks for no more."""
        self._blocks += 1
        starting = self._blocks * BLOCK_SECONDS < _FIRST_PATIENCE
        patience = _FIRST_PATIENCE if starting else _PATIENCE
        return self._buffer.put(block, patience, alive=lambda: bool(self._stream.active))

    def close(self) -> None:
        self._stream.close()


class _Search:
    """One attempt to open devices, beside the loop: opening and closing may take long."""

    def __init__(
        self,
        roles: list[DeviceKind],
        broken: list[_MicrophoneStream | _SpeakerStream],
        afresh: bool,
    ) -> None:
        self.roles = roles
        self._found: dict[DeviceKind, _MicrophoneStream | _SpeakerStream] = {}
        self._thread = threading.Thread(target=self._run, args=(broken, afresh), daemon=True)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    def wait(self) -> dict[DeviceKind, _MicrophoneStream | _SpeakerStream]:
        """Return what was found, or nothing if it takes too long."""
        self._thread.join(_PATIENCE)
        return {} if self.is_running else self._found

    def _run(self, broken: list[_MicrophoneStream | _SpeakerStream], afresh: bool) -> None:
        for device in broken:
            device.close()
        if afresh:
            portaudio = _portaudio()
            portaudio._terminate()
            portaudio._initialize()
        for role in self.roles:
            with contextlib.suppress(DeviceError):
                self._found[role] = (
                    _MicrophoneStream() if role == "microphone" else _SpeakerStream()
                )


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


def _default(role: DeviceKind) -> CardInfo:
    """Return the default device for `role`; raises DeviceError if it cannot be used.

    A device that is listed is not yet one that works: "default" may lead to a sound server that is
    not running.
    """
    portaudio = _portaudio()
    kind = "input" if role == "microphone" else "output"
    try:
        found = portaudio.query_devices(kind=kind)
        most = 1 if role == "microphone" else 2
        info = CardInfo(
            name=found["name"],
            rate=round(found["default_samplerate"]),
            index=found["index"],
            channels=min(most, found[f"max_{kind}_channels"]),
        )
    except (portaudio.PortAudioError, ValueError):
        raise DeviceError(
            f"No {role} was found; plug one in or choose one in the system's sound settings, "
            "or type instead: massage chat."
        ) from None
    check = getattr(portaudio, f"check_{kind}_settings")
    _attempt(role, info, check, device=info.index, channels=info.channels, samplerate=info.rate)
    return info


def _opened(kind: str, info: CardInfo, callback: object) -> Any:
    role: DeviceKind = "microphone" if kind == "InputStream" else "speaker"
    stream = _attempt(
        role,
        info,
        getattr(_portaudio(), kind),
        device=info.index,
        channels=info.channels,
        samplerate=info.rate,
        blocksize=round(info.rate * BLOCK_SECONDS),
        dtype="float32",
        latency=_LATENCY,
        callback=callback,
    )
    _attempt(role, info, stream.start)
    return stream


def _attempt(role: DeviceKind, info: CardInfo, action: Any, **settings: object) -> Any:
    """Do `action`, and turn PortAudio's refusal into a sentence."""
    with _quiet():
        try:
            return action(**settings)
        except _portaudio().PortAudioError as refusal:
            reason = str(refusal.args[0]).split(": ")[-1].split(" [")[0]
    raise DeviceError(
        f"The {role} ({info.name}) cannot be used ({reason}); check that it is connected, that no "
        "other program holds it and that this one may use it, or type instead: massage chat."
    )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what ALSA and PortAudio print about a failed attempt off the user's screen."""
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
