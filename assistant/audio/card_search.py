"""Looks for lost devices on a thread of its own, because opening and closing may take seconds."""

import logging
import threading
from collections.abc import Sequence

from assistant.audio import portaudio
from assistant.audio.card_streams import MicrophoneStream, SpeakerStream
from assistant.audio.portaudio import DeviceKind
from assistant.errors import DeviceError

_CLOSE_SECONDS = 1.0

_log = logging.getLogger(__name__)


class CardSearch:
    """One attempt to open the default devices of `kinds`, after closing those that are `broken`.

    With `restart`, PortAudio is restarted first, so that it sees devices that are new.
    """

    def __init__(
        self,
        kinds: Sequence[DeviceKind],
        broken: Sequence[MicrophoneStream | SpeakerStream],
        restart: bool,
    ) -> None:
        self.kinds = kinds
        self.microphone: MicrophoneStream | None = None
        self.speaker: SpeakerStream | None = None
        self._thread = threading.Thread(
            target=self._run, args=(broken, restart), daemon=True, name="sound card search"
        )
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether the attempt is still under way; what it has found may not be used before."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Close what was found; an attempt that hangs is abandoned."""
        self._thread.join(_CLOSE_SECONDS)
        for found in (self.microphone, self.speaker):
            if found and not self.running:
                found.close()

    def _run(self, broken: Sequence[MicrophoneStream | SpeakerStream], restart: bool) -> None:
        _log.debug("looking for %s%s", " and ".join(self.kinds), ", restarting" if restart else "")
        for device in broken:
            device.close()
        if restart:
            portaudio.restart()
        for kind in self.kinds:
            try:
                if kind == "microphone":
                    self.microphone = MicrophoneStream()
                else:
                    self.speaker = SpeakerStream()
            except DeviceError as missing:
                _log.debug("%s", missing)
