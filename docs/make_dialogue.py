"""Writes docs/dialogue.md from the dialogue itself, so that it cannot say what is not so.

The matrix is read off the table, the slots off the sentence templates, and the diagram is what a
walk through all kinds of states came upon. `script/docs` runs it.
"""

import inspect
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from assistant.assembly import make_content, make_interpreter
from assistant.dialogue.state import MODES, Mode
from assistant.dialogue.table import ALWAYS, TABLE, Handler
from assistant.library.library import load_library
from assistant.understanding.templates import Templates
from docs.exploring import OUTSIDE, Transition, explore
from docs.sayable import IGNORED, heard_in, sayable, slots_of

WRITTEN = Path(__file__).parent / "dialogue.md"
ANY_DAY = date(2025, 1, 1)
"""Nothing on the page depends on it."""
NOT_NOW, ONLY_IN_A_BREATH = "·", " †"
CAUSES_IN_A_ROW = 4

INTRODUCTION = """\
# The dialogue

Made by `script/docs` from the table in `assistant/dialogue/table.py`, the sentence templates and
the behaviour itself. Do not edit: change those, then run it again.

A conversation is always in one **mode**. What the user says is an **intent**, perhaps with
**slots**; what it does depends on the mode. Whatever else happens is an event of
`assistant/dialogue/events.py`: something has been *Said* to its end, a *StrokeDone*, a
*TimePassed* in silence, something *NotUnderstood*, a *DeviceChanged*.

## What is done about what is said

A row for every intent, a column for every mode. A cell says what is done. `·`: it is understood,
and the answer tells what can be said instead. Empty: no sentence asks for it in this mode; the
same words may mean something else there, or nothing. `†`: no sentence of its own asks for it in
this mode; only the second half of a breath whose first half led here could.
"""
ALIKE = """\
## The same in every mode

`pain` and `stop` come before anything else of the same breath, and nothing else of it counts.
"""
DIAGRAM = """\
## From mode to mode

Every way from one mode to another that a walk through all kinds of states has found, with the
intents and *Events* that lead along it. An event's name begins with a capital letter. What leaves
the mode as it is, is not drawn.
"""
SLOTS = """\
## Slots

What the sentences of an intent can carry.
"""


def page(templates: Templates, transitions: Iterable[Transition]) -> str:
    """Return the whole page."""
    parts = (
        INTRODUCTION,
        "\n".join(_matrix(templates)),
        ALIKE,
        "\n".join(_alike(templates)),
        DIAGRAM,
        "\n".join(_diagram(transitions)),
        SLOTS,
        "\n".join(_slots(templates)),
    )
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def summary(handler: Handler) -> str:
    """Return the first line of a handler's docstring, without its full stop."""
    lines = (inspect.getdoc(handler) or "").splitlines()
    if not lines:
        raise LookupError(f"{handler} has no docstring to put into the matrix.")
    return lines[0].rstrip(".").replace("|", "\\|")


def _matrix(templates: Templates) -> Iterator[str]:
    heard = heard_in(templates)
    named = dict.fromkeys([*(intent for row in TABLE.values() for intent in row), *heard])
    yield f"| intent | {' | '.join(MODES)} |"
    yield f"| --- {'| --- ' * len(MODES)}|"
    for intent in named:
        if intent not in ALWAYS and intent != IGNORED:
            cells = (_cell(intent, mode, mode in heard.get(intent, ())) for mode in MODES)
            yield f"| `{intent}` | {' | '.join(cells)} |"


def _cell(intent: str, mode: Mode, heard: bool) -> str:
    handler = TABLE[mode].get(intent)
    if handler is None:
        return NOT_NOW if heard else ""
    return summary(handler) + ("" if heard else ONLY_IN_A_BREATH)


def _alike(templates: Templates) -> Iterator[str]:
    heard = heard_in(templates)
    yield "| intent | what is done | asked for |"
    yield "| --- | --- | --- |"
    for intent, handler in ALWAYS.items():
        modes = [mode for mode in MODES if mode in heard.get(intent, ())]
        where = "in every mode" if len(modes) == len(MODES) else f"in {', '.join(modes)}"
        yield f"| `{intent}` | {summary(handler)} | {where} |"


def _diagram(transitions: Iterable[Transition]) -> Iterator[str]:
    causes: dict[tuple[str, str], list[str]] = {}
    for one in sorted(transitions, key=lambda t: (_order(t.before), _order(t.after), t.cause)):
        if one.before != one.after:
            causes.setdefault((one.before, one.after), []).append(one.cause)
    yield "```mermaid"
    yield "stateDiagram-v2"
    for (before, after), labels in causes.items():
        rows = [labels[at : at + CAUSES_IN_A_ROW] for at in range(0, len(labels), CAUSES_IN_A_ROW)]
        yield f"    {before} --> {after}: {',<br>'.join(', '.join(row) for row in rows)}"
    yield "```"


def _order(mode: str) -> int:
    return [OUTSIDE, *MODES].index(mode)


def _slots(templates: Templates) -> Iterator[str]:
    yield "| intent | slots |"
    yield "| --- | --- |"
    for intent, slots in slots_of(templates).items():
        if slots:
            yield f"| `{intent}` | {', '.join(f'`{slot}`' for slot in slots)} |"


def main() -> None:
    """Write the page."""
    library = load_library()
    templates = make_interpreter(library).templates
    transitions = explore(make_content(library, ANY_DAY), sayable(templates))
    WRITTEN.write_text(page(templates, transitions), "utf-8")


if __name__ == "__main__":
    main()
