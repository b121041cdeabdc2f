"""The scripts of tests/dialogues, taken together, go everywhere that the table leads."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from assistant.config import Settings
from assistant.dialogue import table
from assistant.dialogue.effects import Quit
from assistant.dialogue.replies import Replies
from assistant.dialogue.state import MODES
from assistant.errors import ScriptError
from assistant.library.shipped import load_replies
from assistant.rehearsal.script import read_script
from assistant.rehearsal.stage import Stage

SCRIPTS = sorted((Path(__file__).parent.parent / "dialogues").rglob("*.dialogue"))

UNSCRIPTED = ("Called", "VoiceChanged", "PlaceNotSaved", "Unsure")
"""Scripts can't say the attention word or break a voice; the property test lets both happen. What
the model is unsure of may change whenever it is trained: test_asking_back."""

Transition = tuple[str, str, str]
"""The mode before, the name of the cell, and where it led."""


@dataclass
class Taken:
    """What the scripts did."""

    transitions: set[Transition] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    """Keys of replies."""

    def noting(self, name: str, cell: table.Cell) -> table.Cell:
        def noted(turn: Any, cause: Any) -> None:
            before = turn.state.mode
            cell.handler(turn, cause)
            after = "over" if Quit() in turn.effects else turn.state.mode
            self.transitions.add((before, name, after))

        return replace(cell, handler=noted)


@pytest.fixture(scope="module")
def taken() -> Taken:
    """All scripts performed by text, with every cell noted."""
    noted = Taken()
    text = Replies.text

    def saying(self: Any, key: str, *args: Any, **slots: Any) -> str:
        noted.said.add(key)
        return text(self, key, *args, **slots)

    with pytest.MonkeyPatch.context() as patch:
        rows = {
            mode: {name: noted.noting(name, cell) for name, cell in row.items()}
            for mode, row in table.TABLE.items()
        }
        patch.setattr(table, "TABLE", rows)
        patch.setattr(Replies, "text", saying)
        stage = Stage(Settings(), by_voice=False)
        for path in SCRIPTS:
            with suppress(ScriptError):  # its own test says so; what it did until then counts
                stage.perform(read_script(path))
    return noted


def listed(missing: Iterable[str]) -> str:
    return "\n  ".join(["no script in tests/dialogues goes here:", *sorted(missing)])


def test_every_cell_leads_everywhere_the_table_says(taken: Taken) -> None:
    declared = {
        (mode, name, mode if destination == "here" else destination)
        for mode, row in table.TABLE.items()
        for name, cell in row.items()
        for destination in cell.leads_to
        if name not in UNSCRIPTED
    }
    missing = declared - taken.transitions
    assert not missing, listed(f"{before}: {name} to {after}" for before, name, after in missing)


def test_every_reply_is_said(taken: Taken) -> None:
    """Except what takes a breath, a failure or a content file that no script can bring about."""
    missing = set(load_replies().wordings) - taken.said
    missing -= {f"not now {mode}" for mode in MODES}
    missing -= {reply for reply in missing if reply.startswith("perhaps ")}  # test_asking_back
    missing -= {"tools are settled"}  # of a massage that is gone: test_place
    # Of engines that fail, and where there are two: test_voice_changes.
    missing -= {"another voice", "voice failed", "voice lost"}
    missing -= {"not saved", "cannot save"}  # of a full disk: test_place
    assert not missing, "\n  ".join(["nothing says these replies:", *sorted(missing)])
