"""Voices, rooms and noises: everything that a recording is mixed from.

Sound is float32, (n,) at 16 kHz, full scale 1.0; levels are dBFS of the mean square while it sounds
(a simple form of ITU-T P.56's active speech level). Rendered sentences are kept in the user's cache
folder, by voice and words.
"""

import hashlib
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from platformdirs import user_cache_path

from assistant.audio.device import RATE_IN, Samples
from assistant.speaking.piper_voice import PiperVoice
from benchmarks.hearing.sentences import SHARED

FOLDER = user_cache_path("massage-assistant") / "bench" / "hearing-2"
"""To be renamed when the same words should give other sounds than before."""
LEVEL = -26.0
"""Of the user's speech at the microphone."""
FLITE = ("slt", "rms", "awb")
PIPER = {"piper slow": (1.0, 1.0), "piper": (1.3, 1.15), "piper fast": (1.6, 0.9)}
"""Rate and pitch: three speeds, and three speakers, since the unchanged one is the coach."""
VOICES = (*FLITE, *PIPER)
COACH = "coach"

_ACTIVE_DB = 25.0
"""Frames this far below the loudest count as speech when a level is measured,"""
_SOUNDING_DB = 35.0
"""and this far when its end is: a last "s" is quiet."""
_FRAME = RATE_IN // 100
_VOLUME, _DIRECTIVITY, _METRES = 30.0, 2.0, 1.0
"""Of the room in cubic metres; of a mouth or a loudspeaker; from it to the microphone."""


def speech(voice: str, text: str) -> Samples:
    """Return `text` spoken in a dead room, at LEVEL."""
    name = hashlib.sha256(text.encode()).hexdigest()[:20]
    path = FOLDER / "clips" / voice.replace(" ", "-") / f"{name}.wav"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        samples = _flite(voice, text) if voice in FLITE else _piper(voice, text)
        write(path, at_level(samples, LEVEL))
    return read(path)


def read(path: Path) -> Samples:
    """Return a file's sound: (n,), or (n, channels) if there are several."""
    samples: Samples = soundfile.read(path, dtype="float32")[0]
    return samples


def write(path: Path, samples: Samples) -> None:
    """Write a file whole or not at all."""
    unfinished = path.with_suffix(".part")
    soundfile.write(unfinished, samples, RATE_IN, "PCM_16", format="WAV")
    unfinished.replace(path)


def to_pcm(samples: Samples) -> NDArray[np.int16]:
    """Round to 16 bits."""
    return np.clip(samples * 32_768, -32_768, 32_767).astype(np.int16)


def level(samples: Samples) -> float:
    """Return the level of `samples` while they sound."""
    power = _power(samples)
    active = power[power > power.max() * 10 ** (-_ACTIVE_DB / 10)]
    return float(10 * np.log10(active.mean()))


def at_level(samples: Samples, wanted: float) -> Samples:
    """Return `samples` made louder or quieter."""
    louder: Samples = samples * np.float32(10 ** ((wanted - level(samples)) / 20))
    return louder


def sounding(samples: Samples) -> tuple[float, float]:
    """Return the seconds at which the first sound begins and the last one ends."""
    power = _power(samples)
    frames = np.flatnonzero(power > power.max() * 10 ** (-_SOUNDING_DB / 10))
    return frames[0] * _FRAME / RATE_IN, (frames[-1] + 1) * _FRAME / RATE_IN


def impulse_response(random: np.random.Generator, delay: float = 0.0) -> Samples:
    """Return a room's answer to an impulse after `delay` seconds, of energy 1.

    The tail is noise that decays by 60 dB in 0.25 to 0.4 s; the direct sound stands above it as far
    as the critical distance of such a room says (0.057 sqrt(directivity volume / time), in metres).
    """
    decay = random.uniform(0.25, 0.4)
    time = np.arange(round(decay * RATE_IN)) / RATE_IN
    tail = random.standard_normal(len(time)) * 10 ** (-3 * time / decay)
    tail[: round(0.002 * RATE_IN)] = 0  # nothing is reflected sooner
    critical = 0.057 * np.sqrt(_DIRECTIVITY * _VOLUME / decay)
    tail /= np.sqrt(np.sum(tail**2)) * critical / _METRES
    tail[0] = 1
    tail /= np.sqrt(np.sum(tail**2))
    return np.pad(tail, (round(delay * RATE_IN), 0)).astype(np.float32)


def in_room(samples: Samples, response: Samples) -> Samples:
    """Return what is heard of `samples` in a room, for as long as they last."""
    size = 1 << (len(samples) + len(response)).bit_length()
    spectrum = np.fft.rfft(samples, size) * np.fft.rfft(response, size)
    heard: Samples = np.fft.irfft(spectrum, size)[: len(samples)].astype(np.float32)
    return heard


def noises() -> list[str]:
    """Return the names of the noises that are there."""
    return sorted(path.stem for path in (SHARED / "audio" / "noise").glob("*.wav"))


@cache
def noise(name: str) -> Samples:
    """Return a noise from ../shared, at its recorded level."""
    return read(SHARED / "audio" / "noise" / f"{name}.wav")


def _power(samples: Samples) -> Samples:
    """Return the mean square of each 10 ms, (frames,)."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    power: Samples = np.mean(frames**2, axis=1)
    return power


def _flite(voice: str, text: str) -> Samples:
    path = FOLDER / "flite.wav"
    subprocess.run(["flite", "-voice", voice, "-t", text, "-o", path], check=True, timeout=60)
    samples, rate = soundfile.read(path, dtype="float32")
    path.unlink()
    return np.asarray(soxr.resample(samples, rate, RATE_IN), np.float32)


def _piper(voice: str, text: str) -> Samples:
    rate, pitch = PIPER.get(voice, (1.0, 1.0))
    samples = _piper_voice(pitch).render(text, rate).samples
    return np.asarray(soxr.resample(samples, 48_000, RATE_IN), np.float32)


@cache
def _piper_voice(pitch: float) -> PiperVoice:
    return PiperVoice(pitch=pitch)
