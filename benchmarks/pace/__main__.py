"""Measures how exactly the coach keeps time, against a plain loop; prints a Markdown table.

Measured are the error of each stroke, gaps after sentences, the silence after "pause", the time
from the start of the program to its first sound, memory, rendering time and loudness.

How: the coach and the plain loop (`pyttsx3.say`, `runAndWait` and `time.sleep`, with a sound for
each stroke) play the same part of the same routine at the same time on a virtual sound card
(PulseAudio). Each sound is then located in the recordings. Without PulseAudio those rows are left
out. Rendered speech goes into temporary folders. `--quick` plays less on the sound card.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np

from assistant.audio.device import RATE_OUT
from assistant.audio.loudness import loudness
from assistant.audio.wav_files import WavDevice, read_wav
from assistant.speaking.choose import choose_voices
from assistant.speaking.clip_cache import ClipCache
from assistant.speaking.piper_models import installed as piper_installed
from assistant.speaking.renderer import Renderer
from benchmarks.pace import scores, sound_path, sound_server
from benchmarks.pace.coach import Coach
from benchmarks.pace.scores import Timing

Row = tuple[str, str, str, str]
"""What was measured, the target, ours, the plain loop."""
SECONDS, QUICK_SECONDS = 80.0, 30.0
"""Seconds of the routine that are played on the sound card."""
NOT_MEASURED = ""


class Bench:
    """Produces the rows; `parts` has them by the names that `--only` accepts."""

    def __init__(self, folder: Path, seconds: float) -> None:
        self._folder, self._seconds = folder, seconds
        self._voices = ["piper"] * piper_installed() + ["pyttsx3"]
        self.parts: dict[str, Callable[[], Iterator[Row]]] = {
            "render": self._render,
            "files": self._files,
            "start": self._start,
            "idle": lambda: self._sound_path(load=False),
            "load": lambda: self._sound_path(load=True),
        }

    def _render(self) -> Iterator[Row]:
        texts = scores.texts(scores.plan().steps)
        for voice in self._voices:
            os.environ["XDG_CACHE_HOME"] = str(self._folder / f"rendered {voice}")
            renderer = Renderer(choose_voices(voice)[:1], ClipCache())
            begun = time.perf_counter()
            clips = [renderer.wait(text).samples for text in texts]
            taken = time.perf_counter() - begun
            renderer.close()
            heard = [clip for clip in clips if clip is not None]
            sound = np.concatenate(heard)
            length = len(sound) / RATE_OUT
            target = "60 s" if voice == "piper" else NOT_MEASURED
            what = f"{len(texts)} sentences and words of it ({length:.0f} s) rendered, {voice}"
            yield what, target, f"{taken:.1f} s", NOT_MEASURED
            peak = 20 * np.log10(np.abs(sound).max())
            each = [loudness(clip) for clip in heard if len(clip) > RATE_OUT]
            level = (
                f"{loudness(sound):.1f} LUFS ({min(each):.1f} to {max(each):.1f}), {peak:.1f} dB"
            )
            yield (
                f"loudness, and each sentence's; peak, {voice}",
                "-20 LUFS, -3 dB",
                level,
                NOT_MEASURED,
            )

    def _files(self) -> Iterator[Row]:
        os.environ["XDG_CACHE_HOME"] = str(self._folder / f"rendered {self._voices[-1]}")
        path = self._folder / "speaker.wav"
        plan = scores.plan()
        coach = Coach(plan, WavDevice(None, path), self._voices[-1])
        coach.begin(0)
        begun = time.perf_counter()
        coach.run(lambda: False)
        taken = time.perf_counter() - begun
        coach.session.close()
        sound = read_wav(path, RATE_OUT)
        found = scores.locate(coach.mixer.played, sound, 0.0)
        kept = scores.timing(coach.mixer.played, found)
        length = f"{len(sound) / RATE_OUT:.0f} s, {len(kept.errors)} strokes"
        yield from _timing_rows(f"files ({length}, played in {taken:.0f} s)", "1 ms", kept, None)
        yield self._cut_on_files(path)

    def _cut_on_files(self, path: Path) -> Row:
        coach = Coach(scores.plan(), WavDevice(None, path), self._voices[-1])
        coach.begin(0)
        played, cut = coach.pause_in_a_sentence(lambda: coach.session.seconds)
        end = coach.session.seconds + 2.0
        while coach.session.seconds < end:
            coach.session.step()
        coach.session.close()
        sound = read_wav(path, RATE_OUT)
        begun = scores.locate(played, sound, 0.0)[-1]
        silent = scores.heard_after(cut, played[-1].shape, begun, sound)
        return "silent after a command, files", "250 ms", _ms(silent), NOT_MEASURED

    def _start(self) -> Iterator[Row]:
        if not sound_server.installed():
            return
        with self._server() as env:
            for voice in self._voices:
                cache = self._folder / f"started {voice}"
                for state, target in (("cold", "4 s"), ("warm", "1.5 s")):
                    ours = _s(sound_path.first_sound(env, cache, voice))
                    plain = NOT_MEASURED
                    if voice == "pyttsx3":
                        plain = _s(sound_path.first_sound_of_plain(env, "Welcome."))
                    yield f"first sound after start, {state} cache, {voice}", target, ours, plain

    def _sound_path(self, *, load: bool) -> Iterator[Row]:
        voice = self._voices[0] if load else self._voices[-1]
        if not sound_server.installed():
            return
        name = "sound card, cores busy" if load else "sound card"
        with self._server() as env:
            folder = self._folder / ("load" if load else "idle")
            ours, plain = sound_path.perform(env, folder, self._seconds, voice, load=load)
        strokes = f"{len(ours.timing.errors)} and {len(plain.timing.errors)} strokes"
        where = f"{name} ({self._seconds:.0f} s, {strokes}, {ours.voice})"
        yield from _timing_rows(where, "20 ms", ours.timing, plain.timing)
        silent, silent_plain = _ms(ours.silent_after), _ms(plain.silent_after)
        yield f"silent after a command, {name}", "250 ms", silent, silent_plain
        hearing = "with hearing" if ours.hearing else "without hearing: no speech model"
        mine, its = (f"{heard.mib:.0f} MB" for heard in (ours, plain))
        limit = "400 MB" if ours.voice == "piper" else "250 MB"
        yield f"resident memory, {ours.voice}, {hearing}", limit, mine, its

    def _server(self) -> AbstractContextManager[dict[str, str]]:
        return sound_server.server(Path(tempfile.mkdtemp(dir=self._folder)))


def _timing_rows(where: str, target: str, ours: Timing, plain: Timing | None) -> Iterator[Row]:
    both = [_timing_cells(kept) for kept in (ours, plain) if kept]
    rows = zip(
        (
            "stroke error: median, 99th percentile",
            "the last stroke late",
            "gap after a clip too long",
        ),
        (target, "0", "20 ms"),
        *both,
        strict=True,
    )
    for what, wanted, *cells in rows:
        yield f"{what}; {where}", wanted, cells[0], cells[1] if plain else NOT_MEASURED


def _timing_cells(kept: Timing) -> tuple[str, str, str]:
    size = np.abs(kept.errors)
    error = f"{_ms(np.median(size))}, {_ms(np.percentile(size, 99))}"
    if kept.missed:
        error += f" ({kept.missed} sounds not found)"
    gaps = np.abs(kept.gaps)
    return error, _ms(kept.drift), f"{_ms(np.median(gaps))}, at most {_ms(gaps.max())}"


def _ms(seconds: float | None) -> str:
    return "not heard" if seconds is None else f"{abs(1000 * seconds):.1f} ms"


def _s(seconds: float | None) -> str:
    return "not heard" if seconds is None else f"{seconds:.2f} s"


def main() -> None:
    """Print each row as soon as it is measured."""
    with tempfile.TemporaryDirectory() as folder:
        names = list(Bench(Path(folder), SECONDS).parts)
        parser = argparse.ArgumentParser("script/bench pace", description=__doc__)
        parser.add_argument("--only", nargs="+", choices=names, default=names)
        parser.add_argument("--quick", action="store_true")
        options = parser.parse_args()
        bench = Bench(Path(folder), QUICK_SECONDS if options.quick else SECONDS)
        print("| what | target | ours | plain loop |\n| --- | --- | --- | --- |")
        for name in options.only:
            for row in bench.parts[name]():
                print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
