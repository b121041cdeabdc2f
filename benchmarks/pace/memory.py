"""How much memory a process takes, with its children, on Linux."""

import os
from pathlib import Path


def peak_kib() -> int:
    """Return the most that was resident of this process, and of its children that live, in KiB."""
    me = os.getpid()
    family = [me, *(pid for pid in _all() if me in _ancestors(pid))]
    return sum(int(_status(pid).get("VmHWM", "0 kB").split()[0]) for pid in family)


def _all() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _ancestors(pid: int) -> list[int]:
    above = []
    while (pid := int(_status(pid).get("PPid", "0"))) > 0:
        above.append(pid)
    return above


def _status(pid: int) -> dict[str, str]:
    try:
        rows = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    except OSError:
        return {}  # it has ended just now
    return {name: value.strip() for name, _, value in (row.partition(":") for row in rows)}
