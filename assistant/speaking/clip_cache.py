"""Rendered clips, kept in memory and on disk, so that no sentence is rendered twice.

Promises: a clip read back equals the one put in, to the sample. Any number of processes may share
the folder: a file that another one deleted, or that was cut short, costs one rendering, and a file
that another one is writing is left alone. A folder or disk that cannot be written costs speed and
nothing else: there is one warning, every later clip is tried again, and so caching resumes by
itself once there is room.
"""

import hashlib
import io
import logging
import os
import re
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from assistant.audio.clip import Clip
from assistant.audio.device import RATE_OUT, Samples
from assistant.audio.pcm import Pcm, to_pcm
from assistant.files import write_whole
from assistant.folders import cache_folder

Wanted = tuple[str, float]
"""Text and rate."""
Key = tuple[str, str, float]
"""The voice's key, text and rate."""

READY_BYTES = 96 * 2**20
"""Clips in memory, in 16 bits: a quarter of an hour of speech."""
LIMIT_BYTES = 256 * 2**20
"""Clips on disk."""
LONGEST_CLIP = 600 * RATE_OUT
"""Samples. A damaged file may claim to be longer than there is memory for."""
FORMAT = "3"
"""Raise this when the same text, voice and rate should give other samples than before."""

_CLIP_NAME = re.compile(r"[0-9a-f]{64}\.flac")

_log = logging.getLogger(__name__)


class ReadyClips:
    """Clips in memory, at most READY_BYTES of them; the least recently used ones are dropped."""

    def __init__(self) -> None:
        self._clips: OrderedDict[Key, tuple[int, Pcm | None]] = OrderedDict()
        self._bytes = 0

    def __contains__(self, key: Key) -> bool:
        return key in self._clips

    def get(self, key: Key) -> Clip | None:
        """Return the clip, or None if it is not ready."""
        if key not in self._clips:
            return None
        self._clips.move_to_end(key)
        length, pcm = self._clips[key]
        return Clip(length) if pcm is None else Clip.from_pcm(pcm)

    def latest(self, voice: str, most: int) -> list[Wanted]:
        """Return what was said last in the voice of that key, the most recent at the end."""
        said = [(text, rate) for key, text, rate in self._clips if key == voice]
        return said[-most:]

    def put(self, key: Key, clip: Clip) -> None:
        """Keep `clip`."""
        pcm = None if clip.samples is None else to_pcm(clip.samples)
        self._clips[key] = (clip.length, pcm)
        self._bytes += 0 if pcm is None else pcm.nbytes
        while self._bytes > READY_BYTES:
            _, (_, dropped) = self._clips.popitem(last=False)
            self._bytes -= 0 if dropped is None else dropped.nbytes


class ClipCache:
    """Clips on disk in `folder` (None: the user's cache folder), which holds nothing else.

    Beyond `limit_bytes` the least recently used clips are deleted. A text that `is_private` is not
    kept: a clip can be listened to.
    """

    def __init__(
        self,
        folder: Path | None = None,
        limit_bytes: int = LIMIT_BYTES,
        is_private: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._is_private = is_private
        self._folder = folder or default_folder()
        self._limit = limit_bytes
        self._size: int | None = None  # bytes, as far as this process can tell; None: not counted
        self._failing = False
        self._warnings: list[str] = []
        self._warned = False

    def get(self, text: str, voice: str, rate: float) -> Clip | None:
        """Return the clip, or None if there is no such file or it is damaged."""
        import soundfile

        path = self._path(text, voice, rate)
        try:
            with soundfile.SoundFile(path) as file:
                form = (file.samplerate, file.channels)
                if form != (RATE_OUT, 1) or not 0 < file.frames <= LONGEST_CLIP:
                    return None
                pcm = file.read(dtype="int16")
                if len(pcm) != file.frames:
                    return None
        except (OSError, soundfile.SoundFileError):
            return None
        with suppress(OSError):  # a read-only folder can still be read
            os.utime(path)
        return Clip.from_pcm(pcm)

    def put(self, text: str, voice: str, rate: float, clip: Clip) -> None:
        """Keep `clip` if it has samples, is not private, and the folder can be written."""
        if clip.samples is None or self._is_private(text):
            return
        path, data = self._path(text, voice, rate), _flac(clip.samples)
        # Tried twice, because another process may have deleted the folder during the first attempt.
        trouble = write_whole(path, data) and write_whole(path, data)
        if trouble:
            self._note_trouble(trouble.replace(str(path), str(self._folder)))
            return
        if self._failing:
            _log.info("clips can be kept on disk again")
            self._failing = False
        self._size = None if self._size is None else self._size + len(data)
        if self._size is None or self._size > self._limit:
            self._size = self._clean_up()

    def take_warnings(self) -> list[str]:
        """Return the warnings that have come since the last call."""
        taken, self._warnings = self._warnings, []
        return taken

    def _path(self, text: str, voice: str, rate: float) -> Path:
        key = "\0".join((FORMAT, voice, f"{rate:.3f}", text))
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.flac"

    def _note_trouble(self, trouble: str) -> None:
        if not self._failing:
            _log.info("clips cannot be kept on disk: %s", trouble)
        self._failing = True
        if not self._warned:
            self._warned = True
            self._warnings.append(
                f"Speech cannot be kept for the next time, so it may start more slowly: {trouble}"
            )

    def _clean_up(self) -> int:
        """Delete the least recently used clips beyond the limit; return the bytes that are left.

        Goes down to nine tenths of the limit, so that not every clip is followed by another search
        of the folder.
        """
        clips = self._clips()
        size = sum(size for _, size, _ in clips)
        if size <= self._limit:
            return size
        dropped = 0
        for _, file_size, path in sorted(clips):
            if size <= self._limit * 9 // 10:
                break
            if _delete(path):
                size -= file_size
                dropped += 1
        _log.info("clip cache full: %d clips dropped, %.1f MB left", dropped, size / 2**20)
        return size

    def _clips(self) -> list[tuple[float, int, Path]]:
        """Return time of last use, bytes and path of each clip.

        Files with other names are being written, maybe by another process: `write_whole` removes
        those that a killed process left.
        """
        clips = []
        with suppress(OSError):  # the folder may be gone by now
            for path in self._folder.iterdir():
                if not _CLIP_NAME.fullmatch(path.name):
                    continue
                with suppress(OSError):  # another process may have just deleted it
                    status = path.stat()
                    clips.append((status.st_mtime, status.st_size, path))
        return clips


def _delete(path: Path) -> bool:
    """Delete a file; return whether it is gone now, also if another process was faster."""
    try:
        path.unlink(missing_ok=True)
    except OSError:  # on Windows, another process may be reading it
        return False
    return True


def default_folder() -> Path:
    """Return where clips are kept for this user."""
    return cache_folder() / "clips"


def _flac(samples: Samples) -> bytes:
    import soundfile

    data = io.BytesIO()
    soundfile.write(data, to_pcm(samples), RATE_OUT, format="FLAC", subtype="PCM_16")
    return data.getvalue()
