"""The computer's microphone and speaker, in real time.

Two separate streams, each at its card's own rate (a duplex stream stalled over PulseAudio, and many
cards refuse 16 kHz). The speaker sets the pace; without one, the microphone; without either, the
wall clock. A device that goes away during a session is reported and looked for again in the
background every two seconds, and the loop goes on meanwhile.
"""

import logging
from dataclasses import dataclass

from assistant.audio.card_search import CardSearch
from assistant.audio.card_streams import MicrophoneStream, SpeakerStream
from assistant.audio.device import (
    BLOCK_SECONDS,
    SILENCE_IN,
    SILENCE_OUT,
    DeviceChange,
    Incoming,
    Samples,
)
from assistant.audio.portaudio import CardInfo, DeviceKind, default_card
from assistant.audio.wall_clock import WallClock
from assistant.errors import DeviceError

__all__ = ["CardInfo", "Probe", "SoundCard", "open_sound_card", "probe"]

_BLOCKS_BETWEEN_SEARCHES = round(2 / BLOCK_SECONDS)
_LOST: dict[DeviceKind, DeviceChange] = {"microphone": "microphone lost", "speaker": "speaker lost"}
_BACK: dict[DeviceKind, DeviceChange] = {"microphone": "microphone back", "speaker": "speaker back"}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Probe:
    """The devices that work now."""

    microphone: CardInfo | None
    speaker: CardInfo | None
    troubles: tuple[str, ...]
    """For each missing device, a sentence that says why and what to do."""


def probe() -> Probe:
    """Look for the default microphone and speaker; never raises."""
    found: dict[DeviceKind, CardInfo | None] = {"microphone": None, "speaker": None}
    troubles: list[str] = []
    for kind in found:
        try:
            found[kind] = default_card(kind)
        except DeviceError as missing:
            _log.info("no %s: %s", kind, missing)
            troubles.append(str(missing))
    return Probe(found["microphone"], found["speaker"], tuple(dict.fromkeys(troubles)))


def open_sound_card(want_mic: bool = True, want_speaker: bool = True) -> "SoundCard":
    """Open the default devices; raises DeviceError when a wanted one cannot be used."""
    return SoundCard(want_mic, want_speaker)


class SoundCard:
    """The default microphone and speaker as a device."""

    realtime = True

    def __init__(self, want_mic: bool, want_speaker: bool) -> None:
        self.audible = want_speaker
        self._wanted: list[DeviceKind] = []
        self._wanted += ["microphone"] * want_mic
        self._wanted += ["speaker"] * want_speaker
        self._microphone: MicrophoneStream | None = None
        self._speaker: SpeakerStream | None = None
        self._missing: set[DeviceKind] = set()
        self._clock: WallClock | None = None
        self._search: CardSearch | None = None
        self._searches = 0
        self._blocks_to_search = 0
        self._broken: list[MicrophoneStream | SpeakerStream] = []
        try:
            self._microphone = MicrophoneStream() if want_mic else None
            self._speaker = SpeakerStream() if want_speaker else None
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
        for held in (self._search, self._microphone, self._speaker, *self._broken):
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

    def _lose(self, kind: DeviceKind, changes: list[DeviceChange]) -> None:
        _log.info("%s lost", kind)
        self._missing.add(kind)
        self._blocks_to_search = _BLOCKS_BETWEEN_SEARCHES
        changes.append(_LOST[kind])

    def _search_if_due(self, silent: bool) -> None:
        """Start looking for what is missing.

        PortAudio sees new devices only after a restart, which closes those that work. So it is
        restarted when none works, and otherwise at every third attempt if nothing is being played.
        """
        self._blocks_to_search -= 1
        if not self._missing or self._search or self._blocks_to_search > 0:
            return
        self._blocks_to_search = _BLOCKS_BETWEEN_SEARCHES
        self._searches += 1
        working = [device for device in (self._microphone, self._speaker) if device]
        restart = not working or (silent and self._searches % 3 == 0)
        if restart:
            self._broken += working
            self._microphone = self._speaker = None
        kinds = [kind for kind in self._wanted if restart or kind in self._missing]
        self._search = CardSearch(kinds, self._broken, restart)
        self._broken = []

    def _finish_search(self) -> list[DeviceChange]:
        """Take over what a finished search has found; return what it changed."""
        if self._search is None or self._search.running:
            return []
        search, self._search = self._search, None
        self._microphone = search.microphone or self._microphone
        self._speaker = search.speaker or self._speaker
        changes: list[DeviceChange] = []
        for kind in search.kinds:
            works = self._microphone if kind == "microphone" else self._speaker
            if works and kind in self._missing:
                _log.info("%s found again", kind)
                self._missing.discard(kind)
                changes.append(_BACK[kind])
            elif not works and kind not in self._missing:
                self._lose(kind, changes)
        return changes
