"""Measures how fast and how accurate a conversation is; prints a Markdown table.

Measured are the time of `massage list` as a whole process and of a massage by text (medians), and
how many commands are understood: spoken by synthetic voices, spoken by real people, and written.
A recording is right only if exactly its intent was heard in it. The time to decide runs from the
end of the last word, by the recognizer's own word times. Recordings and phrases in ../shared, next
to the checkout, are used if they are there.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import soundfile
import yaml

from assistant.commands import hear
from assistant.config import Settings
from assistant.rehearsal.script import read_script
from assistant.rehearsal.stage import Stage

ROOT = Path(__file__).parent.parent
COMMANDS = yaml.safe_load((ROOT / "tests/hearing/commands.yaml").read_text("utf-8"))
SHARED = ROOT.parent / "shared"
RUNS = 5


def main() -> None:
    """Print each row as soon as it is measured."""
    print("| what | measured |\n| --- | --- |")
    for what, measured in rows():
        print(f"| {what} | {measured} |", flush=True)


def rows() -> Iterator[tuple[str, str]]:
    """Yield the rows."""
    yield "`massage list`, a whole process, median of 5", f"{listing():.2f} s"
    length, taken = typed_massage()
    yield f"a massage of {length:.0f} s by text, median of 5", f"{taken:.3f} s"
    latencies: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        for voice in ("slt", "rms", "piper"):
            right, count = spoken(voice, Path(folder), latencies)
            yield f"spoken commands understood, {voice}", f"{right} of {count}"
    if SHARED.is_dir():
        right, count = real_people(latencies)
        yield "`stop`, `yes`, `no` by 30 real people's clips", f"{right} of {count}"
    median, late = statistics.median(latencies), statistics.quantiles(latencies, n=20)[-1]
    yield (
        "decision after the last word, median and 95th percentile",
        f"{median:.2f} s, {late:.2f} s",
    )
    if SHARED.is_dir():
        yield "`commands.json` understood, guiding", published()
        yield "`out_of_scope.txt` understood as anything", out_of_scope()


def listing() -> float:
    """Return how many seconds `massage list` takes."""
    return statistics.median(
        _seconds([sys.executable, "-m", "assistant", "list"]) for _ in range(RUNS)
    )


def typed_massage() -> tuple[float, float]:
    """Return the length of a massage by text, and how many seconds it took to perform."""
    stage = Stage(Settings(), by_voice=False)
    script = read_script(ROOT / "tests/dialogues/moving/a-whole-massage.dialogue")
    taken = []
    for _ in range(RUNS + 1):
        begun = time.perf_counter()
        session, _ = stage.perform(script)
        taken.append(time.perf_counter() - begun)
    return session.seconds, statistics.median(taken[1:])


def spoken(voice: str, folder: Path, latencies: list[float]) -> tuple[int, int]:
    """Return how many of the listed commands are understood in a voice, and how many there are."""
    right = count = 0
    for state, intents in COMMANDS.items():
        files = {_record(voice, text, folder): want for text, want in intents.items()}
        count += len(files)
        right += _right(files, state, latencies)
    return right, count


def real_people(latencies: list[float]) -> tuple[int, int]:
    """Return how many of the volunteers' clips are understood, and how many there are."""
    clips = SHARED / "audio" / "speech_commands"
    files = {path: word for word in ("stop", "yes", "no") for path in (clips / word).glob("*.wav")}
    return _right(files, "confirming", latencies), len(files)


def published() -> str:
    """Return how many of the published commands `massage understand` understands."""
    commands = json.loads((SHARED / "phrases" / "commands.json").read_text("utf-8"))
    wanted = [intent for intent, texts in commands.items() for _ in texts]
    meant = _understood([text for texts in commands.values() for text in texts])
    tools = {"ask_tool", "change_tool"}
    right = sum(m == w or {m, w} <= tools for m, w in zip(meant, wanted, strict=True))
    return f"{right} of {len(wanted)}"


def out_of_scope() -> str:
    """Return how many questions meant for other assistants are taken for commands."""
    texts = (SHARED / "phrases" / "out_of_scope.txt").read_text("utf-8").splitlines()
    return f"{sum(intent is not None for intent in _understood(texts))} of {len(texts)}"


def _understood(texts: list[str]) -> list[str | None]:
    command = [sys.executable, "-m", "assistant", "understand", "--state", "guiding"]
    done = subprocess.run(
        command, input="\n".join(texts), capture_output=True, text=True, check=True
    )
    return [json.loads(line)["intent"] for line in done.stdout.splitlines()]


def _right(files: dict[Path, str], state: str, latencies: list[float]) -> int:
    options = hear.Options(tuple(files), state=state)
    found: dict[str, list[Any]] = {}
    for decision in hear.hear(options):
        found.setdefault(decision["file"], []).append(decision["intent"])
        if decision["intent"]:
            latencies.append(decision["decided"] - decision["end"])
    return sum(found[str(path)] == [want] for path, want in files.items())


def _record(voice: str, text: str, folder: Path) -> Path:
    path = folder / f"{voice}-{text}.wav"
    if voice == "piper":
        soundfile.write(path, _PIPER.render(text, 1.3).samples, 48_000)
    else:
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", path], check=True)
    return path


def _seconds(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun


if __name__ == "__main__":
    from assistant.speaking.piper_voice import PiperVoice

    _PIPER = PiperVoice()
    main()
