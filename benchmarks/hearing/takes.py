"""Takes: recordings in which somebody says several things, or nothing that concerns the coach.

A take is mixed once and kept next to its clips, under a hash of all that went into it.
Every random choice (room, gaps, place in the noise) is seeded by that hash: the same corpus on
every machine that has the same voices.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import TypeVar

import numpy as np

from assistant.audio.device import RATE_IN, Samples
from benchmarks.hearing import sounds
from benchmarks.hearing.sentences import GENERAL_STATE, Sentence, chance

TOGETHER = 6
"""Sentences in one take."""
LEAD_SECONDS = 1.0
LEARNING_SECONDS = 4.0
"""Before the first sentence; where the coach speaks, a canceller has to learn the room first."""
GAP_SECONDS = (2.0, 2.6)
"""Between sentences: every system should have decided by then, the last ones after 1.5 s."""
SHORT_GAP_SECONDS = (0.8, 1.4)
"""Where nothing should be decided."""
FLOOR = -70.0
"""Of the microphone's own noise."""
ECHO_DELAY = (0.04, 0.16)
"""Seconds from handing a sound out to hearing it."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence in a take, and where it sounds, in seconds."""

    text: str
    intents: tuple[str, ...]
    """None at all: nothing may be decided."""
    voice: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Take:
    """A recording of the microphone; with `echo`, a second channel holds what was played."""

    path: Path
    state: str
    said: tuple[Said, ...]
    seconds: float
    """Of what it is about: speech, narration or noise, without the silence around."""
    echo: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """Where something is said."""

    name: str
    tap: float | None = None
    """Speech to running water, in decibels; None: no water."""
    over_coach: float | None = None
    """Speech to the echo of the coach's voice, in decibels; None: the coach is silent."""


def spoken(
    sentences: Iterable[Sentence],
    setting: Setting,
    narration: Sequence[str] = (),
    voices: Sequence[str] = sounds.VOICES,
) -> list[Take]:
    """Return takes of `sentences`; one voice and one state in each."""
    speakers = cycle(voices)
    ordered = sorted(sentences, key=lambda s: chance(setting.name, s.state, s.text))
    return [
        _take(state, next(speakers), together, setting, narration)
        for state in sorted({sentence.state for sentence in ordered})
        for together in _batched([s for s in ordered if s.state == state], TOGETHER)
    ]


def foreign(texts: Sequence[str], voices: Sequence[str] = sounds.VOICES) -> list[Take]:
    """Return takes of sentences by which nothing is meant."""
    meant = [Sentence(GENERAL_STATE, text, ()) for text in texts]
    return spoken(meant, Setting("foreign"), voices=voices)


def recorded(clips: Sequence[tuple[Sentence, Path]]) -> list[Take]:
    """Return takes of real people's words, several in each; their rooms are their own."""
    ordered = sorted(clips, key=lambda clip: chance("recorded", clip[1].name))
    return [
        _recorded(state, together)
        for state in sorted({sentence.state for sentence, _ in clips})
        for together in _batched([c for c in ordered if c[0].state == state], TOGETHER)
    ]


def own_voice(narration: Sequence[str], gain: float, together: int = 12) -> list[Take]:
    """Return takes in which only the coach speaks; its echo has `gain` decibels."""
    ordered = sorted(narration, key=lambda line: chance(gain, line))
    return [_own_voice(lines, gain) for lines in _batched(ordered, together)]


def noise_alone(tap: float) -> list[Take]:
    """Return takes of all noises, as loud as they are under speech at `tap` decibels."""
    return [_noise(name, sounds.LEVEL - tap) for name in sounds.noises()]


def _recorded(state: str, clips: Sequence[tuple[Sentence, Path]]) -> Take:
    key = _key("recorded", [path.name for _, path in clips])
    random = _random(key)
    parts = [sounds.at_level(sounds.read(path), sounds.LEVEL) for _, path in clips]
    voices = [path.stem for _, path in clips]
    track, said = _laid_out([s for s, _ in clips], voices, parts, LEAD_SECONDS, random)
    path = _kept(key, lambda: track + _floor(len(track), random))
    return Take(path, state, said, sum(map(len, parts)) / RATE_IN)


def _own_voice(lines: Sequence[str], gain: float) -> Take:
    key = _key("own voice", gain, lines)
    random = _random(key)
    played = _narrated(lines, None)

    def mixed() -> Samples:
        echo = _echo(played, random) * np.float32(10 ** (gain / 20))
        return np.stack([echo + _floor(len(played), random), played], axis=1)

    return Take(_kept(key, mixed), GENERAL_STATE, (), len(played) / RATE_IN, echo=True)


def _noise(name: str, level: float) -> Take:
    samples = sounds.noise(name)
    path = _kept(_key("noise", name, level), lambda: sounds.at_level(samples, level))
    return Take(path, GENERAL_STATE, (), len(samples) / RATE_IN)


def _take(
    state: str,
    voice: str,
    sentences: Sequence[Sentence],
    setting: Setting,
    narration: Sequence[str],
) -> Take:
    texts = [sentence.text for sentence in sentences]
    over = setting.over_coach is not None
    key = _key("spoken", setting.name, setting.tap, setting.over_coach, voice, texts, narration)
    random = _random(key)
    parts = [sounds.speech(voice, text) for text in texts]
    lead = LEARNING_SECONDS if over else LEAD_SECONDS
    track, said = _laid_out(sentences, [voice] * len(parts), parts, lead, random)

    def mixed() -> Samples:
        heard = sounds.in_room(track, sounds.impulse_response(random)) + _floor(len(track), random)
        if setting.tap is not None:
            heard += _tap(len(track), sounds.LEVEL - setting.tap, random)
        if setting.over_coach is None:
            return heard
        lines = sorted(narration, key=lambda line: chance(key, line))
        played = _narrated(lines, len(track))
        echo = sounds.at_level(_echo(played, random), sounds.LEVEL - setting.over_coach)
        return np.stack([heard + echo, played], axis=1)

    seconds = sum(one.end - one.start for one in said)
    return Take(_kept(key, mixed), state, said, seconds, echo=over)


def _laid_out(
    sentences: Sequence[Sentence],
    voices: Sequence[str],
    parts: Sequence[Samples],
    lead: float,
    random: np.random.Generator,
) -> tuple[Samples, tuple[Said, ...]]:
    """Put the sentences one after the other; return the dry track and what is said where."""
    track = [np.zeros(round(lead * RATE_IN), np.float32)]
    said = []
    for sentence, voice, part in zip(sentences, voices, parts, strict=True):
        at = sum(map(len, track)) / RATE_IN
        start, end = sounds.sounding(part)
        said.append(Said(sentence.text, sentence.intents, voice, at + start, at + end))
        bounds = GAP_SECONDS if sentence.intents else SHORT_GAP_SECONDS
        gap = np.zeros(round(random.uniform(*bounds) * RATE_IN), np.float32)
        track += [part, gap]
    return np.concatenate(track), tuple(said)


def _narrated(lines: Sequence[str], length: int | None) -> Samples:
    """Return the coach's lines, one after the other, for `length` samples (None: all of them)."""
    gap = np.zeros(round(0.3 * RATE_IN), np.float32)
    parts: list[Samples] = []
    for line in lines:
        parts += [sounds.speech(sounds.COACH, line), gap]
        if length is not None and sum(map(len, parts)) >= length:
            break
    return np.concatenate(parts)[:length]


def _echo(played: Samples, random: np.random.Generator) -> Samples:
    response = sounds.impulse_response(random, random.uniform(*ECHO_DELAY))
    return sounds.in_room(played, response)


def _tap(length: int, level: float, random: np.random.Generator) -> Samples:
    tap = sounds.noise("running_tap")
    rolled = np.roll(tap, -int(random.integers(len(tap))))
    return sounds.at_level(np.resize(rolled, length), level)


def _floor(length: int, random: np.random.Generator) -> Samples:
    return random.standard_normal(length, np.float32) * np.float32(10 ** (FLOOR / 20))


def _batched(things: Sequence[_T], together: int) -> Iterator[Sequence[_T]]:
    return (things[at : at + together] for at in range(0, len(things), together))


def _key(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:20]


def _random(key: str) -> np.random.Generator:
    return np.random.default_rng(int(key, 16))


def _kept(key: str, mixed: Callable[[], Samples]) -> Path:
    """Return the file of a take, mixed if it is not there yet."""
    path = sounds.FOLDER / "takes" / f"{key}.wav"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        sounds.write(path, np.clip(mixed(), -1, 1))
    return path
