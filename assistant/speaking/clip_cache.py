"""Rendered clips on disk, so that a massage heard once starts at once the next time.

Promises: a clip read back equals the one put in to the sample; two processes may share the folder;
a file cut short is rendered anew; a folder or disk that cannot be written costs speed and nothing
else (`news` then has one sentence to say).
"""

import hashlib
import io
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from assistant.audio.clip import Clip

LIMIT_BYTES = 256 * 2**20
FORMAT = "3"
"""To be raised when the same text, voice and rate should give other samples than before."""


class ClipCache:
    """Clips in `folder` (None: the user's cache folder), the least recently used ones dropped."""

    def __init__(self, folder: Path | None = None, limit_bytes: int = LIMIT_BYTES) -> None:
        self.warnings: list[str] = []
        self._folder = folder or _default_folder()
        self._limit = limit_bytes
        self._size: int | None = None  # as far as this process knows; None: not looked yet
        self._writable = True

    def get(self, text: str, voice: str, rate: float) -> Clip | None:
        """Return the clip, or None if it is not there or its file is broken."""
        import soundfile

        from assistant.speaking.finishing import from_pcm

        path = self._path(text, voice, rate)
        try:
            with soundfile.SoundFile(path) as file:
                pcm = file.read(dtype="int16")
                if len(pcm) == 0 or len(pcm) != file.frames:
                    return None
        except (OSError, soundfile.SoundFileError):
            return None
        with suppress(OSError):  # where nothing can be written, what is there can still be used
            os.utime(path)
        return from_pcm(pcm)

    def put(self, text: str, voice: str, rate: float, clip: Clip) -> None:
        """Keep `clip`, unless it has no samples or the folder cannot be written."""
        if clip.samples is None or not self._writable:
            return
        try:
            self._write(self._path(text, voice, rate), _flac(clip))
        except OSError as error:
            self._writable = False
            self.warnings.append(
                f"Rendered speech cannot be kept in {self._folder} ({error.strerror}); "
                "the massage goes on, and starts a little later each time."
            )

    def news(self) -> list[str]:
        """Return the warnings that have come since this was last asked."""
        news, self.warnings = self.warnings, []
        return news

    def _path(self, text: str, voice: str, rate: float) -> Path:
        key = "\0".join((FORMAT, voice, f"{rate:.3f}", text))
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.flac"

    def _write(self, path: Path, data: bytes) -> None:
        """Write aside and move into place, so that nobody ever reads half a clip."""
        self._folder.mkdir(parents=True, exist_ok=True)
        aside, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
        try:
            with os.fdopen(aside, "wb") as file:
                file.write(data)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        if self._size is None:
            self._size = sum(size for _, size, _ in self._files())
        else:
            self._size += len(data)
        if self._size > self._limit:
            self._size = self._drop_oldest()

    def _drop_oldest(self) -> int:
        """Delete the longest unused files down to nine tenths of the limit; return what is left."""
        files = sorted(self._files())
        size = sum(size for _, size, _ in files)
        for _, file_size, path in files:
            if size <= self._limit * 9 // 10:
                break
            path.unlink(missing_ok=True)
            size -= file_size
        return size

    def _files(self) -> list[tuple[float, int, Path]]:
        """Return time of last use, bytes, and path of every file, leftovers of a crash included."""
        found = []
        for path in self._folder.iterdir():
            try:
                status = path.stat()
            except FileNotFoundError:
                continue  # another process dropped it just now
            found.append((status.st_mtime, status.st_size, path))
        return found


def _default_folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("massage-assistant") / "clips"


def _flac(clip: Clip) -> bytes:
    import soundfile

    from assistant.audio.device import RATE_OUT
    from assistant.speaking.finishing import to_pcm

    assert clip.samples is not None
    data = io.BytesIO()
    soundfile.write(data, to_pcm(clip.samples), RATE_OUT, format="FLAC", subtype="PCM_16")
    return data.getvalue()
