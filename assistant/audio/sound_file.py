"""Reading sound files of any kind: the only door to libsndfile for files that a user names.

Promises: whatever is in the file, reading ends in samples or in AudioFileError, which says how far
the file could be read; memory depends on what is asked for, not on what the file's header claims.
"""

from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from assistant.audio.device import Samples
from assistant.errors import AudioFileError

_LOWEST_RATE, _HIGHEST_RATE = 1_000, 400_000
_MOST_CHANNELS = 16
_LONGEST_SECONDS = 7 * 24 * 3600
"""A header that claims more is damaged, or was written before the length was known."""


class SoundFile:
    """One open file, read from its beginning to its end; raises AudioFileError at any time."""

    def __init__(self, path: Path) -> None:
        import soundfile

        if not path.is_file():
            raise AudioFileError(f"There is no file {path}; check the name.")
        self._path = path
        # TypeError: a name that ends in ".raw" says that the file has no header.
        self._failures = (soundfile.SoundFileError, OSError, TypeError, ValueError)
        try:
            self._file: Any = soundfile.SoundFile(path)
        except self._failures:
            raise AudioFileError(
                f"{path} is not a sound file that can be read; use a WAV file."
            ) from None
        self.rate: int = self._file.samplerate
        self.frames: int = self._file.frames
        """As the header says; the file may be cut short."""
        self.frames_read = 0
        if trouble := self._trouble():
            self.close()
            raise AudioFileError(f"{path} {trouble}.")

    def read(self, most: int) -> Samples:
        """Return the next (n, channels), n <= `most`; fewer only at the end of the file."""
        try:
            frames: Samples = self._file.read(most, dtype="float32", always_2d=True)
        except self._failures:
            seconds = self.frames_read / self.rate
            raise AudioFileError(
                f"{self._path} is damaged and cannot be read beyond {seconds:.1f} seconds; "
                "use an intact copy."
            ) from None
        self.frames_read += len(frames)
        return frames

    def close(self) -> None:
        """Close the file; it can be closed again."""
        self._file.close()

    def __enter__(self) -> "SoundFile":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _trouble(self) -> str:
        """Return why nothing can be done with a file that could be opened; empty if all is well."""
        if self.frames == 0:
            return "holds no sound: its length is zero. Record it again"
        channels: int = self._file.channels
        if not _LOWEST_RATE <= self.rate <= _HIGHEST_RATE or channels > _MOST_CHANNELS:
            return (
                f"has {channels} channels at {self.rate} samples per second, which cannot be used. "
                "Convert it to a WAV file with one channel at 16000"
            )
        if self.frames > _LONGEST_SECONDS * self.rate:
            return "does not say how long it is. Convert it to a WAV file"
        return ""


def mono(frames: Samples) -> Samples:
    """Average the channels of (n, channels); NaN and infinity, which float files may hold, go."""
    averaged: Samples = np.nan_to_num(frames.mean(axis=1), nan=0.0, posinf=1.0, neginf=-1.0)
    return averaged
