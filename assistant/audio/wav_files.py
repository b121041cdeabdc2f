"""WAV files in place of a sound card: the microphone reads one, the speaker writes one.

Time runs as fast as the loop can go. The input may have any rate, number of channels and sample
width. The output is 48 kHz, stereo, 16 bits, and written while the session runs. It lasts as long
as the input; a session that is broken off leaves what was played so far.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from assistant.audio.device import BLOCK_IN, BLOCK_OUT, RATE_OUT, SILENCE_IN, Incoming, Samples
from assistant.audio.resampling import BlockCutter, Resampler
from assistant.audio.sound_file import SoundFile, mono
from assistant.audio.wav_writer import WavWriter
from assistant.errors import AudioFileError
from assistant.files import same_file

_BLOCKS_PER_SECOND = 50


class WavDevice:
    """Reads the microphone's blocks from one file and writes the speaker's to another.

    Either may be None: without an input the microphone is silent and the session never ends by
    itself. Raises AudioFileError when a file cannot be read or written, at any time.
    """

    realtime = False
    audible = True

    def __init__(self, mic: Path | None, speaker: Path | None) -> None:
        if mic and speaker and same_file(mic, speaker):
            raise AudioFileError(f"{mic} is both the input and the output; choose another output.")
        self._mic = _Recording(mic) if mic else None
        self._speaker = WavWriter(speaker, RATE_OUT, 2) if speaker else None

    def exchange(self, out: Samples) -> Incoming:
        """Write `out` and return the next 20 ms of the recording; the last has `ended`."""
        if self._mic is None:
            self._write(out)
            return Incoming()
        block = self._mic.next_block()
        self._write(out[: self._mic.frames_of_block])
        return Incoming(block, ended=self._mic.ended)

    def close(self) -> None:
        """Finish the files: everything played so far is on disk."""
        if self._mic:
            self._mic.close()
        if self._speaker:
            self._speaker.close()

    def fill(self) -> None:
        """After a conversation that ended before the recording did, add silence up to its end."""
        self.close()
        if self._mic and self._speaker:
            self._speaker.lengthen(self._mic.length)

    def _write(self, out: Samples) -> None:
        if self._speaker:
            self._speaker.write(out)


def read_wav(path: Path, rate: int, most_seconds: float = 3600.0) -> Samples:
    """Return the recording as mono (n,) at `rate`, its first hour; raises AudioFileError."""
    with SoundFile(path) as file:
        resampler = Resampler(file.rate, rate)
        return np.concatenate(
            [resampler.add(mono(frames), last) for frames, last in _pieces(file, most_seconds)]
        )


def stereo_pieces(path: Path, rate: int, seconds: float) -> Iterator[Samples]:
    """Yield the first `seconds` of a recording as (n, 2) at `rate`, in pieces of about 10 s.

    Mono is doubled; of more than two channels, the first two are used. Raises AudioFileError.
    """
    with SoundFile(path) as file:
        resampler = Resampler(file.rate, rate, channels=2)
        for frames, last in _pieces(file, seconds):
            both = np.nan_to_num(frames[:, [0, min(1, frames.shape[1] - 1)]])
            yield resampler.add(np.ascontiguousarray(both), last)


def write_wav(path: Path, samples: Samples, rate: int) -> None:
    """Write mono (n,) or stereo (n, 2) `samples` in 16 bits; raises AudioFileError."""
    writer = WavWriter(path, rate, 1 if samples.ndim == 1 else samples.shape[1])
    writer.write(samples)
    writer.close()


def _pieces(file: SoundFile, seconds: float) -> Iterator[tuple[Samples, bool]]:
    """Yield the first `seconds` in pieces of 10 s, (n, channels), and whether it is the last."""
    left = min(file.frames, round(seconds * file.rate))
    while left > 0:
        wanted = min(left, 10 * file.rate)
        frames = file.read(wanted)
        left = left - wanted if len(frames) == wanted else 0  # the file may be cut short
        yield frames, left == 0


class _Recording:
    """Reads a file in blocks of 320 samples, mono at 16 kHz, without loading all of it."""

    def __init__(self, path: Path) -> None:
        self._file = SoundFile(path)
        self._cutter = BlockCutter(self._file.rate)
        self._over = False
        self._blocks = 0
        self.ended = False
        """Whether the latest block was the last."""

    @property
    def length(self) -> int:
        """The duration in samples at 48 kHz: as the header says, or as long as it turned out."""
        frames = self._file.frames_read if self._over else self._file.frames
        return round(frames * RATE_OUT / self._file.rate)

    @property
    def frames_of_block(self) -> int:
        """How many samples at 48 kHz the latest block lasts: fewer for the last one."""
        if not self.ended:
            return BLOCK_OUT
        return max(0, self.length - (self._blocks - 1) * BLOCK_OUT)

    def next_block(self) -> Samples:
        """Return the next (320,); after the end, silence."""
        self._blocks += 1
        if self.ended:
            return SILENCE_IN
        # One block ahead, to know which is the last.
        while len(self._cutter) < 2 * BLOCK_IN and not self._over:
            self._read()
        if self._over:
            rate = self._file.rate
            self.ended = self._blocks >= -(-self._file.frames_read * _BLOCKS_PER_SECOND // rate)
        block = self._cutter.take()
        return np.pad(block, (0, BLOCK_IN - len(block)))

    def _read(self) -> None:
        """Read the next half second or so; close the file at its end."""
        wanted = self._file.rate // 2
        frames = self._file.read(wanted)
        self._over = len(frames) < wanted
        if self._over:
            self._file.close()
        self._cutter.add(mono(frames), last=self._over)

    def close(self) -> None:
        self._file.close()
