"""No template means something without the words that tell what is meant.

"It's on the left" once ended the massage: its only telling word, "hurting", could be left out.
"""

from pathlib import Path

import pytest

from assistant._resources import resource
from assistant.library.check import check_file
from assistant.understanding.telling_words import said_in_passing
from assistant.understanding.template_files import SENTENCES, load_templates

KNOWN = Path(__file__).with_name("said_in_passing.txt")
FILE = """\
intents:
  stop:
    data:
      - sentences:
          - {}
lists:
  side: {{values: [left, right]}}
  tool: {{values: ["[my] roller"]}}
expansion_rules:
  its: "(it's|it is)"
  do: "[(can you|please|i want to)]"
"""


@pytest.fixture
def problems(tmp_path: Path):
    def check(template: str) -> list[str]:
        path = tmp_path / "mine.yaml"
        path.write_text(FILE.format(f'"{template}"'), "utf-8")
        return [problem.removeprefix(f"{path}:") for problem in check_file(path)]

    return check


@pytest.mark.parametrize(
    ("template", "remains"),
    [
        ("it's [hurting] on the left", "it's on the left"),
        ("<its> [hurting] on (my|the) {side} [side]", "it's on my left"),
        ("[(stop|end)] this [massage] [now]", "this"),
        ("<do> it", "it"),
        ("i'm on one side [(that hurts|and it hurts)]", "i'm on one side"),
        ("(this|stop that) [(now|at once)]", "this"),
        ("[{tool}] please", "please"),
        ("[go] [home]", ""),
    ],
)
def test_a_template_whose_telling_word_is_optional_is_refused(
    problems, template: str, remains: str
) -> None:
    [problem] = problems(template)
    left = f"'{remains}'" if remains else "nothing"
    assert problem.startswith(f"5: sentences: found '{template}', of which {left} remains ")
    assert "; allowed: " in problem


@pytest.mark.parametrize(
    "template",
    [
        *(
            "yes",
            "that's it",
            "[please] now",
            "it's (hurting|sore) on the {side}",
            "<do> stop [it]",
        ),
        *("[turn] left [(or|and)] stop", "{1..9:steps} [steps back]", "[with] {tool}"),
    ],
)
def test_what_tells_enough_or_is_written_out_is_not(problems, template: str) -> None:
    assert problems(template) == []


def test_a_way_to_ask_for_a_massage_has_to_tell_too(tmp_path: Path) -> None:
    shipped = (resource("routines") / "puffy-eyes.yaml").read_text("utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(shipped.replace("heard_as:\n", 'heard_as:\n  - "[puffy] (this|that) one"\n'))
    [problem] = check_file(path)
    assert ": heard_as: found '[puffy] (this|that) one', of which 'that one' remains" in problem


@pytest.mark.parametrize(
    "path",
    [*sorted(SENTENCES.glob("*.yaml")), *sorted(resource("routines").glob("*.yaml"))],
    ids=lambda path: path.stem,
)
def test_every_shipped_file_passes(path: Path) -> None:
    assert check_file(path) == []


def test_what_can_still_be_said_in_passing_has_been_read() -> None:
    """A new line: take out what would act by accident, and add the rest to the list."""
    made = {name: [("x", "x")] for name in ("topic", "condition", "routine")}
    templates = load_templates(sorted(SENTENCES.glob("*.yaml")), made)
    lists = {name: values for name, values in templates.lists.items() if name not in made}
    found = {
        f"{group.intent}: {text}"
        for group in templates.groups
        for sentence in group.data.sentences
        for text in said_in_passing(
            sentence,
            {**templates.rules, **group.data.expansion_rules},
            {**lists, **group.data.slot_lists},
        )
    }
    lines = KNOWN.read_text("utf-8").splitlines()
    known = {line for line in lines if not line.startswith("#")}
    assert sorted(found - known) == []
    assert sorted(known - found) == []
