"""Renders ahead on a thread of its own, so that the session never waits for a voice.

Promises: `clip`, `prepare` and `close` never wait for rendering; no text is rendered twice in the
same voice while its clip is kept; a voice that fails or hangs is replaced by the next one, and the
last one by silence of the right length; a full disk costs the cache and nothing else; `wait` gives
the same clips whatever the timing of the thread.
"""

import atexit
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

from assistant.audio.clip import Clip
from assistant.errors import VoiceError
from assistant.speaking.clip_cache import ClipCache, ReadyClips, Wanted
from assistant.speaking.silent_voice import SilentVoice
from assistant.speaking.voice import Voice, patience_seconds

WARM_UP = ("Ready.", 1.0)
"""Rendered by a voice that is slow to load while everything else still comes from the disk, so that
the first new sentence need not wait."""
RENDERED_AGAIN = 40
"""When the voice changes, how many of the latest sentences the new one renders ahead."""
GRACE_SECONDS = 0.5
"""Beyond a voice's own patience, after which it is replaced from outside. A voice that can stop
itself does so first and says why; Piper, which runs in this process, cannot."""
CLOSE_SECONDS = 0.5
EXIT_SECONDS = 20.0
"""At most, the process waits this long at its end for a voice that is still rendering. Piper does
that in native code, and when native code returns to an interpreter that has ended, the process is
aborted."""
LONGEST_QUEUE = 1000

_log = logging.getLogger(__name__)


class Renderer:
    """Speaks with the first of `voices` that works; SilentVoice stands behind the last.

    `on_trouble` gets one sentence when a voice was replaced, or clips cannot be kept on disk. It is
    called inside `clip`, `wait` or `prepare`, never from another thread.
    """

    def __init__(
        self,
        voices: Sequence[Voice],
        cache: ClipCache | None,
        on_trouble: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._voices: list[Voice] = [*voices, SilentVoice()]
        self._cache = cache
        self._on_trouble = on_trouble
        self._notices: list[str] = []
        self._changed = threading.Condition()
        self._queue: OrderedDict[Wanted, None] = OrderedDict()
        self._kept = ReadyClips()
        self._job: _Job | None = None
        self._warm: set[str] = set()
        self._closed = False
        _log.info("voice: %s", self.voice.key)
        self._worker = self._start_worker()

    @property
    def voice(self) -> Voice:
        """The voice in use."""
        return self._voices[0]

    def prepare(self, texts: Iterable[str], rate: float = 1.0) -> None:
        """Render `texts` ahead, in this order, before what still waits from earlier calls."""
        with self._changed:
            for text in reversed(list(texts)):
                self._want((text, rate))
            while len(self._queue) > LONGEST_QUEUE:
                self._queue.popitem()
            self._changed.notify_all()
        self._tell()

    def clip(self, text: str, rate: float = 1.0) -> Clip | None:
        """Return the clip if it is ready; otherwise render it next and return None at once."""
        with self._changed:
            self._replace_a_hanging_voice()
            found = self._kept.get((self.voice.key, text, rate))
            if found is None:
                self._want((text, rate))
                self._changed.notify_all()
        self._tell()
        return found

    def wait(self, text: str, rate: float = 1.0) -> Clip:
        """Return the clip, rendered now if need be. Raises VoiceError when closed meanwhile."""
        wanted = (text, rate)
        with self._changed:
            while (found := self._kept.get((self.voice.key, *wanted))) is None:
                if self._closed:
                    raise VoiceError("The voice was closed before it could speak.")
                self._replace_a_hanging_voice()
                self._want(wanted)
                self._changed.notify_all()
                self._changed.wait(self._job.left() if self._job else None)
        self._tell()
        return found

    def change_voice(self) -> bool:
        """Speak with the next of the voices that still work, in turn; False if there is none."""
        with self._changed:
            audible = [voice for voice in self._voices if not isinstance(voice, SilentVoice)]
            if len(audible) < 2:
                return False
            before = self._voices.pop(0)
            self._voices.insert(len(audible) - 1, before)
            _log.info("voice changed: %s", self.voice.key)
            self._render_again(before)
        return True

    def close(self) -> None:
        """Stop rendering and let go of the voices; a voice that hangs is abandoned."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._worker.join(CLOSE_SECONDS)
        self._leave(self._worker)

    def _want(self, wanted: Wanted) -> None:
        """Put `wanted` first in the queue, unless it is ready or being rendered."""
        rendering = self._job is not None and self._job.renders(self.voice, wanted)
        if rendering or (self.voice.key, *wanted) in self._kept:
            return
        self._queue[wanted] = None
        self._queue.move_to_end(wanted, last=False)

    def _tell(self) -> None:
        """Pass notices on, outside the lock, so that the listener may call back."""
        if self._cache is not None:
            self._notices += self._cache.take_warnings()
        while self._notices:
            self._on_trouble(self._notices.pop(0))

    def _replace_a_hanging_voice(self) -> None:
        if self._job is not None and self._job.left() <= 0:
            self._fall_back(self._job, "It does not answer")
            self._leave(self._worker)
            self._worker = self._start_worker()

    def _fall_back(self, job: "_Job", why: str) -> None:
        """Go on with the next voice, which renders the job and what was said last."""
        self._job = None
        self._voices.remove(job.voice)
        self._render_again(job.voice)
        self._want(job.wanted)
        _log.info("voice failed (%s): %s; now: %s", why, job.voice.key, self.voice.key)
        silent = isinstance(self.voice, SilentVoice)
        next_one = "in writing, with sounds" if silent else f"with {_name(self.voice)}"
        self._notices.append(f"The voice {_name(job.voice)} failed: {why}. Continuing {next_one}.")
        self._changed.notify_all()

    def _render_again(self, before: Voice) -> None:
        """Render what was said last in the voice `before`, because it may be said again soon."""
        for wanted in self._kept.latest(before.key, RENDERED_AGAIN):
            self._queue.setdefault(wanted)
        self._changed.notify_all()

    def _start_worker(self) -> threading.Thread:
        worker = threading.Thread(target=self._work, daemon=True, name="renderer")
        worker.start()
        return worker

    def _leave(self, worker: threading.Thread) -> None:
        """Let a worker end when its voice returns, if ever, and the process not before that."""
        if worker.is_alive():
            atexit.register(worker.join, EXIT_SECONDS)

    def _work(self) -> None:
        """Render what is wanted until closed, or until another worker has taken over."""
        while (job := self._next_job()) is not None:
            clip, failure = self._attempt(job)
            with self._changed:
                replaced = self._job is not job
                if not replaced and clip is None:
                    self._fall_back(job, failure)
                elif not replaced and clip is not None:
                    self._job = None
                    self._kept.put((job.voice.key, *job.wanted), clip)
                    self._changed.notify_all()
            if replaced or clip is None:
                job.voice.close()
            if replaced:
                return
        for voice in self._voices:
            voice.close()

    def _next_job(self) -> "_Job | None":
        """Wait for something to render; None when closed."""
        with self._changed:
            while not self._queue and not self._closed and not self._to_warm_up():
                self._changed.wait()
            if self._closed:
                return None
            wanted = self._queue.popitem(last=False)[0] if self._queue else WARM_UP
            self._job = _Job(wanted, self.voice, warm=self.voice.key in self._warm)
            self._changed.notify_all()
            return self._job

    def _to_warm_up(self) -> bool:
        """Whether the voice should load now, while nothing else is wanted of it."""
        said = self._kept.latest(self.voice.key, 1)
        return bool(said and self.voice.loading_seconds and self.voice.key not in self._warm)

    def _attempt(self, job: "_Job") -> tuple[Clip | None, str]:
        """Return the clip, from the disk if it is there; or None, and why there is none."""
        text, rate = job.wanted
        cache = self._cache if job.wanted != WARM_UP else None
        try:
            if cache is not None and (found := cache.get(text, job.voice.key, rate)) is not None:
                _log.debug("from disk: %s", text)
                return found, ""
            clip = self._rendered(job)
            if cache is not None:
                cache.put(text, job.voice.key, rate, clip)
        except VoiceError as error:
            return None, str(error).rstrip(".")
        except Exception as error:  # if this thread died, the session would wait for it
            return None, f"{type(error).__name__}: {error}"
        return clip, ""

    def _rendered(self, job: "_Job") -> Clip:
        text, rate = job.wanted
        started = time.monotonic()
        clip = job.voice.render(text, rate)
        # The first time includes loading, which a report about a slow start asks for.
        level = logging.DEBUG if job.voice.key in self._warm else logging.INFO
        took, name = time.monotonic() - started, _name(job.voice)
        _log.log(level, "%s rendered %.2f s in %.2f s: %s", name, clip.seconds, took, text)
        self._warm.add(job.voice.key)
        return clip


class _Job:
    """One text being rendered by one voice, and the time that it has left."""

    def __init__(self, wanted: Wanted, voice: Voice, *, warm: bool) -> None:
        self.wanted = wanted
        self.voice = voice
        loading = 0.0 if warm else voice.loading_seconds
        patience = patience_seconds(wanted[0]) + loading + GRACE_SECONDS
        self._ends = time.monotonic() + patience

    def renders(self, voice: Voice, wanted: Wanted) -> bool:
        """Whether this is the job."""
        return self.voice is voice and self.wanted == wanted

    def left(self) -> float:
        """Return the seconds until the voice counts as hanging."""
        return max(0.0, self._ends - time.monotonic())


def _name(voice: Voice) -> str:
    """Return the engine's name out of a voice's key: enough for a sentence."""
    return voice.key.split()[0]
