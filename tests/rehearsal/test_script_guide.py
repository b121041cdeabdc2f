"""The guide for authors: every example passes, and every failure looks as shown."""

import re
from functools import cache
from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.dialogue.state import MODES
from assistant.errors import ScriptError
from assistant.rehearsal.header import FIELDS
from assistant.rehearsal.lines import ALLOWED
from assistant.rehearsal.script import read_script
from assistant.rehearsal.stage import Stage

GUIDE = (Path(__file__).parents[2] / "docs" / "dialogue-scripts.md").read_text("utf-8")
BLOCKS = re.findall(r"^```([a-z-]+)\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
EXAMPLES = [text for kind, text in BLOCKS if kind == "dialogue"]
FAILURES = [
    (text, shown)
    for (kind, text), (after, shown) in zip(
        [block for block in BLOCKS if block[0] == "dialogue-that-fails"],
        [block for block in BLOCKS if block[0] == "failure"],
        strict=True,
    )
]


@cache
def stage() -> Stage:
    return Stage(Settings(), by_voice=False)


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.splitlines()[0].lstrip("# "))
def test_an_example_in_the_guide_passes(tmp_path: Path, text: str) -> None:
    path = tmp_path / "example.dialogue"
    path.write_text(text)
    stage().perform(read_script(path))


@pytest.mark.parametrize(("text", "shown"), FAILURES)
def test_a_failure_in_the_guide_looks_as_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, shown: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path(shown.partition(":")[0])
    path.write_text(text)
    with pytest.raises(ScriptError) as failed:
        stage().perform(read_script(path))
    assert _untimed(str(failed.value)).startswith(_untimed(shown.rstrip("\n")))


def _untimed(shown: str) -> str:
    """Remove the seconds: they change with every word of the coach."""
    return re.sub(r" *\d+\.\d\d ", " ", shown)


def test_the_guide_names_every_direction_state_and_field() -> None:
    assert FAILURES
    directions = set(re.findall(r"\[[^]]+\]", ALLOWED)) | {"[at once]"}
    assert {direction for direction in directions if f"`{direction}`" not in GUIDE} == set()
    states = GUIDE.partition("<!-- states -->")[2].partition("<!-- end -->")[0]
    assert set(re.findall(r"`(\w+)`", states)) == set(MODES)
    assert [field for field in FIELDS if f"| `{field}: " not in GUIDE] == []
