"""The guide to massages of one's own: its example is good, can be shown, and can be played."""

import re
from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.library.library import load_library, own_folder
from assistant.rehearsal.script import read_script
from assistant.rehearsal.stage import Stage
from assistant.routine.plan import SpokenLine, Strokes
from assistant.routine.routine_schema import RoutineStep
from assistant.routine.schema import AREAS

GUIDE = (Path(__file__).parents[2] / "docs" / "own-routines.md").read_text("utf-8")
FILES = dict(re.findall(r"^```yaml\n# (\S+)\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE))
[SCRIPT] = re.findall(r"^```dialogue\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def folder() -> Path:
    """The user's own folder, with the example in it."""
    for name, text in FILES.items():
        path = own_folder() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return own_folder()


def test_the_example_is_good(massage, folder):
    done = massage("check", folder)
    assert done.status == 0, done.out
    assert done.out.splitlines() == [f"{folder / name}: good" for name in sorted(FILES, key=_order)]


def _order(name: str) -> tuple[int, str]:
    return name.count("/"), name


@pytest.mark.usefixtures("folder")
def test_the_example_is_listed_and_shown_with_the_names_of_its_techniques(massage):
    done = massage("list")
    assert "my-break" in done.out
    assert done.err == ""
    shown = massage("show", "my-break").out
    for name in ("belly-breaths", "my-shoulder-knead", "my-scalp-circles", "my-foot-roll", "rest"):
        assert f"technique: {name}\n" in shown


def test_the_example_is_played(folder):
    path = folder / "my-break.dialogue"
    path.write_text(SCRIPT, "utf-8")
    Stage(Settings(), by_voice=False).perform(read_script(path))


@pytest.mark.usefixtures("folder")
def test_a_duration_is_kept_to_the_second_and_trimmed_to_what_is_written():
    library = load_library()
    knead = library.plan("my-break").steps[1]
    runs = [item for item in knead.score if isinstance(item, Strokes)]
    assert [run.count * run.tempo for run in runs] == [45, 45]
    short = next(
        step for step in library.plan("my-break", 2).steps if step.technique == knead.technique
    )
    runs = [item for item in short.score if isinstance(item, Strokes)]
    assert [round(run.count * run.tempo) for run in runs] == [20, 20]


@pytest.mark.usefixtures("folder")
def test_a_rest_has_its_length_however_long_the_massage_is():
    for minutes in (None, 3, 30):
        rests = [s for s in load_library().plan("my-break", minutes).steps if s.technique == "rest"]
        lengths = {i.seconds for s in rests for i in s.score if isinstance(i, Strokes)}
        assert lengths == {20}


def test_the_guide_names_every_field_of_a_step_and_every_area():
    fields = set(RoutineStep.model_fields)
    assert {field for field in fields if f"`{field}: " not in GUIDE} == set()
    areas = GUIDE.partition("<!-- areas -->")[2].partition("<!-- end -->")[0]
    assert set(re.findall(r"`(\w+)`", areas)) == AREAS


def lines(routine: str, step: int, tools: tuple[str, ...] | None = None) -> list[str]:
    planned = load_library().plan(routine, tools=tools)
    return [item.text for item in planned.steps[step].score if isinstance(item, SpokenLine)]


OWN_WORDS = """\
title: Words of mine
summary: A short one.
heard_as: [words of mine]
tools: [gua sha]
prepare: Wash your hands.
steps:
  - {use: neck-sides, strokes: 10, role: opening, say_only: Just as you like it.}
  - {use: gua-sha-brow, strokes: 4, say_only: Draw my stone outward.}
  - {use: neck-sides, strokes: 5, role: closing, say: That was it.}
"""


@pytest.fixture
def own_words() -> str:
    own_folder().mkdir(parents=True, exist_ok=True)
    (own_folder() / "mine.yaml").write_text(OWN_WORDS, "utf-8")
    return "mine"


def test_own_words_replace_the_description_but_not_what_keeps_the_user_safe(own_words):
    said = lines(own_words, 0)
    assert said[0] == "Opening: Sides of the neck."
    assert "Just as you like it." in said
    assert "Never press on your windpipe, or where you feel a pulse." in said
    assert not [text for text in said if "pressure" in text.lower() or "stroke" in text]


def test_own_words_come_after_the_coachs(own_words):
    said = lines(own_words, -1)
    assert "Light pressure, just enough to move the skin." in said
    assert said.index("That was it.") > said.index("Light pressure, just enough to move the skin.")


def test_own_words_for_a_tool_are_not_said_of_the_technique_that_stands_in(own_words):
    assert "Draw my stone outward." in [
        text for step in range(4) for text in lines(own_words, step)
    ]
    bare = [text for step in range(4) for text in lines(own_words, step, tools=())]
    assert "Draw my stone outward." not in bare
    assert [text for text in bare if text.startswith("Put ") and "brow" in text]
