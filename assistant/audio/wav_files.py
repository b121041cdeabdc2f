"""WAV files for devices: the microphone is a recording, the speaker writes one.

Time runs as fast as the loop can go. A recording may have any rate, number of channels and sample
width; what is played is written at 48 kHz, stereo, 16 bit while the session goes on, and lasts
exactly as long as the recording.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.audio.device import (
    BLOCK_IN,
    RATE_IN,
    RATE_OUT,
    SILENCE_IN,
    Incoming,
    Samples,
)
from assistant.errors import AudioFileError

if TYPE_CHECKING:
    from soundfile import SoundFile

_BLOCKS_PER_SECOND = 50
_WIDTH = 2  # bytes per sample written


class WavDevice:
    """A recording for the microphone, a file for the speaker; either may be missing.

    Without a recording the microphone is silent and the session does not end by itself.
    Raises AudioFileError when a file cannot be read or written, also in the middle.
    """

    realtime = False
    audible = True

    def __init__(self, mic: Path | None, speaker: Path | None) -> None:
        if mic and speaker and mic.resolve() == speaker.resolve():
            raise AudioFileError(f"{mic} cannot be both heard and written; choose another output.")
        self._mic = _Recording(mic) if mic else None
        length = self._mic.length_at(RATE_OUT) if self._mic else None
        self._speaker = _Writer(speaker, RATE_OUT, 2, length) if speaker else None

    def exchange(self, out: Samples) -> Incoming:
        """Write `out` and return the next 20 ms of the recording; the last has `ended`."""
        if self._speaker:
            self._speaker.write(out)
        if self._mic is None:
            return Incoming()
        block = self._mic.next_block()
        return Incoming(block, ended=self._mic.blocks_left == 0)

    def close(self) -> None:
        """Finish the files; what was played until now is complete on disk."""
        if self._mic:
            self._mic.close()
        if self._speaker:
            self._speaker.close()


def read_wav(path: Path, rate: int) -> Samples:
    """Return the whole recording as mono (n,) at `rate`; raises AudioFileError."""
    import soxr

    file = _opened(path)
    with file:
        mono = _mono(file.read(dtype="float32", always_2d=True))
        resampled: Samples = soxr.resample(mono, file.samplerate, rate).astype(np.float32)
    return resampled


def stereo_pieces(path: Path, rate: int, seconds: float) -> Iterator[Samples]:
    """Yield the first `seconds` of a recording as (n, 2) at `rate`, in pieces of about 10 s.

    One channel becomes two; of more than two, the first two are taken. Raises AudioFileError.
    """
    import soundfile
    import soxr

    with _opened(path) as file:
        resampler = soxr.ResampleStream(file.samplerate, rate, 2)
        left = min(file.frames, round(seconds * file.samplerate))
        while left > 0:
            try:
                wanted = min(left, 10 * file.samplerate)
                frames = file.read(wanted, dtype="float32", always_2d=True)
            except (soundfile.SoundFileError, OSError):
                raise _unreadable(path) from None
            left = left - wanted if len(frames) == wanted else 0  # it may end before it should
            both = np.nan_to_num(frames[:, [0, min(1, file.channels - 1)]])
            yield resampler.resample_chunk(np.ascontiguousarray(both), last=left == 0)


def write_wav(path: Path, samples: Samples, rate: int) -> None:
    """Write mono (n,) or stereo (n, 2) `samples` with 16 bit; raises AudioFileError."""
    writer = _Writer(path, rate, 1 if samples.ndim == 1 else samples.shape[1])
    writer.write(samples)
    writer.close()


class _Recording:
    """Reads a file in blocks of 320 samples, mono at 16 kHz, without loading all of it."""

    def __init__(self, path: Path) -> None:
        import soxr

        self._file = _opened(path)
        rate = self._file.samplerate
        self._resampler = None if rate == RATE_IN else soxr.ResampleStream(rate, RATE_IN, 1)
        self._ready = np.zeros(0, np.float32)
        self.blocks_left = -(-self._file.frames * _BLOCKS_PER_SECOND // rate)

    def length_at(self, rate: int) -> int:
        """Return the recording's duration in samples at `rate`."""
        length: int = round(self._file.frames * rate / self._file.samplerate)
        return length

    def next_block(self) -> Samples:
        """Return the next (320,); after the end, silence."""
        if self.blocks_left == 0:
            return SILENCE_IN
        self.blocks_left -= 1
        while len(self._ready) < BLOCK_IN and not self._file.closed:
            self._ready = np.concatenate([self._ready, self._read()])
        block, self._ready = self._ready[:BLOCK_IN], self._ready[BLOCK_IN:]
        return np.pad(block, (0, BLOCK_IN - len(block)))

    def _read(self) -> Samples:
        """Return the next half second or so; close the file when it is over."""
        wanted = max(1, self._file.samplerate // 2)
        frames = self._file.read(wanted, dtype="float32", always_2d=True)
        over = len(frames) < wanted
        if over:
            self._file.close()
        mono = _mono(frames)
        if self._resampler is None:
            return mono
        resampled: Samples = self._resampler.resample_chunk(mono, last=over)
        return resampled

    def close(self) -> None:
        self._file.close()


class _Writer:
    """Writes 16-bit samples as they come, `length` of them at most.

    What was in the file before stays until the first of them comes: nothing is lost when the
    session cannot begin. Not through libsndfile, which does not say why a write failed.
    """

    def __init__(self, path: Path, rate: int, channels: int, length: int | None = None) -> None:
        self._path = path
        self._rate, self._channels = rate, channels
        self._left = length
        self._bytes = 0
        self._begun = False
        try:
            self._file = path.open("r+b" if path.exists() else "w+b")
        except OSError as error:
            raise self._failure(error) from None

    def write(self, samples: Samples) -> None:
        if self._left is not None:
            samples = samples[: self._left]
            self._left -= len(samples)
        pcm = np.rint(np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes()
        try:
            if not self._begun:
                self._begin()
            self._file.write(pcm)
        except OSError as error:
            raise self._failure(error) from None
        self._bytes += len(pcm)

    def close(self) -> None:
        """Fill up to the length, write it into the header; close the file even when that fails."""
        if self._file.closed:
            return
        try:
            with self._file as file:
                if not self._begun:
                    return
                if self._left:
                    file.write(bytes(self._left * self._channels * _WIDTH))
                    self._bytes += self._left * self._channels * _WIDTH
                file.seek(0)
                file.write(self._header())
        except OSError as error:
            raise self._failure(error) from None

    def _begin(self) -> None:
        self._begun = True
        if self._path.is_file():  # a device or a pipe holds nothing
            self._file.truncate()
        self._file.write(self._header())

    def _header(self) -> bytes:
        """Return the 44 bytes before the samples, for those written until now."""
        frame = self._channels * _WIDTH
        form = (1, self._channels, self._rate, self._rate * frame, frame, 8 * _WIDTH)
        return (
            struct.pack("<4sI4s", b"RIFF", 36 + self._bytes, b"WAVE")
            + struct.pack("<4sIHHIIHH", b"fmt ", 16, *form)
            + struct.pack("<4sI", b"data", self._bytes)
        )

    def _failure(self, error: OSError) -> AudioFileError:
        return AudioFileError(
            f"Cannot write {self._path}: {error.strerror or error}. "
            "Free some space or choose another place."
        )


def _opened(path: Path) -> "SoundFile":
    """Open a recording that has sound in it."""
    import soundfile

    if not path.is_file():
        raise AudioFileError(f"There is no file {path}; check the name.")
    try:
        file = soundfile.SoundFile(path)
    except (soundfile.SoundFileError, OSError):
        raise _unreadable(path) from None
    if file.frames == 0:
        file.close()
        raise AudioFileError(f"{path} holds no sound (its length is 0); record it again.")
    return file


def _unreadable(path: Path) -> AudioFileError:
    return AudioFileError(f"{path} is not a sound file that can be read; give a WAV file.")


def _mono(frames: Samples) -> Samples:
    """Average the channels of (n, channels); a float file may even hold what is not a number."""
    mono: Samples = np.nan_to_num(frames.mean(axis=1), nan=0.0, posinf=1.0, neginf=-1.0)
    return mono
