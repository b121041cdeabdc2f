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

`coach:` lines must be said next, in order; `*` matches any words, `a | b` either. `[12 seconds]`
lets time pass, `[until …]` runs on and skips what is said meanwhile, `[expect …]` checks where it
stands. `[not understood]` after a `you:` line wants the coach not to understand it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from assistant.dialogue.state import MODES
from assistant.errors import ScriptError

Kind = Literal[
    "you", "coach", "wait", "while speaking", "not understood", "until", "expect", "device"
]

_DIRECTIONS: tuple[tuple[Kind, str], ...] = (
    ("wait", r"(?P<count>\d+(?:\.\d+)?) (?P<unit>seconds?|minutes?)"),
    ("while speaking", r"while speaking"),
    ("not understood", r"not understood"),
    ("until", rf"until (?P<what>step|stroke) (?P<count>\d+)|until (?P<mode>{'|'.join(MODES)})"),
    (
        "expect",
        rf"expect (?P<what>step|stroke) (?P<count>\d+)(?: of (?P<of>\d+))?"
        rf"|expect (?P<mode>{'|'.join(MODES)})",
    ),
    ("device", r"(?P<what>mic|speaker) (?P<mode>unplugged|plugged in)"),
)
_KEPT = re.compile(r"[a-z0-9-]+, step \d+")
ALLOWED = (
    "[12 seconds], [while speaking], [not understood], "
    "[until step 3], [until stroke 2], [until paused], "
    "[expect step 3], [expect stroke 4 of 10], [expect paused], [mic unplugged], [mic plugged in]"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a script that does something."""

    number: int
    kind: Kind
    text: str
    """What is said, the pattern, or the direction as written."""
    what: str = ""
    """step, stroke, mic or speaker."""
    count: float = 0
    """A number, or seconds."""
    of: int = 0
    mode: str = ""
    understood: bool = True
    """Of what the user says; a [not understood] right after it wants the contrary."""


@dataclass(frozen=True, slots=True)
class Script:
    """A whole script."""

    path: Path
    title: str
    lines: tuple[Line, ...]
    minutes: float | None = None
    tools: tuple[str, ...] | None = None
    profile: tuple[str, ...] = ()
    """Conditions of health.yaml that this user has; `new` for one who was never asked."""
    kept: tuple[str, int] | None = None
    """The massage that was broken off on an earlier day, and its step, from 1."""


def read_script(path: Path) -> Script:
    """Read a script; raises ScriptError with path, line number and what is allowed."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScriptError(f"{path}: cannot be read: {error}. Give a text file in UTF-8.") from None
    rows = [(n, row.strip()) for n, row in enumerate(text.splitlines(), 1) if row.strip()]
    title = next((row.lstrip("# ") for _, row in rows if row.startswith("#")), path.stem)
    header = dict(_header(path, rows))
    lines = [
        _line(path, number, row)
        for number, row in rows
        if not row.startswith("#") and _header_field(row) is None
    ]
    lines = _with_misunderstandings(path, lines)
    if not any(line.kind == "coach" or line.kind == "expect" for line in lines):
        raise ScriptError(
            f"{path}:1: found nothing that is checked; add a coach: line or [expect …]."
        )
    return Script(
        path,
        title,
        tuple(lines),
        minutes=float(header["minutes"]) if "minutes" in header else None,
        tools=_names(header["tools"]) if "tools" in header else None,
        profile=_names(header.get("profile", "")),
        kept=_kept(header["kept"]) if "kept" in header else None,
    )


def _with_misunderstandings(path: Path, lines: list[Line]) -> list[Line]:
    """Move each [not understood] into the `you:` line that it follows."""
    for before, line in zip([None, *lines], lines, strict=False):
        if line.kind == "not understood" and (before is None or before.kind != "you"):
            raise ScriptError(
                f"{path}:{line.number}: found [not understood]; allowed: after a you: line."
            )
    followers = [*lines[1:], None]
    return [
        replace(line, understood=not (after and after.kind == "not understood"))
        for line, after in zip(lines, followers, strict=True)
        if line.kind != "not understood"
    ]


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _header_field(row: str) -> tuple[str, str] | None:
    found = re.fullmatch(r"(minutes|tools|profile|kept):\s*(.+)", row)
    return (found[1], found[2]) if found else None


def _header(path: Path, rows: list[tuple[int, str]]) -> Iterator[tuple[str, str]]:
    for number, row in rows:
        field = _header_field(row)
        if field:
            if field[0] == "minutes" and not re.fullmatch(r"\d+(\.\d+)?", field[1]):
                raise ScriptError(
                    f"{path}:{number}: minutes: found {field[1]!r}; allowed: a number."
                )
            if field[0] == "kept" and not _KEPT.fullmatch(field[1]):
                raise ScriptError(
                    f"{path}:{number}: kept: found {field[1]!r}; "
                    "allowed: a massage and a step, such as puffy-eyes, step 3."
                )
            yield field


def _kept(text: str) -> tuple[str, int]:
    routine, step = text.split(", step ")
    return routine, int(step)


def _line(path: Path, number: int, row: str) -> Line:
    spoken = re.fullmatch(r"(you|coach):\s*(.+)", row)
    if spoken:
        return Line(number, "you" if spoken[1] == "you" else "coach", spoken[2])
    for kind, pattern in _DIRECTIONS:
        found = re.fullmatch(rf"\[(?:{pattern})\]", row)
        if found:
            return _direction(number, kind, row, found.groupdict())
    raise ScriptError(f"{path}:{number}: found '{row}'; allowed: you: …, coach: …, {ALLOWED}.")


def _direction(number: int, kind: Kind, row: str, found: dict[str, str | None]) -> Line:
    count = float(found.get("count") or 0)
    if (found.get("unit") or "").startswith("minute"):
        count *= 60
    return Line(
        number,
        kind,
        row,
        what=found.get("what") or "",
        count=count,
        of=int(found.get("of") or 0),
        mode=found.get("mode") or "",
    )


def matches(pattern: str, said: str) -> bool:
    """Whether what was said is what a coach: line wants; case and spacing do not matter."""
    plain = " ".join(said.split()).casefold()
    wanted = (" ".join(option.split()).casefold() for option in pattern.split("|"))
    return any(
        re.fullmatch(".*".join(re.escape(part) for part in option.split("*")), plain)
        for option in wanted
    )
