"""From one sample rate to another, and into blocks: the only door to soxr.

soxr is imported when something is resampled: it is not needed to type, and takes 15 ms to load.
"""

import numpy as np

from assistant.audio.device import BLOCK_IN, RATE_IN, Samples


def resampled(samples: Samples, from_rate: float, to_rate: float) -> Samples:
    """Return a whole recording, (n,) or (n, channels) at `from_rate` hertz, at `to_rate`."""
    import soxr

    return np.asarray(soxr.resample(samples, from_rate, to_rate), np.float32)


class Resampler:
    """Resamples what arrives in pieces, without seams between them."""

    def __init__(self, from_rate: float, to_rate: float, channels: int = 1) -> None:
        self._stream = None
        if from_rate != to_rate:
            import soxr

            self._stream = soxr.ResampleStream(from_rate, to_rate, channels)

    def add(self, piece: Samples, last: bool = False) -> Samples:
        """Return the samples that are ready, (n,) mono or (n, channels).

        The filter holds a few milliseconds back; they come out with the `last` piece.
        """
        if self._stream is None:
            return piece
        resampled: Samples = self._stream.resample_chunk(piece, last=last)
        return resampled


class BlockCutter:
    """Cuts mono sound of any rate, arriving in pieces of any length, into blocks at 16 kHz."""

    def __init__(self, rate: float) -> None:
        self._resampler = Resampler(rate, RATE_IN)
        self._ready = np.zeros(0, np.float32)

    def __len__(self) -> int:
        """Return how many samples at 16 kHz wait to be taken."""
        return len(self._ready)

    def add(self, piece: Samples, last: bool = False) -> None:
        """Take (n,) at the source's rate; `last` says that nothing follows."""
        self._ready = np.concatenate([self._ready, self._resampler.add(piece, last)])

    def take(self) -> Samples:
        """Return the next (320,); fewer when fewer are there."""
        block, self._ready = self._ready[:BLOCK_IN], self._ready[BLOCK_IN:]
        return block

    def skip_to_last(self, samples: int) -> None:
        """Drop all but the newest `samples`."""
        self._ready = self._ready[-samples:]
