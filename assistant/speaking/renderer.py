"""Renders ahead in a thread of its own, so that the session never waits for a voice.

Promises: `clip`, `prepare` and `close` never block on rendering; no text is rendered twice in one
voice while its clip is kept; a voice that fails, or takes 3 s longer than it may, is replaced by
the next one, at the last by silence of the right length; a disk that is full costs the cache and
nothing else; `wait` gives the same clips whatever the timing of the thread.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

from assistant.audio.clip import Clip
from assistant.errors import VoiceError
from assistant.speaking.clip_cache import ClipCache
from assistant.speaking.ready_clips import ReadyClips, Wanted
from assistant.speaking.render_job import RenderJob
from assistant.speaking.silent_voice import SilentVoice
from assistant.speaking.voice import Voice

WARM_UP = ("Ready.", 1.0)
"""Rendered, and dropped, by a voice that takes long to load, when all came from the disk so far."""
RENDERED_ANEW = 40
"""Sentences, those used last, that another voice renders when it takes over."""
CLOSE_SECONDS = 0.5
LONGEST_QUEUE = 1000


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
        self._job: RenderJob | None = None
        self._warm: set[str] = set()
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
                    raise VoiceError("The voice was closed while it was to speak.")
                self._replace_a_hanging_voice()
                self._want(wanted)
                self._changed.notify_all()
                self._changed.wait(self._job.left() if self._job else None)
        self._tell()
        return found

    def change_voice(self) -> bool:
        """Speak with the next of the voices that are left, in turn; False if there is no other."""
        with self._changed:
            audible = [voice for voice in self._voices if not isinstance(voice, SilentVoice)]
            if len(audible) < 2:
                return False
            before = self._voices.pop(0)
            self._voices.insert(len(audible) - 1, before)
            self._render_anew(before)
        return True

    def close(self) -> None:
        """Stop rendering and let go of the voices; a voice that hangs is left to itself."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._worker.join(CLOSE_SECONDS)

    def _want(self, wanted: Wanted) -> None:
        """Put `wanted` first in the queue, unless it is ready or being rendered."""
        rendering = self._job is not None and self._job.renders(self.voice, wanted)
        if rendering or (self.voice.key, *wanted) in self._kept:
            return
        self._queue[wanted] = None
        self._queue.move_to_end(wanted, last=False)

    def _tell(self) -> None:
        """Pass notices on, outside the lock, so that the listener may call us back."""
        if self._cache is not None:
            self._notices += self._cache.news()
        while self._notices:
            self._on_trouble(self._notices.pop(0))

    def _replace_a_hanging_voice(self) -> None:
        if self._job is not None and self._job.left() <= 0:
            self._fall_back("does not answer")
            self._worker = self._start_worker()  # the old one is stuck, and ends when it is not

    def _fall_back(self, why: str) -> None:
        """Go over to the next voice and render again what the old one left."""
        assert self._job is not None
        old, wanted, self._job = self._job.voice, self._job.wanted, None
        self._voices.remove(old)
        self._render_anew(old)
        self._want(wanted)
        silent = isinstance(self.voice, SilentVoice)
        goes_on = "in writing, with sounds" if silent else f"with {_name(self.voice)}"
        self._notices.append(f"The voice {_name(old)} failed ({why}); going on {goes_on}.")
        self._changed.notify_all()

    def _render_anew(self, before: Voice) -> None:
        """Render what was ready in the voice before, which may be wanted again soon."""
        for wanted in self._kept.latest(before.key, RENDERED_ANEW):
            self._queue.setdefault(wanted)
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
                clip = self._from_disk(job) or self._rendered(job)
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
                self._job = None
                self._kept.put((job.voice.key, *job.wanted), clip)
                self._changed.notify_all()
        if job is None:
            for voice in self._voices:
                voice.close()
        else:
            job.voice.close()

    def _next_job(self) -> RenderJob | None:
        with self._changed:
            while not self._queue and not self._closed and not self._to_warm_up():
                self._changed.wait()
            if self._closed:
                return None
            wanted = self._queue.popitem(last=False)[0] if self._queue else WARM_UP
            self._job = RenderJob(wanted, self.voice, warm=self.voice.key in self._warm)
            self._changed.notify_all()
            return self._job

    def _to_warm_up(self) -> bool:
        """Whether the voice should load now, so that the first new sentence need not wait."""
        said = self._kept.latest(self.voice.key, 1)
        return bool(said and self.voice.loading_seconds and self.voice.key not in self._warm)

    def _from_disk(self, job: RenderJob) -> Clip | None:
        text, rate = job.wanted
        if self._cache is None or job.wanted == WARM_UP:
            return None
        return self._cache.get(text, job.voice.key, rate)

    def _rendered(self, job: RenderJob) -> Clip:
        text, rate = job.wanted
        clip = job.voice.render(text, rate)
        self._warm.add(job.voice.key)
        if self._cache is not None and job.wanted != WARM_UP:
            self._cache.put(text, job.voice.key, rate, clip)
        return clip


def _name(voice: Voice) -> str:
    """Return the engine's part of a voice's key: enough for a sentence."""
    return voice.key.split()[0]
