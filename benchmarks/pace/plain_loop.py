"""The first thing that comes to mind: say, wait, play a sound, sleep. A separate program.

Reads a JSON object from standard input: `items`, each {"say": text} or {"count", "tempo", "lead"};
`stroke`, the sound file of a stroke; `again`, the index of the item whose sentence is said again at
the end and cut after one second; and `answer`, the file to write one JSON object to: `played`,
[item, moment] pairs on the clock of `time.monotonic`; `cut`, the moment at which `stop()` was
called; and `kib`, its peak resident memory.
"""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks.pace.memory import peak_kib

VOICE, WORDS_PER_MINUTE = "gmw/en-us", 130
"""The same as the coach's."""
CUT_AFTER, LONGEST_SENTENCE = 1.0, 12.0
"""Seconds."""


def main() -> None:
    """Play the job and write the answer."""
    import pyttsx3

    job = json.load(sys.stdin)
    engine = pyttsx3.init()
    engine.setProperty("voice", VOICE)
    engine.setProperty("rate", WORDS_PER_MINUTE)
    answer = {"played": _played(engine, job), "kib": peak_kib()}
    _cut(engine, job["items"][job["again"]]["say"], answer, Path(job["answer"]))


def _played(engine: Any, job: dict[str, Any]) -> list[tuple[int, float]]:
    played = []
    for number, item in enumerate(job["items"]):
        if "say" in item:
            played.append((number, time.monotonic()))
            engine.say(item["say"])
            engine.runAndWait()
            continue
        time.sleep(item["lead"])
        for _ in range(item["count"]):
            played.append((number, time.monotonic()))
            subprocess.Popen(["paplay", job["stroke"]])
            time.sleep(item["tempo"])
    return played


def _cut(engine: Any, text: str, answer: dict[str, Any], file: Path) -> None:
    """Cut a sentence, and exit once its whole length is over: the engine may hang."""

    def stop() -> None:
        answer["cut"] = time.monotonic()
        file.write_text(json.dumps(answer), "utf-8")
        engine.stop()

    leave = threading.Timer(LONGEST_SENTENCE, os._exit, [0])
    for timer in (threading.Timer(CUT_AFTER, stop), leave):
        timer.daemon = True
        timer.start()
    engine.say(text)
    engine.runAndWait()
    leave.join()


if __name__ == "__main__":
    main()
