"""Measures whether memory grows while somebody talks without end; prints a Markdown table.

How: in one session, as fast as the processor allows, a simulated user never stops talking over the
coach in a room that echoes: commands, other talk, and sentences without a pause in between. A row
is printed for every few minutes of it. The recognizers expand their graphs as they hear new words,
up to a limit of their own, so memory grows a little in the first minutes. After that it must not.
"""

import argparse
import itertools
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soxr

from assistant.audio.clip import Clip
from assistant.audio.device import BLOCK_SECONDS, RATE_IN, RATE_OUT
from assistant.config import Settings
from assistant.rehearsal.acoustics import Acoustics
from assistant.rehearsal.room import Room
from assistant.rehearsal.script import read_script
from assistant.rehearsal.stage import Stage
from assistant.screen.plain import NoScreen
from benchmarks.hearing import sounds

SCRIPT = Path(__file__).parent.parent / "tests/dialogues/moving/a-whole-massage.dialogue"
"""Only its header is used, to set the session up."""
VOICES = ("slt", "rms")
TALK = (
    "puffy eyes",
    "ready",
    "my sister bought a new car last week and she drives it to work every day",
    "slower",
    "how much time is left",
    "did you hear what the neighbours did with their garden",
    "repeat",
    "pause",
    "the train was late again so we walked all the way home in the rain",
    "continue",
    "how hard should i press",
    "skip this step",
    "faster",
)
NO_PAUSE = 0.05
PAUSES = (0.3, NO_PAUSE, 1.0, NO_PAUSE, NO_PAUSE)
"""Seconds between two sentences."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description="Resident memory while somebody talks without end."
    )
    parser.add_argument("--minutes", type=int, default=30, help="of talk")
    parser.add_argument("--every", type=int, default=5, help="minutes between two rows")
    options = parser.parse_args()
    print("| after | resident | utterances so far | processor share |")
    print("| --- | --- | --- | --- |")
    for row in rows(options.minutes, options.every):
        print(row, flush=True)


def rows(minutes: int, every: int) -> Iterator[str]:
    """Yield a row for every `every` minutes of one session."""
    stage = Stage(Settings(voice="pyttsx3"), by_voice=True)
    room = Room(True, Acoustics())
    session = stage.session(read_script(SCRIPT), room, NoScreen())
    talk = _talk()
    session.start()
    for minute in range(0, minutes, every):
        begun = time.process_time()
        for _ in range(round(every * 60 / BLOCK_SECONDS)):
            if not room.user_speaking:
                room.speak(next(talk))
            session.step()
        share = (time.process_time() - begun) / (every * 60)
        heard = len(session.transcript.by_user)
        yield f"| {minute + every} min | {resident_megabytes():.0f} MB | {heard} | {share:.3f} |"
    session.close()


def resident_megabytes() -> float:
    """Return the resident memory of this process, in MB of 2^20 bytes (Linux only)."""
    status = Path("/proc/self/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _talk() -> Iterator[Clip]:
    """Yield sentences without end, each with the pause that follows it."""
    for voice, pause, text in zip(
        itertools.cycle(VOICES), itertools.cycle(PAUSES), itertools.cycle(TALK), strict=False
    ):
        spoken = soxr.resample(sounds.speech(voice, text), RATE_IN, RATE_OUT)
        samples = np.pad(spoken, (0, round(pause * RATE_OUT))).astype(np.float32)
        yield Clip(len(samples), samples)


if __name__ == "__main__":
    main()
