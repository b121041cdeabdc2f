"""Measures how much memory a process uses, with its children (Linux only, from /proc)."""

import os
from pathlib import Path


def peak_kib() -> int:
    """Return the peak resident memory of this process and its running children, in KiB."""
    me = os.getpid()
    family = [me, *(pid for pid in _all_pids() if me in _ancestors(pid))]
    return sum(int(_status(pid).get("VmHWM", "0 kB").split()[0]) for pid in family)


def _all_pids() -> list[int]:
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
        return {}  # it ended in the meantime
    return {name: value.strip() for name, _, value in (row.partition(":") for row in rows)}
