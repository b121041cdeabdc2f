"""WAV files in place of a sound card: the microphone reads one, the speaker writes one.

Time runs as fast as the loop can go. The input may have any rate, number of channels and sample
width. The output is 48 kHz, stereo, 16 bits, written while the session runs, and exactly as long
as the input.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.audio.device import BLOCK_IN, RATE_OUT, SILENCE_IN, Incoming, Samples
from assistant.audio.pcm import to_pcm
from assistant.audio.resampling import BlockCutter, Resampler, resampled
from assistant.errors import AudioFileError

if TYPE_CHECKING:
    from soundfile import SoundFile

_BLOCKS_PER_SECOND = 50
_WIDTH = 2  # bytes per sample written


class WavDevice:
    """Reads the microphone's blocks from one file and writes the speaker's to another.

    Either may be None: without an input the microphone is silent and the session never ends by
    itself. Raises AudioFileError when a file cannot be read or written, at any time.
    """

    realtime = False
    audible = True

    def __init__(self, mic: Path | None, speaker: Path | None) -> None:
        if mic and speaker and mic.resolve() == speaker.resolve():
            raise AudioFileError(f"{mic} is both the input and the output; choose another output.")
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
        """Finish the files: everything played so far is on disk."""
        if self._mic:
            self._mic.close()
        if self._speaker:
            self._speaker.close()


def read_wav(path: Path, rate: int) -> Samples:
    """Return the whole recording as mono (n,) at `rate`; raises AudioFileError."""
    with _opened(path) as file:
        return resampled(_mono(file.read(dtype="float32", always_2d=True)), file.samplerate, rate)


def stereo_pieces(path: Path, rate: int, seconds: float) -> Iterator[Samples]:
    """Yield the first `seconds` of a recording as (n, 2) at `rate`, in pieces of about 10 s.

    Mono is doubled; of more than two channels, the first two are used. Raises AudioFileError.
    """
    import soundfile

    with _opened(path) as file:
        resampler = Resampler(file.samplerate, rate, channels=2)
        left = min(file.frames, round(seconds * file.samplerate))
        while left > 0:
            try:
                wanted = min(left, 10 * file.samplerate)
                frames = file.read(wanted, dtype="float32", always_2d=True)
            except (soundfile.SoundFileError, OSError):
                raise _unreadable(path) from None
            left = left - wanted if len(frames) == wanted else 0  # the file may be cut short
            both = np.nan_to_num(frames[:, [0, min(1, file.channels - 1)]])
            yield resampler.add(np.ascontiguousarray(both), last=left == 0)


def write_wav(path: Path, samples: Samples, rate: int) -> None:
    """Write mono (n,) or stereo (n, 2) `samples` in 16 bits; raises AudioFileError."""
    writer = _Writer(path, rate, 1 if samples.ndim == 1 else samples.shape[1])
    writer.write(samples)
    writer.close()


class _Recording:
    """Reads a file in blocks of 320 samples, mono at 16 kHz, without loading all of it."""

    def __init__(self, path: Path) -> None:
        self._file = _opened(path)
        rate = self._file.samplerate
        self._cutter = BlockCutter(rate)
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
        while len(self._cutter) < BLOCK_IN and not self._file.closed:
            self._read()
        block = self._cutter.take()
        return np.pad(block, (0, BLOCK_IN - len(block)))

    def _read(self) -> None:
        """Read the next half second or so; close the file at its end."""
        wanted = max(1, self._file.samplerate // 2)
        frames = self._file.read(wanted, dtype="float32", always_2d=True)
        over = len(frames) < wanted
        if over:
            self._file.close()
        self._cutter.add(_mono(frames), last=over)

    def close(self) -> None:
        self._file.close()


class _Writer:
    """Writes 16-bit samples as they come, at most `length` frames of them.

    An existing file is left as it is until the first samples come, so that nothing is lost when a
    session fails to start. Writes without libsndfile, which does not say why a write failed.
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
        pcm = to_pcm(samples).astype("<i2", copy=False).tobytes()
        try:
            if not self._begun:
                self._begin()
            self._file.write(pcm)
        except OSError as error:
            raise self._failure(error) from None
        self._bytes += len(pcm)

    def close(self) -> None:
        """Pad to `length` and complete the header; the file is closed even when that fails."""
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
        if self._path.is_file():  # a device or a pipe cannot be truncated
            self._file.truncate()
        self._file.write(self._header())

    def _header(self) -> bytes:
        """Return the 44 bytes that stand before the samples written so far."""
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
            "Free up some space or choose another folder."
        )


def _opened(path: Path) -> "SoundFile":
    """Open a sound file; raises AudioFileError unless it holds at least one frame."""
    import soundfile

    if not path.is_file():
        raise AudioFileError(f"There is no file {path}; check the name.")
    try:
        file = soundfile.SoundFile(path)
    except (soundfile.SoundFileError, OSError):
        raise _unreadable(path) from None
    if file.frames == 0:
        file.close()
        raise AudioFileError(f"{path} holds no sound: its length is zero. Record it again.")
    return file


def _unreadable(path: Path) -> AudioFileError:
    return AudioFileError(f"{path} is not a sound file that can be read; use a WAV file.")


def _mono(frames: Samples) -> Samples:
    """Average the channels of (n, channels); NaN and infinity, which float files may hold, go."""
    mono: Samples = np.nan_to_num(frames.mean(axis=1), nan=0.0, posinf=1.0, neginf=-1.0)
    return mono
