"""Earcons: short soft sounds with a meaning, synthesized once and kept.

Each is a few pure tones with raised-cosine edges, 40 to 180 ms long and peaking between -18 and
-12 dBFS: quiet enough to stay behind speech, and too plain to be mistaken for a voice.
"""

from functools import cache
from typing import Literal

import numpy as np

from assistant.audio.device import RATE_OUT, Samples
from assistant.routine.plan import Side

EarconKind = Literal["heard", "stroke", "turn", "last stroke", "switch sides", "done"]

# Notes of each earcon: start and length in seconds, pitch in hertz, peak of full scale.
_NOTES: dict[EarconKind, tuple[tuple[float, float, float, float], ...]] = {
    "heard": ((0.0, 0.045, 988.0, 0.16), (0.035, 0.045, 1319.0, 0.16)),
    "stroke": ((0.0, 0.06, 523.0, 0.15),),
    "turn": ((0.0, 0.055, 440.0, 0.155),),
    "last stroke": ((0.0, 0.06, 523.0, 0.15), (0.055, 0.105, 392.0, 0.2)),
    "switch sides": (
        (0.0, 0.07, 440.0, 0.17),
        (0.06, 0.07, 659.0, 0.17),
        (0.12, 0.06, 440.0, 0.17),
    ),
    "done": ((0.0, 0.08, 523.0, 0.17), (0.05, 0.08, 659.0, 0.17), (0.1, 0.08, 784.0, 0.17)),
}
_EDGE_SECONDS = 0.004  # short enough to time a stroke by ear, long enough not to click

_FAR_SIDE = 0.2  # the other ear hears a little: a fully one-sided sound is unpleasant
_GAINS: dict[Side, tuple[float, float]] = {
    "both": (1.0, 1.0),
    "left": (1.0, _FAR_SIDE),
    "right": (_FAR_SIDE, 1.0),
}


@cache
def earcon(kind: EarconKind, side: Side = "both") -> Samples:
    """Return the sound, (n, 2) at 48 kHz, read-only, panned to the user's `side`."""
    length = max(start + seconds for start, seconds, _, _ in _NOTES[kind])
    mono = np.zeros(round(length * RATE_OUT))
    for start, seconds, pitch, peak in _NOTES[kind]:
        first = round(start * RATE_OUT)
        tone = _note(round(seconds * RATE_OUT), pitch) * peak
        mono[first : first + len(tone)] += tone[: len(mono) - first]
    stereo: Samples = np.outer(mono, _GAINS[side]).astype(np.float32)
    stereo.flags.writeable = False
    return stereo


def _note(length: int, pitch: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return a tone of `length` samples that rises at once and decays as if struck."""
    time = np.arange(length) / RATE_OUT
    tone = np.sin(2 * np.pi * pitch * time) * np.exp(-2.0 * np.arange(length) / length)
    edge = round(_EDGE_SECONDS * RATE_OUT)
    rise = 0.5 - 0.5 * np.cos(np.pi * np.arange(edge) / edge)
    tone[:edge] *= rise
    tone[-edge:] *= rise[::-1]
    return tone
