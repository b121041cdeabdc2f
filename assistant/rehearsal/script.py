"""Dialogue scripts: a conversation that reads like one.

    # Pausing keeps the stroke count
    you: puffy eyes
    coach: Puffy eyes. *
    you: ready
    [until stroke 3]
    [while speaking]
    you: pause
    coach: Paused* | Pausing*
    [expect paused]

`coach:` lines must be said next, in order; `*` matches any words, `a | b` either. What stands after
`never:` must not be said from there on. `[12 seconds]` lets time pass, `[until …]` runs on and
skips what is said meanwhile, `[expect …]` checks the state.
`docs/dialogue-scripts.md` is the guide for authors.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import cast

from assistant.errors import ScriptError
from assistant.files import read_text
from assistant.rehearsal.header import Field, Header, header_field, read_header
from assistant.rehearsal.lines import BargeIn, LineError, ScriptLine, read_line


@dataclass(frozen=True, slots=True)
class Script:
    """A whole script."""

    path: Path
    title: str
    lines: tuple[ScriptLine, ...] = ()
    header: Header = field(default_factory=Header)


def read_script(path: Path) -> Script:
    """Read a script; raises ScriptError with path, line number and what is allowed."""
    rows = [(n, row.strip()) for n, row in enumerate(_text(path).splitlines(), 1) if row.strip()]
    titles = (row.lstrip("# ") for _, row in rows if row.startswith("#"))
    fields: list[Field] = []
    lines: list[ScriptLine] = []
    for number, row in rows:
        of_header = header_field(number, row)
        if of_header and lines:
            raise ScriptError(
                f"{path}:{number}: found '{row}' in the conversation; allowed: before its first "
                "line."
            )
        if of_header:
            fields.append(of_header)
        elif not row.startswith("#"):
            lines.append(_line(path, number, row))
    if not any(line.kind in ("coach", "expect", "never") for line in lines):
        raise ScriptError(
            f"{path}:1: found nothing that is checked; add a coach: line or [expect …]."
        )
    return Script(
        path,
        next((title for title in titles if title), path.stem),
        _joined(path, lines),
        read_header(path, fields),
    )


def _text(path: Path) -> str:
    try:
        return read_text(path)
    except FileNotFoundError:
        raise ScriptError(f"{path}: there is no such file; check the name.") from None
    except IsADirectoryError:
        raise ScriptError(f"{path}: this is a folder; name the scripts in it.") from None
    except UnicodeDecodeError:
        raise ScriptError(f"{path}: this is not UTF-8 text; save it as UTF-8.") from None
    except OSError as error:
        raise ScriptError(
            f"{path}: cannot be read: {error.strerror}. Fix that or name another file."
        ) from None


def _line(path: Path, number: int, row: str) -> ScriptLine:
    try:
        return read_line(number, row)
    except LineError as wrong:
        raise ScriptError(f"{path}:{number}: {wrong}") from None


def _joined(path: Path, lines: Sequence[ScriptLine]) -> tuple[ScriptLine, ...]:
    """Merge into each `you:` line the directions right before and after it that belong to it."""
    joined: list[ScriptLine] = []
    for before, line in pairwise([ScriptLine(0, "wait", ""), *lines]):
        if before.kind == "barge-in" and line.kind != "you":
            raise _misplaced(path, before, "right before a you: line")
        if line.kind == "not understood":
            if before.kind != "you":
                raise _misplaced(path, line, "right after a you: line")
            joined[-1] = replace(joined[-1], understood=False)
        elif line.kind == "you" and before.kind == "barge-in":
            joined.append(replace(line, barge_in=cast("BargeIn", before.text.strip("[]"))))
        elif line.kind != "barge-in":
            joined.append(line)
    if lines and lines[-1].kind == "barge-in":
        raise _misplaced(path, lines[-1], "right before a you: line")
    if lines and lines[-1].kind == "never":
        raise ScriptError(
            f"{path}:{lines[-1].number}: found never: in the last line, after which nothing more "
            "is said; put it before the lines through which it holds."
        )
    return tuple(joined)


def _misplaced(path: Path, line: ScriptLine, allowed: str) -> ScriptError:
    return ScriptError(f"{path}:{line.number}: found {line.text}; allowed: {allowed}.")


def matches(pattern: str, said: str) -> bool:
    """Tell whether what was said matches a `coach:` line; case and spacing do not matter."""
    plain = " ".join(said.split()).casefold()
    wanted = (" ".join(option.split()).casefold() for option in pattern.split("|"))
    return any(
        re.fullmatch(".*".join(re.escape(part) for part in option.split("*")), plain)
        for option in wanted
    )
