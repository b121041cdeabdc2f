"""The lines of a script: what is said, and the stage directions, each with its allowed forms.

Promises: every accepted line finishes in bounded time, whatever happens in the conversation.
"""

import re
from dataclasses import dataclass
from typing import Literal, cast, get_args

from assistant.dialogue.state import MODES
from assistant.nearest import nearest
from assistant.rehearsal.header import FIELDS, PACE_NAMES
from assistant.routine.plan import Side

Speaker = Literal["you", "coach", "count", "never"]
Direction = Literal["wait", "barge-in", "not understood", "until", "expect", "uncounted", "device"]
Kind = Speaker | Direction
BargeIn = Literal["", "while speaking", "at once"]
"""When a `you:` line begins: once the coach is silent, in the middle of a sentence, or now."""

SPEAKERS: tuple[Speaker, ...] = get_args(Speaker)
_MODES = "|".join(MODES)
_DIRECTIONS: tuple[tuple[Direction, str], ...] = (
    ("wait", r"(?P<count>\d+(?:\.\d+)?) (?P<unit>seconds?|minutes?)"),
    ("barge-in", r"while speaking|at once"),
    ("not understood", r"not understood"),
    ("until", rf"until (?P<what>step|stroke) (?P<count>\d+)|until (?P<mode>{_MODES})"),
    (
        "expect",
        rf"expect (?P<what>step|stroke) (?P<count>\d+)(?: of (?P<of>\d+))?"
        rf"|expect pace (?P<pace>{'|'.join(PACE_NAMES)})|expect (?P<mode>{_MODES})"
        rf"|expect side (?P<side>{'|'.join(get_args(Side))})"
        r"|expect routine (?P<routine>[a-z0-9-]+)",
    ),
    ("uncounted", r"uncounted"),
    ("device", r"(?P<what>mic|speaker) (?P<mode>unplugged|plugged in)"),
)
ALLOWED = (
    "[12 seconds], [while speaking], [at once], [not understood], "
    "[until step 3], [until stroke 2], [until paused], "
    "[expect step 3], [expect stroke 4 of 10], [expect paused], [expect pace slower], "
    "[expect side left], [expect routine glow], "
    "[uncounted], [mic unplugged], [mic plugged in]"
)
LONGEST_WAIT = 3600.0
"""Seconds. A longer wait is a typo, and would keep a rehearsal by voice busy for minutes."""


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """One line of a script. Which fields are set depends on the kind."""

    number: int
    """Line number in the file, from 1."""
    kind: Kind
    text: str
    """What the user says, the pattern to match, or the direction as written."""
    what: str = ""
    """What the direction is about: step, stroke, mic or speaker."""
    count: float = 0
    """Number of the step or stroke, from 1; or seconds to wait."""
    of: int = 0
    """Strokes that must be planned; 0 allows any number."""
    mode: str = ""
    """A mode of the dialogue; for a device, `unplugged` or `plugged in`."""
    pace: str = ""
    """One of PACE_NAMES."""
    side: str = ""
    """The side that the hands must be on: left, right or both."""
    routine: str = ""
    """The massage that must be going on: its file name without .yaml."""
    barge_in: BargeIn = ""
    """For what the user says; set by the direction right before it."""
    understood: bool = True
    """For what the user says; False if [not understood] follows."""


class LineError(ValueError):
    """The text is not a line of a script; the message, a sentence, says what is allowed."""


def read_line(number: int, row: str) -> ScriptLine:
    """Parse one line, stripped of surrounding space; raises LineError."""
    spoken = re.fullmatch(rf"({'|'.join(SPEAKERS)}):\s*(.+)", row)
    if spoken:
        return ScriptLine(number, cast("Speaker", spoken[1]), spoken[2])
    for kind, pattern in _DIRECTIONS:
        found = re.fullmatch(rf"\[(?:{pattern})\]", row)
        if found:
            return _direction(number, kind, row, found.groupdict())
    raise LineError(f"found '{row}'; {_meant(row)}")


def _meant(row: str) -> str:
    """Say which line an unknown `row` may have been meant as, and what is allowed.

    A misspelled field or speaker is clear enough without the list.
    """
    allowed = f"{', '.join(f'{speaker}: …' for speaker in SPEAKERS)}, {ALLOWED}."
    if not row.startswith("["):
        near = nearest(_label(row), [f"{word}:" for word in (*FIELDS, *SPEAKERS)], whole=True)
        return f"did you mean '{near[0]}'?" if near else f"allowed: {allowed}"
    near = nearest(row, ALLOWED.split(", "), at_least=80, whole=True)
    return f"did you mean '{near[0]}'? Allowed: {allowed}" if near else f"allowed: {allowed}"


def _label(row: str) -> str:
    """Return what stands before the colon, with it."""
    return row.partition(":")[0].strip().lower() + ":"


def _direction(number: int, kind: Kind, row: str, found: dict[str, str | None]) -> ScriptLine:
    count = float(found.get("count") or 0)
    if (found.get("unit") or "").startswith("minute"):
        count *= 60
    if kind == "wait" and count > LONGEST_WAIT:
        raise LineError(f"found '{row}'; allowed: up to [{LONGEST_WAIT / 60:g} minutes].")
    return ScriptLine(
        number,
        kind,
        row,
        what=found.get("what") or "",
        count=count,
        of=int(found.get("of") or 0),
        mode=found.get("mode") or "",
        pace=found.get("pace") or "",
        side=found.get("side") or "",
        routine=found.get("routine") or "",
    )
