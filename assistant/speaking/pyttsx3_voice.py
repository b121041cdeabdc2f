"""The system's own voice (eSpeak NG, macOS, Windows) through pyttsx3, rendered in a child process.

Promises: whatever the engine does, `render` returns a clip or raises VoiceError. A child that dies
is noticed at once, and one that hangs within `patience_seconds` of its last sign of progress, so
that a slow start is not taken for a hang. The child neither prints nor outlives this process.
"""

import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from assistant.audio.clip import Clip
from assistant.errors import VoiceError
from assistant.speaking import pronunciation
from assistant.speaking.voice import LOADING_SECONDS, patience_seconds

WORKER = Path(__file__).with_name("pyttsx3_worker.py")
SUFFIX = ".aiff" if sys.platform == "darwin" else ".wav"

Reply = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SystemVoice:
    """An installed voice, as its engine describes it."""

    id: str
    name: str
    language: str
    """Such as en-us; empty if the engine does not say."""

    @property
    def short(self) -> str:
        """The name to type: eSpeak's ids end in a short code, other engines' ids are unreadable."""
        return self.id.split("/")[-1] if sys.platform == "linux" else self.name


class Pyttsx3Voice:
    """Speaks with voice `voice` (its id or name; None: the default) at `rate_wpm`."""

    loading_seconds = LOADING_SECONDS

    def __init__(self, voice: str | None = None, rate_wpm: int = 130) -> None:
        self.key = (
            f"pyttsx3 {version('pyttsx3')} {sys.platform} {voice or 'default'} {rate_wpm} "
            f"{pronunciation.version()}"
        )
        self._voice = voice
        self._rate_wpm = rate_wpm
        self._child: _Child | None = None

    def render(self, text: str, rate: float = 1.0) -> Clip:
        """Speak `text` into a clip. Raises VoiceError."""
        import soundfile

        from assistant.speaking.finishing import finished

        with tempfile.TemporaryDirectory(prefix="massage-") as folder:
            path = Path(folder, "speech" + SUFFIX)
            wpm = round(self._rate_wpm * rate)
            said = pronunciation.spoken_form(text)
            request = {"say": said, "voice": self._voice, "wpm": wpm, "file": str(path)}
            self._ask(request, patience_seconds(text))
            try:
                samples, file_rate = soundfile.read(path, dtype="float32")
            except (OSError, soundfile.SoundFileError) as error:
                raise VoiceError(f"The speech engine produced no sound for {text!r}.") from error
        return finished(samples, file_rate)

    def voices(self) -> list[SystemVoice]:
        """Return the installed voices. Raises VoiceError."""
        reply = self._ask({"list": True}, patience_seconds(""))
        return [SystemVoice(**voice) for voice in reply["voices"]]

    def close(self) -> None:
        """End the child process."""
        child, self._child = self._child, None
        if child is not None:
            child.end()

    def _ask(self, request: Reply, patience: float) -> Reply:
        """Return the child's reply; raises VoiceError.

        A child that has died, or makes no progress for `patience` seconds, is replaced once, within
        the same time. One that has answered before gets half of it, because it does not have to
        start any more.
        """
        end = time.monotonic() + patience
        for share in (0.5 if self._child else 1.0, 1.0):
            if (left := end - time.monotonic()) <= 0:
                break
            if self._child is None:
                self._child = _Child()
            reply = self._child.ask(request, share * left)
            if reply is None:
                self.close()
            elif "error" in reply:
                raise VoiceError(str(reply["error"]))
            else:
                return reply
        raise VoiceError("The speech engine (pyttsx3) does not answer.")


class _Child:
    """The worker process, and a thread that reads its replies: not every system can poll pipes."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603  (our own file, no shell)
            [sys.executable, "-P", str(WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in the terminal does not reach it
            encoding="utf-8",
        )
        self._replies: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True, name="pyttsx3 replies").start()

    def ask(self, request: Reply, patience: float) -> Reply | None:
        """Return the reply; None if the child dies, or is silent for `patience` seconds."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            while line := self._replies.get(timeout=patience):
                reply = dict(json.loads(line))
                if "progress" not in reply:
                    return reply
        except (OSError, ValueError, queue.Empty):
            return None
        return None

    def end(self) -> None:
        """Kill the process and, on Linux, the one in which it may be rendering."""
        assert self._process.stdin is not None
        if sys.platform == "win32":
            self._process.kill()
        else:
            with suppress(ProcessLookupError):  # gone already
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        with suppress(OSError):  # closing would flush what can no longer be sent
            self._process.stdin.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as replies:
            for line in replies:
                self._replies.put(line)
        self._replies.put("")
