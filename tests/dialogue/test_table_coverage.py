"""The scripts of tests/dialogues, taken together, go everywhere that a conversation can go."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from assistant import session
from assistant.config import Settings
from assistant.dialogue import table
from assistant.dialogue.events import Heard
from assistant.dialogue.replies import Replies
from assistant.dialogue.state import MODES
from assistant.errors import ScriptError
from assistant.library.shipped import load_replies
from assistant.rehearsal.script import read_script
from assistant.rehearsal.stage import Stage
from assistant.understanding.templates import Templates
from docs.exploring import OUTSIDE, Transition
from docs.sayable import heard_in

SCRIPTS = sorted((Path(__file__).parent.parent / "dialogues").rglob("*.dialogue"))


@dataclass
class Taken:
    """What the scripts did."""

    transitions: set[Transition] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    """Keys of replies."""

    def noting(self, intent: str, handler: table.Handler) -> table.Handler:
        def noted(turn: Any, heard: Any) -> None:
            before = turn.state.mode
            handler(turn, heard)
            self.transitions.add(Transition(before, intent, turn.state.mode))

        return noted

    def respond(self, content: Any, state: Any, event: Any) -> Any:
        after, effects = table.respond(content, state, event)
        if not isinstance(event, Heard) and (after != state or effects):
            over = any(type(effect).__name__ == "Quit" for effect in effects)
            mode = OUTSIDE if over else after.mode
            self.transitions.add(Transition(state.mode, type(event).__name__, mode))
        return after, effects


@pytest.fixture(scope="module")
def taken() -> Taken:
    """All scripts performed by text, with every cell and every other event noted."""
    noted = Taken()
    text = Replies.text

    def saying(self: Any, key: str, *args: Any, **slots: Any) -> str:
        noted.said.add(key)
        return text(self, key, *args, **slots)

    with pytest.MonkeyPatch.context() as patch:
        rows = {
            mode: {name: noted.noting(name, handler) for name, handler in row.items()}
            for mode, row in table.TABLE.items()
        }
        always = {name: noted.noting(name, handler) for name, handler in table.ALWAYS.items()}
        patch.setattr(table, "TABLE", rows)
        patch.setattr(table, "ALWAYS", always)
        patch.setattr(session, "respond", noted.respond)
        patch.setattr(Replies, "text", saying)
        stage = Stage(Settings(), by_voice=False)
        for path in SCRIPTS:
            with suppress(ScriptError):  # its own test says so; what it did until then counts
                stage.perform(read_script(path))
    return noted


def listed(missing: Iterable[str]) -> str:
    return "\n  ".join(["no script in tests/dialogues goes here:", *sorted(missing)])


def test_every_cell_is_taken(taken: Taken, templates: Templates) -> None:
    heard = heard_in(templates)
    cells = {
        f"{mode}: {intent}"
        for mode in MODES
        for intent in (*table.ALWAYS, *table.TABLE[mode])
        if mode in heard.get(intent, ())
    }
    missing = cells - {f"{one.before}: {one.cause}" for one in taken.transitions}
    assert not missing, listed(missing)


def test_every_other_event_is_taken_in_every_mode(taken: Taken, walk: Any) -> None:
    """Events that the walk found to matter in a mode; their names begin with a capital letter."""

    def events(transitions: Iterable[Transition]) -> set[str]:
        return {f"{t.before}: {t.cause}" for t in transitions if t.cause[0].isupper()}

    missing = {event for event in events(walk.transitions) if not event.startswith(OUTSIDE)}
    missing -= events(taken.transitions)
    assert not missing, listed(missing)


def test_every_way_between_modes_is_taken(taken: Taken, walk: Any) -> None:
    ways = {t for t in walk.transitions if t.before not in (OUTSIDE, t.after)}
    missing = {f"{t.before} to {t.after} by {t.cause}" for t in ways - taken.transitions}
    assert not missing, listed(missing)


def test_every_reply_is_said(taken: Taken, walk: Any) -> None:
    """By a script, or where the walk came; "not now" may take a breath that changes the mode."""
    missing = set(load_replies().wordings) - taken.said - walk.said
    missing -= {f"not now {mode}" for mode in MODES}
    missing -= {"tools are settled"}  # of a massage that is gone: test_place
    # Of engines that fail, and where there are two: test_voice_changes.
    missing -= {"another voice", "voice failed", "voice lost"}
    assert not missing, "\n  ".join(["nothing says these replies:", *sorted(missing)])
