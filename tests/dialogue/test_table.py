"""The table says where each cell may lead, and `respond` holds the handlers to it."""

import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.dialogue import table
from assistant.dialogue.effects import Say
from assistant.dialogue.events import Heard, Said
from assistant.dialogue.respond import respond
from assistant.dialogue.state import MODES, Mode, Place, State
from assistant.dialogue.table import ENDING, TABLE, Cell
from assistant.dialogue.turn import DialogueContent, Turn
from assistant.routine.restrictions import Restrictions
from assistant.understanding.intent import Intent

ROOT = Path(__file__).parents[2]


@pytest.fixture
def guiding(content: DialogueContent) -> State:
    plan = content.plan("puffy-eyes", None, None, Restrictions())
    return State(mode="guiding", place=Place(plan), awaited=1, tags=1)


def hear(content: DialogueContent, state: State, *names: str) -> tuple[State, list[str]]:
    after, effects = respond(content, state, Heard(tuple(map(Intent, names))))
    return after, [effect.text for effect in effects if isinstance(effect, Say)]


@pytest.mark.parametrize("name", ["faster", "Said"])
def test_a_handler_that_leads_elsewhere_is_found_out(
    content: DialogueContent, guiding: State, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def elsewhere(turn: Turn, _: object) -> None:
        turn.enter("hurting")

    row = TABLE["guiding"]
    patched = {**row, name: replace(row[name], handler=elsewhere)}
    monkeypatch.setattr(table, "TABLE", {**TABLE, "guiding": patched})
    event = Said(1) if name == "Said" else Heard((Intent(name),))
    with pytest.raises(AssertionError, match=f'"{name}" of the mode guiding led to hurting'):
        respond(content, guiding, event)


def test_here_stands_for_the_mode_of_the_row_alone(
    content: DialogueContent, guiding: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = Cell(lambda turn, _: turn.enter("paused"), ("here", "finished"))
    monkeypatch.setattr(table, "TABLE", {**TABLE, "guiding": {"help": cell}})
    with pytest.raises(AssertionError, match=r"led to paused; .* guiding or finished"):
        hear(content, guiding, "help")


@pytest.mark.parametrize("mode", MODES)
def test_pain_and_stop_have_a_cell_in_every_mode(mode: Mode) -> None:
    assert {*ENDING} <= TABLE[mode].keys()


def test_of_two_steps_in_one_breath_only_the_second_begins(
    content: DialogueContent, guiding: State
) -> None:
    after, said = hear(content, guiding, "next", "next")
    assert after.place is not None
    assert after.place.step == 2
    assert said == [f"Next: {after.place.now.title}."]


def test_an_answer_in_the_breath_of_a_step_comes_before_it(
    content: DialogueContent, guiding: State
) -> None:
    after, said = hear(content, guiding, "next", "slower")
    assert said in [["Slower."], ["Taking it slower."]]
    _, effects = respond(content, after, Said(after.awaited))
    assert after.place is not None
    assert [effect.text for effect in effects if isinstance(effect, Say)] == [
        f"Opening: {after.place.now.title}."
    ]


def test_the_page_is_up_to_date() -> None:
    page = runpy.run_path(str(ROOT / "script" / "dialogue_page.py"))["page"]
    if (ROOT / "docs" / "dialogue.md").read_text("utf-8") != page():
        pytest.fail("docs/dialogue.md is out of date: run script/docs")
