"""Writes docs/dialogue.md from the table of the dialogue; `script/docs` runs it."""

import inspect
from collections.abc import Iterator
from pathlib import Path

from assistant.dialogue import events
from assistant.dialogue.state import MODES, Mode
from assistant.dialogue.table import TABLE, Cell

PAGE = Path(__file__).parent.parent / "docs" / "dialogue.md"
OUTSIDE = "[*]"
"""How the diagram marks the beginning and the end of the conversation."""
CAUSES_IN_A_LINE = 4

INTRODUCTION = """\
# The dialogue

Made by `script/docs` from the table in `assistant/dialogue/table.py`. Do not edit this page: change
the table, or the first line of a handler's docstring, and run the script again.

A conversation is always in one **mode**. What the user says is an **intent**, and what it does
depends on the mode. Everything else that happens is an **event** of `assistant/dialogue/events.py`.
The sentences for an intent, the modes in which they are heard, and their slots are in
`assistant/understanding/sentences/en/`.

A cell says what is done and, after an arrow, the modes that it may lead to. `here` is the same
mode, `over` the end of the conversation; without an arrow, the mode stays the same. An empty cell
means that the intent has no place in that mode: the coach says what the user can say instead.
"""
ALIKE = """\
## The same in every mode

| intent or event | what is done |
| --- | --- |
"""
INTENTS = """\
## What the user says

`pain` and `stop` come before everything else in the same breath, and the rest of it is ignored.

"""
EVENTS = """\
## What else happens

"""
DIAGRAM = """\
## From mode to mode

The intents and events that lead from one mode to another. The names of events begin with a capital
letter. What leaves the mode as it is, is not drawn.

"""


def page() -> str:
    """Return the whole page."""
    names = dict.fromkeys(name for row in TABLE.values() for name in row)
    alike = [name for name in names if all(row.get(name) == _cell(name) for row in TABLE.values())]
    others = [name for name in names if name not in alike]
    parts = (
        INTRODUCTION,
        DIAGRAM + "\n".join(_diagram()),
        INTENTS + "\n".join(_matrix(name for name in others if not hasattr(events, name))),
        EVENTS + "\n".join(_matrix(name for name in others if hasattr(events, name))),
        ALIKE + "\n".join(f"| `{name}` | {_text(_cell(name), MODES[0])} |" for name in alike),
    )
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def summary(cell: Cell) -> str:
    """Return the first line of the docstring of a cell's handler, without its full stop."""
    lines = (inspect.getdoc(cell.handler) or "").splitlines()
    if not lines:
        raise LookupError(f"{cell.handler} has no docstring for docs/dialogue.md.")
    return lines[0].rstrip(".").replace("|", "\\|")


def _cell(name: str) -> Cell:
    return next(row[name] for row in TABLE.values() if name in row)


def _text(cell: Cell, mode: Mode) -> str:
    if {*cell.leads_to} <= {"here", mode}:
        return summary(cell)
    modes = ("here" if destination == mode else destination for destination in cell.leads_to)
    return f"{summary(cell)} → {', '.join(modes)}"


def _matrix(names: Iterator[str]) -> Iterator[str]:
    yield f"| | {' | '.join(MODES)} |"
    yield f"| --- {'| --- ' * len(MODES)}|"
    for name in names:
        cells = (TABLE[mode].get(name) for mode in MODES)
        texts = (_text(cell, mode) if cell else "" for cell, mode in zip(cells, MODES, strict=True))
        yield f"| `{name}` | {' | '.join(texts)} |"


def _diagram() -> Iterator[str]:
    causes: dict[tuple[str, str], list[str]] = {}
    for mode, row in TABLE.items():
        for name, cell in row.items():
            before = OUTSIDE if name == events.Started.__name__ else mode
            for destination in cell.leads_to:
                after = {"here": mode, "over": OUTSIDE}.get(destination, destination)
                if after != before:
                    causes.setdefault((before, after), []).append(name)
    order = [OUTSIDE, *MODES]
    yield "```mermaid"
    yield "stateDiagram-v2"
    for before, after in sorted(causes, key=lambda way: [order.index(mode) for mode in way]):
        names = sorted(causes[before, after])
        lines = [names[at : at + CAUSES_IN_A_LINE] for at in range(0, len(names), CAUSES_IN_A_LINE)]
        yield f"    {before} --> {after}: {',<br>'.join(', '.join(line) for line in lines)}"
    yield "```"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
