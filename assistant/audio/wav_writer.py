"""Writing WAV files in 16 bits, as the samples come.

Promises: a process may be killed at any time, and its file can be read up to the last few seconds.
Beyond 4 GB, where the sizes of a WAV header end, the file becomes RF64 (EBU Tech 3306), which is a
WAV file with larger sizes.

Neither `wave` nor soundfile does it: the one ends at 4 GB, the other writes the sizes at the end
only, and does not say why a write failed.
"""

import struct
from pathlib import Path

from assistant.audio.device import Samples
from assistant.audio.pcm import to_pcm
from assistant.errors import AudioFileError

_WIDTH = 2  # bytes per sample written
_HEADER_BYTES = 80
_MOST_BYTES = 2**32 - 1
"""What a size in a WAV header can be. In RF64 this value says: see the chunk `ds64`."""
_SECONDS_BETWEEN_HEADERS = 2


class WavWriter:
    """Writes `channels` at `rate`.

    An existing file is left as it is until the first samples come, so that nothing is lost when a
    session fails to start. Raises AudioFileError when the file cannot be written, at any time.
    """

    def __init__(self, path: Path, rate: int, channels: int) -> None:
        self._path = path
        self._rate, self._channels = rate, channels
        self._frame = channels * _WIDTH
        self._bytes = self._bytes_in_header = 0
        self._begun = False
        try:
            self._file = path.open("r+b" if path.exists() else "w+b")
        except OSError as error:
            raise self._failure(error) from None

    def write(self, samples: Samples) -> None:
        """Append (n,) or (n, channels)."""
        pcm = to_pcm(samples).astype("<i2", copy=False).tobytes()
        try:
            if not self._begun:
                self._begin()
            self._file.write(pcm)
            self._bytes += len(pcm)
            unsaid = self._bytes - self._bytes_in_header
            if unsaid >= _SECONDS_BETWEEN_HEADERS * self._rate * self._frame:
                self._write_header()
        except OSError as error:
            raise self._failure(error) from None

    def close(self) -> None:
        """Complete the header; the file is closed even when that fails."""
        if self._file.closed:
            return
        try:
            with self._file:
                if self._begun:
                    self._write_header()
        except OSError as error:
            raise self._failure(error) from None

    def lengthen(self, frames: int) -> None:
        """After `close`, add silence up to that length. Most file systems store none of it."""
        if not (self._begun and self._path.is_file() and frames * self._frame > self._bytes):
            return
        try:
            with self._path.open("r+b") as self._file:
                self._bytes = frames * self._frame
                self._file.truncate(_HEADER_BYTES + self._bytes)
                self._write_header()
        except OSError as error:
            raise self._failure(error) from None

    def _begin(self) -> None:
        self._begun = True
        if self._path.is_file():  # a device or a pipe cannot be truncated
            self._file.truncate()
        self._write_header()

    def _write_header(self) -> None:
        """Write the sizes so far, after the samples themselves are out of this process."""
        self._file.flush()
        self._file.seek(0)
        self._file.write(_header(self._bytes, self._rate, self._channels))
        self._file.flush()
        self._file.seek(0, 2)
        self._bytes_in_header = self._bytes

    def _failure(self, error: OSError) -> AudioFileError:
        return AudioFileError(
            f"Cannot write {self._path}: {error.strerror or error}. "
            "Free up some space or choose another folder."
        )


def _header(size: int, rate: int, channels: int) -> bytes:
    """Return the 80 bytes that stand before `size` bytes of samples."""
    frame = channels * _WIDTH
    whole = _HEADER_BYTES - 8 + size
    if whole <= _MOST_BYTES:  # JUNK: nobody reads it, but RF64 will need its place
        form, long_sizes, sizes = b"RIFF", b"JUNK", (0, 0, 0)
    else:
        form, long_sizes, sizes = b"RF64", b"ds64", (whole, size, size // frame)
    return (
        struct.pack("<4sI4s", form, min(whole, _MOST_BYTES), b"WAVE")
        + struct.pack("<4sIQQQI", long_sizes, 28, *sizes, 0)
        + struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, rate, rate * frame, frame, 8 * _WIDTH)
        + struct.pack("<4sI", b"data", size if whole <= _MOST_BYTES else _MOST_BYTES)
    )
