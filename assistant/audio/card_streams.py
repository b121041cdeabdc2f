"""An open microphone and an open speaker, and how each of them is found to be lost."""

import logging
from typing import Any

from assistant.audio.card_buffers import MicrophoneBuffer, SpeakerBuffer
from assistant.audio.device import BLOCK_SECONDS, Samples
from assistant.audio.portaudio import Callback, CardInfo, DeviceKind, default_card, open_stream

LOST_SECONDS = 1.0
"""Without a callback for this long, a device counts as lost."""

_FIRST_LOST_SECONDS = 3.0  # an idle PulseAudio sink may take 2 s to ask for its first block
_BLOCKS_BETWEEN_REPORTS = round(10 / BLOCK_SECONDS)

_log = logging.getLogger(__name__)


class MicrophoneStream:
    """The default microphone, open. Raises DeviceError when it cannot be opened."""

    def __init__(self) -> None:
        self.lost = False
        card = default_card("microphone")
        self._buffer = MicrophoneBuffer(card.rate)
        self._gaps = _GapLog("microphone")
        self._stream = _opened("microphone", card, self._callback)

    def hear(self, paced: bool) -> Samples | None:
        """Return (320,), or None if too little has come.

        Waits for the microphone, up to LOST_SECONDS, unless something else has `paced` the block.
        """
        block = self._buffer.take() if paced else self._buffer.wait(LOST_SECONDS)
        silent = self._buffer.empty_takes * BLOCK_SECONDS > LOST_SECONDS if paced else block is None
        self.lost = silent or not self._stream.active
        self._gaps.block_passed(self._buffer.gaps)
        return block

    def close(self) -> None:
        """Let go of the device."""
        self._stream.close()

    def _callback(self, frames: Samples, _number: int, _time: Any, status: Any) -> None:
        self._gaps.overruns += bool(status)
        self._buffer.push(frames)


class SpeakerStream:
    """The default speaker, open. Raises DeviceError when it cannot be opened."""

    def __init__(self) -> None:
        card = default_card("speaker")
        self._buffer = SpeakerBuffer(card.rate, card.channels)
        self._blocks = 0
        self._gaps = _GapLog("speaker")
        self._stream = _opened("speaker", card, self._callback)

    def play(self, block: Samples) -> bool:
        """Queue (960, 2), waiting for room; return False when the speaker is lost."""
        self._blocks += 1
        starting = self._blocks * BLOCK_SECONDS < _FIRST_LOST_SECONDS
        seconds = _FIRST_LOST_SECONDS if starting else LOST_SECONDS
        self._gaps.block_passed(self._buffer.gaps)
        return self._buffer.put(block, seconds, alive=lambda: bool(self._stream.active))

    def close(self) -> None:
        """Let go of the device."""
        self._stream.close()

    def _callback(self, wanted: Samples, _number: int, _time: Any, status: Any) -> None:
        self._gaps.overruns += bool(status)
        self._buffer.fill(wanted)


class _GapLog:
    """Logs gaps in the sound every ten seconds: a card that stutters would flood the log."""

    def __init__(self, kind: DeviceKind) -> None:
        self.overruns = 0
        """Reported by PortAudio; counted in the callback, which must not wait for a log file."""
        self._kind = kind
        self._blocks = 0
        self._logged = (0, 0)

    def block_passed(self, gaps: int) -> None:
        """Log what is new, when it is time; `gaps` so far are those of our own buffer."""
        self._blocks += 1
        now = (gaps, self.overruns)
        if self._blocks % _BLOCKS_BETWEEN_REPORTS == 0 and now != self._logged:
            new = gaps - self._logged[0], self.overruns - self._logged[1]
            self._logged = now
            _log.info("%s: %d gaps in our buffer, %d in PortAudio's, in 10 s", self._kind, *new)


def _opened(kind: DeviceKind, card: CardInfo, callback: Callback) -> Any:
    stream = open_stream(kind, card, callback)
    latency = 1000 * stream.latency
    _log.info("%s opened: %s, %d Hz, latency %.0f ms", kind, card.name, card.rate, latency)
    return stream
