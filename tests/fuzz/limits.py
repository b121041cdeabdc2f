"""Runs a command in a forked child, within limits, and says what is wrong with how it went.

Each command gets a process of its own, with its own home, temporary folder and standard streams.
Not shown by this: what happens after `main` has returned, when the interpreter ends.
"""

import os
import re
import resource as process_limits
import shutil
import signal
import stat
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).parents[2]
SECONDS, PATIENCE = 10, 30
"""Of processor time, and in all, since the machine may be busy."""
PEAK_BYTES = 1_000_000_000
ADDRESS_BYTES = 6 * 2**30
"""Stops a child that runs away before the machine suffers; libraries map far more than they use."""
OUTPUT_BYTES = 20_000_000
WRITABLE = ("data", "cache", "streams")
"""Folders of a run in which the program may leave files."""

_WORDS_OF_A_CRASH = re.compile(
    r"Traceback \(most recent|terminate called|Fatal Python error|Exception ignored|Assertion.*fail"
)
_COMMANDS_TO_A_TERMINAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Command:
    """Arguments of `massage`; {file} in them is the odd file, {root} the folder of the run."""

    arguments: tuple[str, ...]
    stdin: str = ""
    statuses: frozenset[int] = frozenset({0, 1})
    """The exit statuses that are documented for such a file."""
    share: float = 1.0
    """Of the cases for which it runs; less than all for a slow one."""
    peak_bytes: int = PEAK_BYTES
    """The most resident memory, of the process and of those that it starts."""
    writes: tuple[str, ...] = ()
    """What it is told to write, below the folder of the run."""


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    """Exit status, or minus the number of the signal that it died of."""
    peak: int
    """Bytes of resident memory, in the largest of its processes."""
    output: str
    strays: tuple[str, ...]
    """Files that are new, changed or gone where nothing may be written."""


def run(command: Command, root: Path, file: Path, model: Path | None) -> Ended:
    """Run a command in the folder of a run."""
    for name in ("home", "tmp", "work", "streams", *WRITABLE):
        (root / name).mkdir(exist_ok=True)
    arguments = [a.format(file=file, root=root) for a in command.arguments]
    writable = {root / name for name in (*WRITABLE, *command.writes)}
    sound_card = root / "streams" / "asound.conf"  # ALSA aborts the process on an empty one
    sound_card.write_text("pcm { absent { type hw card 31 } }", "utf-8")
    before = _listing(root.parent, writable)
    streams = [root / "streams" / name for name in ("in", "out", "err")]
    streams[0].write_text(command.stdin, "utf-8")
    child = os.fork()
    if child == 0:
        _become(arguments, root, streams, model)
    _, waited, used = os.wait4(child, 0)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # a voice's process may outlive it for a moment
    after = _listing(root.parent, writable)
    strays = sorted({str(path) for path, _ in before.items() ^ after.items()})
    read = [stream.read_bytes()[:OUTPUT_BYTES].decode("utf-8", "replace") for stream in streams[1:]]
    unit = 1 if sys.platform == "darwin" else 1024
    return Ended(
        os.waitstatus_to_exitcode(waited), used.ru_maxrss * unit, "".join(read), tuple(strays)
    )


def complaint(command: Command, ended: Ended) -> str:
    """Say what is wrong with how a command ended; "" if nothing is."""
    if ended.status in (-signal.SIGALRM, -signal.SIGXCPU):
        return "takes too long"
    if ended.status < 0:
        return f"dies of {signal.Signals(-ended.status).name}"
    if _WORDS_OF_A_CRASH.search(ended.output):
        return f"crash {_place_of_crash(ended.output)}"
    if ended.status not in command.statuses:
        return f"exit status {ended.status}"
    if ended.peak > command.peak_bytes:
        return f"takes {ended.peak / 1e6:.0f} MB"
    if ended.strays:
        return f"touches {ended.strays[0]}"
    if ended.status and not ended.output.strip():
        return "fails without a word"
    if found := _COMMANDS_TO_A_TERMINAL.search(ended.output):
        return f"prints the control character 0x{ord(found[0]):02x}"
    return ""


def new_folder() -> Path:
    """Return the folder of a new run; the one three levels above is watched as well."""
    root = Path(tempfile.mkdtemp(prefix="fuzz-")) / "a" / "b" / "run"
    root.mkdir(parents=True)
    return root


def remove_folder(root: Path) -> None:
    """Remove the folder of a run."""
    shutil.rmtree(root.parents[2], ignore_errors=True)


def _become(arguments: list[str], root: Path, streams: list[Path], model: Path | None) -> NoReturn:
    """Be the command, in the child."""
    status = 1
    try:
        os.setsid()
        for number, stream in enumerate(streams):
            flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            os.dup2(os.open(stream, flags, 0o600), number)
        sys.stdin = open(0, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        os.chdir(root / "work")
        os.environ |= _environment(root)
        os.environ.pop("VOSK_MODEL_PATH", None)
        if model:
            os.environ["VOSK_MODEL_PATH"] = str(model)
        tempfile.tempdir = None
        process_limits.setrlimit(process_limits.RLIMIT_AS, (ADDRESS_BYTES, ADDRESS_BYTES))
        process_limits.setrlimit(
            process_limits.RLIMIT_FSIZE, (OUTPUT_BYTES * 10, OUTPUT_BYTES * 10)
        )
        process_limits.setrlimit(process_limits.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.setitimer(signal.ITIMER_REAL, PATIENCE)
        process_limits.setrlimit(process_limits.RLIMIT_CPU, (SECONDS, SECONDS + 5))
        from assistant.cli import main

        main(arguments)
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _environment(root: Path) -> dict[str, str]:
    """Return the environment of a computer without a sound card and without a network."""
    nobody = "http://127.0.0.1:9"
    return {
        "HOME": str(root / "home"),
        "XDG_CONFIG_HOME": str(root / "config"),
        "XDG_DATA_HOME": str(root / "data"),
        "XDG_CACHE_HOME": str(root / "cache"),
        "TMPDIR": str(root / "tmp"),
        "PULSE_SERVER": f"unix:{root}/nobody",
        "ALSA_CONFIG_PATH": str(root / "streams" / "asound.conf"),
        "https_proxy": nobody,
        "http_proxy": nobody,
    }


def _listing(folder: Path, but: set[Path]) -> dict[Path, tuple[int, ...]]:
    """Return everything below `folder` with its kind, size and time, but not what is in `but`."""
    found: dict[Path, tuple[int, ...]] = {}
    waiting = [folder]
    while waiting:
        for path in waiting.pop().iterdir():
            if path in but:
                continue
            status = path.lstat()
            if stat.S_ISDIR(status.st_mode):
                found[path] = (status.st_mode,)
                waiting.append(path)
            else:
                found[path] = (status.st_mode, status.st_size, status.st_mtime_ns)
    return found


def _place_of_crash(output: str) -> str:
    """Return the last line of the traceback and the innermost function of ours."""
    ours = re.findall(r'File "[^"]*/assistant/([^"]+)", line \d+, in (\w+)', output)
    last = re.findall(r"^([A-Za-z_.]+(?:Error|Exception))\b", output, re.MULTILINE)
    what = last[-1] if last else "without a traceback"
    return f"{what} in {'.'.join(ours[-1]).replace('.py', '')}" if ours else what


def run_all(
    commands: Sequence[Command], root: Path, file: Path, model: Path | None
) -> tuple[str, Ended] | None:
    """Run commands until one ends badly; return what is wrong and how it ended, or None."""
    for command in commands:
        ended = run(command, root, file, model)
        if wrong := complaint(command, ended):
            return f"{command.arguments[0]} {wrong}", ended
    return None
