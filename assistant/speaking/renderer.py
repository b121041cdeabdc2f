"""Renders ahead in a thread of its own, so that the session never waits for a voice.

Promises: `clip`, `prepare` and `close` never block on rendering; no text is rendered twice while
its clip is kept; a voice that fails or hangs is replaced by the next one, at the last by silence
of the right length; `wait` gives the same clips whatever the timing of the thread.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.errors import VoiceError
from assistant.speaking.clip_cache import ClipCache
from assistant.speaking.silent_voice import SilentVoice
from assistant.speaking.voice import Clip, Voice

PATIENCE_SECONDS = 3.0
"""Beyond what is expected: for a sentence its own length, for a voice's first one COLD_SECONDS."""
COLD_SECONDS = 10.0
CLOSE_SECONDS = 0.5
KEPT_BYTES = 96 * 2**20
"""Clips in memory, in 16 bits: a quarter of an hour of speech."""
LONGEST_QUEUE = 1000

Wanted = tuple[str, float]
"""Text and rate."""


class Renderer:
    """Speaks with the first of `voices` that works; SilentVoice stands behind the last.

    `on_fallback` gets one sentence when a voice was replaced. It is called inside `clip`, `wait`
    or `prepare`, never from another thread.
    """

    def __init__(
        self,
        voices: Sequence[Voice],
        cache: ClipCache | None,
        on_fallback: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._voices: list[Voice] = [*voices, SilentVoice()]
        self._cache = cache
        self._on_fallback = on_fallback
        self._notices: list[str] = []
        self._changed = threading.Condition()
        self._queue: OrderedDict[Wanted, None] = OrderedDict()
        self._kept = _Kept()
        self._job: _Job | None = None
        self._warm = False
        self._closed = False
        self._worker = self._start_worker()

    @property
    def voice(self) -> Voice:
        """The voice in use."""
        return self._voices[0]

    def prepare(self, texts: Iterable[str], rate: float = 1.0) -> None:
        """Render `texts` ahead, in this order, before whatever still waits from earlier calls."""
        with self._changed:
            for text in reversed(list(texts)):
                self._want((text, rate))
            while len(self._queue) > LONGEST_QUEUE:
                self._queue.popitem()
            self._changed.notify_all()
        self._tell()

    def clip(self, text: str, rate: float = 1.0) -> Clip | None:
        """Return the clip if it is ready; else have it rendered next and return None at once."""
        with self._changed:
            self._replace_a_hanging_voice()
            found = self._kept.get((text, rate))
            if found is None:
                self._want((text, rate))
                self._changed.notify_all()
        self._tell()
        return found

    def wait(self, text: str, rate: float = 1.0) -> Clip:
        """Return the clip, rendered now if need be. Raises VoiceError when closed meanwhile."""
        wanted = (text, rate)
        with self._changed:
            while (found := self._kept.get(wanted)) is None:
                if self._closed:
                    raise VoiceError("The voice was closed while it was to speak.")
                self._replace_a_hanging_voice()
                self._want(wanted)
                self._changed.notify_all()
                self._changed.wait(self._job.left() if self._job else None)
        self._tell()
        return found

    def close(self) -> None:
        """Stop rendering and let go of the voices; a voice that hangs is left to itself."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._worker.join(CLOSE_SECONDS)

    def _want(self, wanted: Wanted) -> None:
        """Put `wanted` first in the queue, unless it is ready or being rendered."""
        if wanted in self._kept or (self._job is not None and self._job.wanted == wanted):
            return
        self._queue[wanted] = None
        self._queue.move_to_end(wanted, last=False)

    def _tell(self) -> None:
        """Pass notices on, outside the lock, so that the listener may call us back."""
        while self._notices:
            self._on_fallback(self._notices.pop(0))

    def _replace_a_hanging_voice(self) -> None:
        if self._job is not None and self._job.left() <= 0:
            self._fall_back("does not answer")
            self._worker = self._start_worker()  # the old one is stuck, and ends when it is not

    def _fall_back(self, why: str) -> None:
        """Go over to the next voice and render again what the old one left."""
        assert self._job is not None
        old = self._voices.pop(0)
        wanted, self._job, self._warm = self._job.wanted, None, False
        self._want(wanted)
        self._notices.append(
            f"The voice {_name(old)} failed ({why}); going on with {_name(self.voice)}."
        )
        self._changed.notify_all()

    def _start_worker(self) -> threading.Thread:
        worker = threading.Thread(target=self._work, daemon=True, name="renderer")
        worker.start()
        return worker

    def _work(self) -> None:
        """Render what is wanted until closed, or until another worker has taken over."""
        while (job := self._next_job()) is not None:
            failure = ""
            clip = None
            try:
                clip = self._render(job)
            except VoiceError as error:
                failure = str(error).rstrip(".")
            except Exception as error:  # a thread that died here would leave the session waiting
                failure = f"{type(error).__name__}: {error}"
            with self._changed:
                if self._job is not job:
                    break
                if clip is None:
                    self._fall_back(failure)
                    job.voice.close()
                    continue
                self._job, self._warm = None, True
                self._kept.put(job.wanted, clip)
                self._changed.notify_all()
        if job is None:
            for voice in self._voices:
                voice.close()
        else:
            job.voice.close()

    def _next_job(self) -> "_Job | None":
        with self._changed:
            while not self._queue and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            wanted, _ = self._queue.popitem(last=False)
            self._job = _Job(wanted, self.voice, warm=self._warm)
            self._changed.notify_all()
            return self._job

    def _render(self, job: "_Job") -> Clip:
        text, rate = job.wanted
        clip = self._cache.get(text, job.voice.key, rate) if self._cache else None
        if clip is None:
            clip = job.voice.render(text, rate)
            if self._cache:
                self._cache.put(text, job.voice.key, rate, clip)
        return clip


class _Job:
    """One text being rendered by one voice, with the time until patience ends."""

    def __init__(self, wanted: Wanted, voice: Voice, *, warm: bool) -> None:
        self.wanted = wanted
        self.voice = voice
        expected = SilentVoice().render(*wanted).seconds if warm else COLD_SECONDS
        self._ends = time.monotonic() + expected + PATIENCE_SECONDS

    def left(self) -> float:
        """Seconds of patience left."""
        return max(0.0, self._ends - time.monotonic())


class _Kept:
    """Ready clips in memory, in 16 bits, the least recently used ones dropped."""

    def __init__(self) -> None:
        self._clips: OrderedDict[Wanted, tuple[int, NDArray[np.int16] | None]] = OrderedDict()
        self._bytes = 0

    def __contains__(self, wanted: Wanted) -> bool:
        return wanted in self._clips

    def get(self, wanted: Wanted) -> Clip | None:
        from assistant.speaking.finishing import from_pcm

        if wanted not in self._clips:
            return None
        self._clips.move_to_end(wanted)
        length, pcm = self._clips[wanted]
        return Clip(length) if pcm is None else from_pcm(pcm)

    def put(self, wanted: Wanted, clip: Clip) -> None:
        from assistant.speaking.finishing import to_pcm

        pcm = None if clip.samples is None else to_pcm(clip.samples)
        self._clips[wanted] = (clip.length, pcm)
        self._bytes += 0 if pcm is None else pcm.nbytes
        while self._bytes > KEPT_BYTES:
            _, (_, dropped) = self._clips.popitem(last=False)
            self._bytes -= 0 if dropped is None else dropped.nbytes


def _name(voice: Voice) -> str:
    """Return the engine's part of a voice's key: enough for a sentence."""
    return voice.key.split()[0]
