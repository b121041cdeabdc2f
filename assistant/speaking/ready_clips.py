"""Clips that are ready to play, in memory, by voice, text and rate."""

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from assistant.audio.clip import Clip

KEPT_BYTES = 96 * 2**20
"""Clips in memory, in 16 bits: a quarter of an hour of speech."""

Wanted = tuple[str, float]
"""Text and rate."""
Key = tuple[str, str, float]
"""The voice's key, text and rate."""


class ReadyClips:
    """At most KEPT_BYTES of them, in 16 bits; the least recently used ones are dropped."""

    def __init__(self) -> None:
        self._clips: OrderedDict[Key, tuple[int, NDArray[np.int16] | None]] = OrderedDict()
        self._bytes = 0

    def __contains__(self, key: Key) -> bool:
        return key in self._clips

    def get(self, key: Key) -> Clip | None:
        """Return the clip, or None if it is not ready."""
        from assistant.speaking.finishing import from_pcm

        if key not in self._clips:
            return None
        self._clips.move_to_end(key)
        length, pcm = self._clips[key]
        return Clip(length) if pcm is None else from_pcm(pcm)

    def latest(self, voice: str, most: int) -> list[Wanted]:
        """Return what this voice has said, used last, in that order."""
        said = [(text, rate) for key, text, rate in self._clips if key == voice]
        return said[-most:]

    def put(self, key: Key, clip: Clip) -> None:
        """Keep a clip."""
        from assistant.speaking.finishing import to_pcm

        pcm = None if clip.samples is None else to_pcm(clip.samples)
        self._clips[key] = (clip.length, pcm)
        self._bytes += 0 if pcm is None else pcm.nbytes
        while self._bytes > KEPT_BYTES:
            _, (_, dropped) = self._clips.popitem(last=False)
            self._bytes -= 0 if dropped is None else dropped.nbytes
