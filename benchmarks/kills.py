"""What a killed conversation leaves behind: each signal at many random moments; prints a table.

How: `massage chat` is started with folders of its own, a massage is asked for, and the user moves
on, step by step, until the signal comes. The moments are spread evenly from the start of the
process, when it is still being loaded, to the middle of the massage. Then its files are examined.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from assistant.history.user_store import UserStore
from assistant.library.shipped import load_health

SIGNALS = ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP")
BEGIN = "skip the questions\nglow\nskip the questions\nready\n"
NEXT_SECONDS, STEPS = 1.5, 5
"""How often the user moves on, and how many steps, which is fewer than the massage has."""
LATEST_SECONDS = 12.0
PATIENCE_SECONDS = 30.0
OURS = {"place.json", "profile.json", "pace.json"}


@dataclass(frozen=True)
class Left:
    """What one killed conversation left."""

    status: int
    seconds: float
    """From the signal to the end of the process."""
    under_way: bool
    steps_behind: int | None
    """How far the kept place is behind the last step that was announced; None if none is kept."""
    damaged: bool
    leftovers: int
    traceback: bool


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("signals", nargs="*", default=SIGNALS, help=f"{', '.join(SIGNALS)}; all")
    parser.add_argument("--times", type=int, default=50, help="for each signal (50)")
    parser.add_argument("--seed", default="1", help="other moments")
    options = parser.parse_args()
    for name in ("SIGINT", "SIGHUP"):  # in the background they are ignored, also by children
        signal.signal(signal.Signals[name], signal.SIG_DFL)
    print("| signal | under way | place kept | steps behind | files damaged | leftovers |", end="")
    print(" tracebacks | exit status | time to end: median, most |")
    print("| --- " * 9 + "|")
    for name in options.signals:
        random = Random(f"{options.seed} {name}")
        moments = [random.uniform(0, LATEST_SECONDS) for _ in range(options.times)]
        with ThreadPoolExecutor(2) as pool:
            killed = list(pool.map(kill, [signal.Signals[name]] * len(moments), moments))
        print(row(name, killed), flush=True)


def row(name: str, killed: Sequence[Left]) -> str:
    """Return the row of one signal."""
    under_way = [left for left in killed if left.under_way]
    kept = [left.steps_behind for left in under_way if left.steps_behind is not None]
    statuses = Counter(left.status for left in killed)
    seconds = [left.seconds for left in killed]
    cells = (
        name,
        f"{len(under_way)} of {len(killed)}",
        f"{len(kept)} of {len(under_way)}",
        f"{max(kept, default=0)} at most",
        sum(left.damaged for left in killed),
        sum(left.leftovers for left in killed),
        sum(left.traceback for left in killed),
        ", ".join(f"{status} ({count})" for status, count in statuses.most_common()),
        f"{median(seconds):.2f} s, {max(seconds):.2f} s",
    )
    return f"| {' | '.join(map(str, cells))} |"


def kill(number: signal.Signals, moment: float) -> Left:
    """Hold a conversation, send the signal after `moment` seconds, and look at what is left."""
    root = Path(tempfile.mkdtemp(prefix="kills-"))
    folders = {f"XDG_{kind}_HOME": str(root / kind) for kind in ("DATA", "CONFIG", "CACHE")}
    (root / "TMP").mkdir()
    with (root / "err").open("w") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant", "chat", "--transcript", str(root / "t.jsonl")],
            stdin=subprocess.PIPE,
            stderr=err,
            text=True,
            bufsize=1,
            env={**os.environ, **folders, "TMPDIR": str(root / "TMP")},
        )
        _talk(process, moment)
        sent = time.monotonic()
        process.send_signal(number)
        status = process.wait(PATIENCE_SECONDS)
        seconds = time.monotonic() - sent
    assert process.stdin
    process.stdin.close()
    left = _left(root, status, seconds)
    shutil.rmtree(root)
    return left


def _talk(process: "subprocess.Popen[str]", moment: float) -> None:
    """Type what begins the massage, then move on every now and then, for `moment` seconds."""
    begun = time.monotonic()
    typed = process.stdin
    assert typed
    typed.write(BEGIN)
    for _ in range(STEPS):
        remaining = moment - (time.monotonic() - begun)
        if not _runs_on(process, min(remaining, NEXT_SECONDS)):
            return
        if remaining > NEXT_SECONDS:
            typed.write("next\n")
    _runs_on(process, moment - (time.monotonic() - begun))


def _runs_on(process: "subprocess.Popen[str]", seconds: float) -> bool:
    """Wait; return whether the process still runs."""
    try:
        process.wait(max(0.0, seconds))
    except subprocess.TimeoutExpired:
        return True
    return False


def _left(root: Path, status: int, seconds: float) -> Left:
    data = root / "DATA" / "massage-assistant"
    transcript = root / "t.jsonl"
    text = transcript.read_text("utf-8") if transcript.exists() else ""
    entries, damaged = _entries(text)
    names = {path.name for path in data.iterdir()} if data.exists() else set()
    leftovers = len(names - OURS) + len(list((root / "TMP").iterdir()))
    place = UserStore(data, load_health()).place()
    damaged = damaged or (place is None and "place.json" in names)
    said = (root / "err").read_text("utf-8")
    if "Traceback" in said:
        print(said, file=sys.stderr)
    steps = [entry["step"] for entry in entries if "title" in entry]
    return Left(
        status,
        seconds,
        under_way=bool(steps),
        steps_behind=None if place is None or not steps else steps[-1] - 1 - place.step,
        damaged=damaged,
        leftovers=leftovers,
        traceback="Traceback" in said,
    )


def _entries(text: str) -> tuple[list[dict[str, Any]], bool]:
    """Return the entries of a transcript, and whether one of them is not whole."""
    try:
        return [json.loads(line) for line in text.splitlines()], False
    except ValueError:
        return [], True


if __name__ == "__main__":
    main()
