"""Runs both players on the virtual sound card at the same time and measures the recordings."""

import json
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import soundfile

from assistant.audio.device import RATE_OUT, Samples
from assistant.audio.earcons import earcon
from assistant.audio.wav_files import read_wav
from assistant.routine.plan import SpokenLine, Strokes
from assistant.speaking.pyttsx3_voice import WORKER
from benchmarks.pace import plain_loop
from benchmarks.pace.coach import Performance
from benchmarks.pace.scores import (
    PlayedSound,
    Timing,
    heard_after,
    locate,
    loud_after,
    part,
    plan,
    timing,
)
from benchmarks.pace.sound_server import Recording, on

FIRST_STEP = 6
"""A step with one stroke per second after a short explanation."""
START_WITHIN = 60.0
"""Seconds that may pass for starting and for the last sentence, in addition to the part played."""
FIRST_SOUND_LEVEL = 10 ** (-50 / 20)
KIB = 1024
_SPIN = "while True: pass"


@dataclass(frozen=True, slots=True)
class Measured:
    """What the recording says about one player."""

    timing: Timing
    silent_after: float | None
    """Seconds from the decision to cut a sentence to its last sound."""
    mib: float
    voice: str
    hearing: bool = False


@contextmanager
def busy(wanted: bool) -> Iterator[None]:
    """Keep every core busy."""
    with ExitStack() as stack:
        for _ in range((os.cpu_count() or 1) if wanted else 0):
            spinning = stack.enter_context(subprocess.Popen([sys.executable, "-c", _SPIN]))
            stack.callback(spinning.kill)
        yield


def perform(
    env: dict[str, str], folder: Path, seconds: float, voice: str, *, load: bool
) -> tuple[Measured, Measured]:
    """Play the same part of the routine with the coach and with the plain loop."""
    folder.mkdir()
    items = part(plan(), FIRST_STEP, seconds)
    with ExitStack() as stack:
        recordings = [stack.enter_context(Recording(env, sink)) for sink in ("ours", "plain")]
        stack.enter_context(busy(load))
        command = [sys.executable, "-m", "benchmarks.pace.ours"]
        command += [str(FIRST_STEP), str(seconds), voice, str(folder / "ours")]
        mine = on(env, "ours") | {"XDG_CACHE_HOME": str(folder)}
        ours = stack.enter_context(subprocess.Popen(command, env=mine))
        stack.callback(ours.kill)
        plain = stack.enter_context(_plain(on(env, "plain"), folder, items))
        stack.callback(plain.kill)
        for player in (ours, plain):
            if player.wait(seconds * 1.5 + START_WITHIN):
                raise RuntimeError(f"{player.args!r} failed")
        time.sleep(0.3)
        sounds = [recording.stop() for recording in recordings]
    performance: Performance = pickle.loads((folder / "ours").read_bytes())
    offset = recordings[0].begun - performance.begun
    found = locate(performance.played, sounds[0], offset)
    cut = performance.cut - recordings[0].begun
    return (
        Measured(
            timing(performance.played, found),
            heard_after(cut, performance.played[-1].shape, found[-1], sounds[0]),
            performance.kib / KIB,
            performance.voice,
            performance.hearing,
        ),
        _measure_plain(folder, items, sounds[1], recordings[1].begun),
    )


def first_sound(env: dict[str, str], cache: Path, voice: str) -> float | None:
    """Start the whole program; return the seconds until its first sound, None if there is none."""
    command = [sys.executable, "-m", "assistant", "--voice", voice]
    mine = on(env, "ours") | {"XDG_CACHE_HOME": str(cache)}
    return _first_sound(mine, "ours", command)


def first_sound_of_plain(env: dict[str, str], text: str) -> float | None:
    """Start a program that says only `text`; return the seconds until its first sound."""
    say = f"import pyttsx3; e = pyttsx3.init(); e.say({text!r}); e.runAndWait()"
    return _first_sound(on(env, "plain"), "plain", [sys.executable, "-c", say])


def _first_sound(env: dict[str, str], sink: str, command: list[str]) -> float | None:
    quiet = subprocess.DEVNULL
    with Recording(env, sink) as recording, ExitStack() as stack:
        time.sleep(0.5)  # the recorder takes a moment to start
        begun = time.monotonic()
        running = stack.enter_context(
            subprocess.Popen(command, env=env, stdin=quiet, stdout=quiet, stderr=quiet)
        )
        stack.callback(running.kill)
        heard = recording.first_sound(begun, FIRST_SOUND_LEVEL, within=START_WITHIN)
    return None if heard is None else heard - begun


def _plain(
    env: dict[str, str], folder: Path, items: list[SpokenLine | Strokes]
) -> subprocess.Popen[bytes]:
    """Start the plain loop."""
    _render(folder, items)
    stroke = folder / "stroke.wav"
    soundfile.write(stroke, earcon("stroke"), RATE_OUT)
    job = {
        "items": [_as_job(item) for item in items],
        "stroke": str(stroke),
        "answer": str(folder / "answer.json"),
        "again": _longest(items),
    }
    command = [sys.executable, "-m", "benchmarks.pace.plain_loop"]
    process = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert process.stdin is not None
    process.stdin.write(json.dumps(job).encode())
    process.stdin.close()
    return process


def _render(folder: Path, items: list[SpokenLine | Strokes]) -> None:
    """Write what the plain loop will say into files, to know what to look for in its recording.

    Done in another process: a pyttsx3 engine that has written a file does not play any more.
    """
    asked = [
        json.dumps(
            {
                "say": item.text,
                "voice": plain_loop.VOICE,
                "wpm": plain_loop.WORDS_PER_MINUTE,
                "file": str(folder / f"{number}.wav"),
            }
        )
        for number, item in enumerate(items)
        if isinstance(item, SpokenLine)
    ]
    command = [sys.executable, "-P", str(WORKER)]
    quiet = subprocess.DEVNULL
    subprocess.run(
        command, input="\n".join(asked), text=True, stdout=quiet, stderr=quiet, check=True
    )


def _as_job(item: SpokenLine | Strokes) -> dict[str, object]:
    if isinstance(item, SpokenLine):
        return {"say": item.text}
    return {"count": item.count, "tempo": item.tempo, "lead": item.lead}


def _longest(items: list[SpokenLine | Strokes]) -> int:
    lengths = [item.seconds if isinstance(item, SpokenLine) else 0.0 for item in items]
    return lengths.index(max(lengths))


def _measure_plain(
    folder: Path, items: list[SpokenLine | Strokes], sound: Samples, begun: float
) -> Measured:
    answer = json.loads((folder / "answer.json").read_text("utf-8"))
    moments: dict[int, list[float]] = {}
    for number, moment in answer["played"]:
        moments.setdefault(number, []).append(moment)
    played, ideal = [], 0.0
    stroke = earcon("stroke").mean(axis=1)
    for number, item in enumerate(items):
        if isinstance(item, SpokenLine):
            shape = read_wav(folder / f"{number}.wav", RATE_OUT)
            played.append(PlayedSound("clip", moments[number][0], ideal, shape))
            ideal += len(shape) / RATE_OUT
            continue
        for k, at in enumerate(moments[number]):
            played.append(PlayedSound("stroke", at, ideal + item.lead + k * item.tempo, stroke))
        ideal += item.seconds
    found = locate(played, sound, begun)
    silent = loud_after(answer["cut"] - begun, sound)
    return Measured(timing(played, found), silent, answer["kib"] / KIB, "pyttsx3")
