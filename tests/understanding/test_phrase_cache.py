"""Phrases kept on disk: the same ones, sooner; never stale ones, and never none."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.understanding import phrase_cover
from assistant.understanding.interpreter import Interpreter
from assistant.understanding.phrase_cache import recall_phrases
from assistant.understanding.template_files import load_templates

TEMPLATES = """
language: en
skip_words: [please]
intents:
  order: {data: [{sentences: ["[i want] {drink}"]}]}
  pay: {data: [{sentences: ["(pay|the bill)"], requires_context: {state: [sitting]}}]}
"""
STATES = ("waiting", "sitting")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "phrases.json"


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Interpreter]:
    def interpreter(text: str = TEMPLATES, drink: str = "tea", filler: str = "") -> Interpreter:
        path = tmp_path / "cafe.yaml"
        path.write_text(text, encoding="utf-8")
        templates = load_templates([path], {"drink": [(drink, drink)]})
        fillers = (*templates.fillers, filler) if filler else templates.fillers
        return Interpreter(replace(templates, fillers=fillers))

    return interpreter


def phrases(interpreter: Interpreter) -> dict[str, tuple[str, ...]]:
    return {state: interpreter.grammar(state).phrases for state in STATES}


def test_phrases_are_found_once_and_read_from_then_on(make, kept, monkeypatch) -> None:
    found = phrases(make())
    recall_phrases(make(), STATES, kept)
    monkeypatch.delattr(phrase_cover, "_Cover")  # looking for phrases would fail now
    again = make()
    recall_phrases(again, STATES, kept)
    assert phrases(again) == found


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:0],
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"bill", b"pill"),
        lambda content: b"\xff" * len(content),
    ],
    ids=["empty", "cut short", "changed", "no text"],
)
def test_a_damaged_file_is_replaced_and_the_same_is_heard(make, kept, damage) -> None:
    found = phrases(make())
    recall_phrases(make(), STATES, kept)
    whole = kept.read_bytes()
    kept.write_bytes(damage(whole))
    again = make()
    recall_phrases(again, STATES, kept)
    assert phrases(again) == found
    assert kept.read_bytes() == whole
    assert list(kept.parent.iterdir()) == [kept]


@pytest.mark.parametrize(
    "change",
    [
        {"text": TEMPLATES.replace("the bill", "the check")},
        {"drink": "cocoa"},
        {"filler": "waiter"},
    ],
    ids=["templates", "lists", "fillers"],
)
def test_what_changed_since_is_heard(make, kept, change) -> None:
    recall_phrases(make(), STATES, kept)
    changed = make(**change)
    recall_phrases(changed, STATES, kept)
    assert phrases(changed) == phrases(make(**change)) != phrases(make())


def test_states_that_the_file_does_not_know_are_heard(make, kept) -> None:
    recall_phrases(make(), STATES[:1], kept)
    both = make()
    recall_phrases(both, STATES, kept)
    assert phrases(both) == phrases(make())


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(make, tmp_path) -> None:
    blocked = tmp_path / "no folder"
    blocked.write_text("")
    interpreter = make()
    recall_phrases(interpreter, STATES, blocked / "phrases.json")
    assert phrases(interpreter) == phrases(make())
    assert blocked.read_text() == ""


def test_the_log_tells_whether_phrases_were_kept(make, kept, caplog) -> None:
    with caplog.at_level("INFO", "assistant.understanding"):
        recall_phrases(make(), STATES, kept)
        recall_phrases(make(), STATES, kept)
    assert caplog.messages == [
        f"phrases of 2 states found; kept in {kept}",
        f"phrases of 2 states read from {kept}",
    ]
