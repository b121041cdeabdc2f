"""How well the coach's voice is removed: our canceller and SpeexDSP's on the same audio.

The coach's voice goes through rooms like those of the hearing benchmark, there is the microphone's
own noise, and somebody talks over it. What is left of the echo is known to the sample, as is the
user's voice. SpeexDSP is used where the system has it (libspeexdsp), with as long a filter as ours.
"""

import ctypes
import time
from collections.abc import Callable, Iterator, Sequence
from ctypes.util import find_library
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import soxr

from assistant.audio.device import BLOCK_IN, BLOCK_OUT, RATE_IN, RATE_OUT, Samples
from assistant.echo.canceller import EchoCanceller
from assistant.echo.path import PARTITIONS
from assistant.echo.reference import Reference
from benchmarks.hearing import sentences, sounds

ROOMS = 4
SHORT_SECONDS, LONG_SECONDS = 16, 600
TALK_FROM, TALK_PAUSE = 5.0, 1.5
"""Seconds: when the user begins to speak, and of silence between two sentences."""
COMMANDS = ("pause", "how hard should i press", "slower", "next step")
NOISE = 10 ** (-70 / 20)
SPEEX_SET_RATE = 24


class Canceller(Protocol):
    """What is measured."""

    def cancel(self, mic: Samples, played: Samples) -> Samples:
        """Return (320,) of the microphone without the echo of (960, 2) played."""
        ...


Make = Callable[[], Canceller]


class Speex:
    """SpeexDSP's canceller, without its residual suppressor."""

    def __init__(self, library: str) -> None:
        self._speex = ctypes.CDLL(library)
        self._speex.speex_echo_state_init.restype = ctypes.c_void_p
        self._state = ctypes.c_void_p(
            self._speex.speex_echo_state_init(BLOCK_IN, PARTITIONS * BLOCK_IN)
        )
        rate = ctypes.c_int(RATE_IN)
        self._speex.speex_echo_ctl(self._state, SPEEX_SET_RATE, ctypes.byref(rate))
        self._reference = Reference()

    def cancel(self, mic: Samples, played: Samples) -> Samples:
        """Return (320,) of the microphone without the echo of (960, 2) played."""
        self._reference.take(played)
        heard, reference = sounds.to_pcm(mic), sounds.to_pcm(self._reference.read())
        clean = np.empty(BLOCK_IN, np.int16)
        buffers = (ctypes.c_void_p(pcm.ctypes.data) for pcm in (heard, reference, clean))
        self._speex.speex_echo_cancellation(self._state, *buffers)
        return clean.astype(np.float32) / np.float32(32_768)


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything apart, at 16 kHz; `played` is (n, 2) at 48 kHz."""

    played: Samples
    echo: Samples
    user: Samples
    talks: tuple[slice, ...]

    def left(self, canceller: Canceller) -> Samples:
        """Return what is left of the echo, and what was done to the user."""
        noise = np.random.default_rng(0).standard_normal(len(self.echo), np.float32) * NOISE
        mic = (self.echo + self.user + noise).reshape(-1, BLOCK_IN)
        played = self.played.reshape(-1, BLOCK_OUT, 2)
        clean = [canceller.cancel(*both) for both in zip(mic, played, strict=True)]
        return np.concatenate(clean) - self.user - noise


def scene(
    room: int,
    seconds: int = SHORT_SECONDS,
    delay: float = 0.1,
    drift: float = 0.0,
    user: float | None = None,
    echo: float = 0.0,
) -> Scene:
    """Return a scene; `drift` in millionths, `user` and `echo` in dB against speech at LEVEL."""
    random = np.random.default_rng(room)
    played = narration(room, seconds)
    heard = sounds.in_room(played, sounds.impulse_response(random, delay))
    if drift:
        slid = soxr.resample(heard.astype(np.float64), RATE_IN, RATE_IN * (1 + drift * 1e-6))
        heard = np.resize(slid, len(heard)).astype(np.float32)
    talk, talks = talked(room, len(played))
    if user is None:
        talk, talks = np.zeros_like(talk), ()
    else:
        talk = sounds.in_room(talk, sounds.impulse_response(random)) * np.float32(10 ** (user / 20))
    stereo = np.repeat(soxr.resample(played, RATE_IN, RATE_OUT)[:, np.newaxis], 2, axis=1)
    echoed = sounds.at_level(heard, sounds.LEVEL + echo) if np.isfinite(echo) else 0 * heard
    return Scene(stereo, echoed, talk, talks)


def narration(room: int, seconds: int) -> Samples:
    """Return the coach, speaking without a pause; each room hears other lines first."""
    lines = sentences.narration("both")
    parts: list[Samples] = []
    wanted = seconds * RATE_IN
    for number in range(len(lines)):
        parts.append(sounds.speech(sounds.COACH, lines[(number + 7 * room) % len(lines)]))
        if sum(map(len, parts)) >= wanted:
            break
    return np.resize(np.concatenate(parts), wanted)


def talked(room: int, length: int) -> tuple[Samples, tuple[slice, ...]]:
    """Return the user's sentences, one after the other, and where they are."""
    track, talks = np.zeros(length, np.float32), []
    at = round(TALK_FROM * RATE_IN)
    for text in COMMANDS:
        said = sounds.speech(sounds.VOICES[room % len(sounds.VOICES)], text)
        if at + len(said) > length:
            break
        track[at : at + len(said)] = said
        talks.append(slice(at, at + len(said)))
        at += len(said) + round(TALK_PAUSE * RATE_IN)
    return track, tuple(talks)


def level(samples: Samples) -> float:
    """Return the level in dBFS."""
    return float(10 * np.log10(np.mean(samples.astype(np.float64) ** 2) + 1e-14))


def attenuation(make: Make, scenes: Sequence[Scene], *spans: tuple[int, int]) -> str:
    """Return by how many dB the echo is weaker within spans of seconds, the mean over scenes."""
    found = []
    for one in scenes:
        left = one.left(make())
        parts = [slice(start * RATE_IN, end * RATE_IN) for start, end in spans]
        found.append([level(one.echo[part]) - level(left[part]) for part in parts])
    return ", ".join(f"{decibels:.0f}" for decibels in np.mean(found, axis=0)) + " dB"


def above(make: Make, scenes: Sequence[Scene]) -> str:
    """Return by how many dB the user stands above what is left and distorted: mean and worst."""
    found = []
    for one in scenes:
        left = one.left(make())
        found += [level(one.user[talk]) - level(left[talk]) for talk in one.talks]
    return f"{np.mean(found):.0f}, {min(found):.0f} dB"


def share(make: Make, heard: Scene) -> str:
    """Return the processor time for a second of sound."""
    begun = time.process_time()
    heard.left(make())
    return f"{(time.process_time() - begun) / SHORT_SECONDS:.3f}"


def rows(makes: Sequence[Make]) -> Iterator[list[str]]:
    """Yield the rows: what is measured, and a cell for each candidate."""
    quiet = [scene(room) for room in range(ROOMS)]
    spans = (0, 2), (2, 4), (4, 8), (8, 16)
    label = "attenuation in seconds 0 to 2, 2 to 4, 4 to 8, 8 to 16"
    yield [label, *(attenuation(make, quiet, *spans) for make in makes)]
    for delay in (0.001, 0.4):
        late = [scene(room, delay=delay) for room in range(ROOMS)]
        label = f"attenuation from 8 s on, echo after {delay * 1000:.0f} ms"
        yield [label, *(attenuation(make, late, (8, 16)) for make in makes)]
    for decibels in (0, -6):
        talked_over = [scene(room, user=decibels) for room in range(ROOMS)]
        label = f"user at {decibels:+d} dB above what is left: mean, worst"
        yield [label, *(above(make, talked_over) for make in makes)]
    alone = [scene(room, user=0, echo=-np.inf) for room in range(ROOMS)]
    yield ["headphones, user above what is added: mean, worst", *(above(m, alone) for m in makes)]
    yield ["processor share of real time", *(share(make, quiet[0]) for make in makes)]
    for drift in (100, -100):
        slid = [scene(0, LONG_SECONDS, drift=drift)]
        label = f"clocks {drift:+d} ppm, attenuation in minutes 2, 6, 10"
        minutes = (60, 120), (300, 360), (540, 600)
        yield [label, *(attenuation(make, slid, *minutes) for make in makes)]


def main() -> None:
    """Print the table."""
    candidates: dict[str, Make] = {"ours": EchoCanceller}
    library = find_library("speexdsp")
    if library:
        candidates["SpeexDSP"] = lambda: Speex(library)
    print("| " + " | ".join(["", *candidates]) + " |\n|" + " --- |" * (1 + len(candidates)))
    for cells in rows(list(candidates.values())):
        print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
