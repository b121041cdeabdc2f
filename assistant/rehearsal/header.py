"""The header of a script: who the user is, and how the script is performed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from assistant.dialogue.state import NORMAL
from assistant.errors import ScriptError, UnknownTool
from assistant.routine.tools import known_tools

Medium = Literal["text", "voice"]
MEDIA: tuple[Medium, ...] = get_args(Medium)
FIELDS = ("minutes", "tools", "profile", "kept", "pace", "by")
PACE_NAMES = ("slowest", "slower", "normal", "quicker", "quickest")
"""The five paces, as indices into PACES."""


@dataclass(frozen=True, slots=True)
class Field:
    """One row of the header."""

    number: int
    """Line number in the file, from 1."""
    name: str
    value: str

    @property
    def values(self) -> tuple[str, ...]:
        """The comma-separated values."""
        return tuple(value.strip() for value in self.value.split(",") if value.strip())


def header_field(number: int, row: str) -> Field | None:
    """Read one row as a field of the header, if it is one."""
    found = re.fullmatch(rf"({'|'.join(FIELDS)}):\s*(.*)", row)
    return Field(number, found[1], found[2]) if found else None


@dataclass(frozen=True, slots=True)
class Header:
    """The whole header; a field that is missing has its default."""

    fields: tuple[Field, ...] = ()
    minutes: float | None = None
    tools: tuple[str, ...] | None = None
    profile: tuple[str, ...] = ()
    """Conditions of health.yaml that this user has; `new` for one who was never asked."""
    kept: tuple[str, int] | None = None
    """The massage that this user left unfinished on an earlier day, and the step, from 1."""
    pace: int = NORMAL
    """The pace that this user chose last time."""
    by: tuple[Medium, ...] = ("text",)
    """How pytest performs the script: one test for each medium."""

    def line_of(self, name: str) -> int:
        """Return the number of the line that holds the field."""
        return next((field.number for field in self.fields if field.name == name), 1)


def read_header(path: Path, fields: Iterable[Field]) -> Header:
    """Read the fields; raises ScriptError with path, line number and what is allowed."""
    named: dict[str, Field] = {}
    for field in fields:
        if field.name in named:
            raise _wrong(path, field, f"one {field.name}: line")
        if not field.values:
            raise _wrong(path, field, "a value after the colon")
        named[field.name] = field
    return Header(
        tuple(named.values()),
        minutes=_minutes(path, named["minutes"]) if "minutes" in named else None,
        tools=_tools(path, named["tools"]) if "tools" in named else None,
        profile=named["profile"].values if "profile" in named else (),
        kept=_kept(path, named["kept"]) if "kept" in named else None,
        pace=_pace(path, named["pace"]) if "pace" in named else NORMAL,
        by=_by(path, named["by"]) if "by" in named else ("text",),
    )


def _minutes(path: Path, field: Field) -> float:
    if not re.fullmatch(r"\d+(\.\d+)?", field.value):
        raise _wrong(path, field, "a number")
    return float(field.value)


def _tools(path: Path, field: Field) -> tuple[str, ...]:
    try:
        known_tools(field.values)
    except UnknownTool as unknown:
        raise ScriptError(f"{path}:{field.number}: tools: {unknown}") from None
    return field.values


def _kept(path: Path, field: Field) -> tuple[str, int]:
    found = re.fullmatch(r"([a-z0-9-]+), step (\d+)", field.value)
    if not found:
        raise _wrong(path, field, "a massage and a step, such as puffy-eyes, step 3")
    return found[1], int(found[2])


def _pace(path: Path, field: Field) -> int:
    if field.value not in PACE_NAMES:
        raise _wrong(path, field, ", ".join(PACE_NAMES))
    return PACE_NAMES.index(field.value)


def _by(path: Path, field: Field) -> tuple[Medium, ...]:
    if not set(field.values) <= set(MEDIA):
        raise _wrong(path, field, "text, voice, or both with a comma between")
    return tuple(medium for medium in MEDIA if medium in field.values)


def _wrong(path: Path, field: Field, allowed: str) -> ScriptError:
    return ScriptError(
        f"{path}:{field.number}: {field.name}: found '{field.value}'; allowed: {allowed}."
    )
