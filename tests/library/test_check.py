"""A problem in a routine file is reported with path, line, field, and what is allowed."""

import pytest

from assistant._resources import resource
from assistant.errors import ContentError
from assistant.library.check import check_file
from assistant.library.library import Library

GOOD = """\
title: Quick eyes
summary: A short one.
heard_as: [quick eyes]
tools: [hands]
prepare: Wash your hands.
steps:
  - use: neck-sides
    strokes: 10
    role: opening
  - use: under-eye-sweep
    strokes: 6
    trim_to: 3
  - use: neck-sides
    strokes: 5
    role: closing
"""

TECHNIQUE = (resource("routines") / "techniques" / "temple-circles.yaml").read_text("utf-8")


@pytest.fixture
def problems_of(tmp_path):
    """Check a file with this content, and return its problems without the path."""

    def check(content: str | bytes, name: str = "mine.yaml") -> list[str]:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        problems = check_file(path)
        assert all(problem.startswith(f"{path}:") for problem in problems)
        return [problem.removeprefix(f"{path}:") for problem in problems]

    return check


def test_a_right_file_has_no_problems(problems_of):
    assert problems_of(GOOD) == []
    assert problems_of(TECHNIQUE, "techniques/mine.yaml") == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("strokes: 6", "strokes: many", "11: strokes: found 'many'; allowed: a whole number"),
        ("strokes: 6", "strokes: 0", "11: strokes: found 0; allowed: 1 or more"),
        ("strokes: 6", "strokes:", "11: strokes: found nothing; allowed: a whole number"),
        (
            "role: opening",
            "role: start",
            "9: role: found 'start'; allowed: 'opening', 'work' or 'closing'",
        ),
        (
            "trim_to: 3",
            "trim_to: 9",
            "12: trim_to: found 9; allowed: at most the number of strokes, 6",
        ),
        ("trim_to", "trimto", "12: trimto: found an unknown field; did you mean 'trim_to'?"),
        ("summary", "sumary", "1: summary: found nothing; allowed: one sentence: "),
        ("summary", "sumary", "2: sumary: found an unknown field; did you mean 'summary'?"),
        (
            "under-eye-sweep",
            "under-eye-sweeps",
            "10: use: found 'under-eye-sweeps', an unknown technique; "
            "did you mean 'under-eye-sweep'?",
        ),
        ("    strokes: 6", "\tstrokes: 6", "11: indentation: found a tab; allowed: spaces"),
        ("title: Quick eyes", "title: [Quick", "2: file: found "),
        ("tools: [hands]", "tools: hands", "4: tools: found 'hands'; allowed: a list"),
        ("tools: [hands]", "tools: [hand]", "4: tools: found 'hand'; allowed: 'hands', 'cloth', "),
        ("title: Quick eyes", "title: 5", "1: title: found 5; allowed: text"),
        ("tools: [hands]", "title: Again", "4: title: found a second time; allowed: once"),
        (
            "    role: opening",
            "    use: belly-breaths",
            "9: use: found a second time; allowed: once",
        ),
        ("[quick eyes]", "['quick (eyes']", "3: heard_as: found 'quick (eyes'; allowed: words, "),
        ("Wash your hands.", "Wash your hands", "5: prepare: found 'Wash your hands'; allowed: "),
        ("A short one.", "So " * 21 + "long.", "2: summary: found "),
    ],
)
def test_a_wrong_line_is_named_with_what_is_allowed(problems_of, old, new, problem):
    assert old in GOOD
    found = problems_of(GOOD.replace(old, new))
    assert any(text.startswith(problem) for text in found), found


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "pressure: light",
            "pressure: hard",
            "6: pressure: found 'hard'; allowed: 'rest', 'feather'",
        ),
        ("tempo: 2", "tempo: 0.2", "7: tempo: found 0.2; allowed: 1 or more"),
        ("contact:", "contcat:", "4: contcat: found an unknown field; did you mean 'contact'?"),
        ("stroke: circle", "stroke: slap", "3: stroke: found 'slap'; allowed: 'glide', 'stretch'"),
    ],
)
def test_a_wrong_line_of_a_technique_is_named(problems_of, old, new, problem):
    assert old in TECHNIQUE
    found = problems_of(TECHNIQUE.replace(old, new), "techniques/mine.yaml")
    assert any(text.startswith(problem) for text in found), found


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "1: file: found nothing; allowed: fields with values"),
        (b"# only a remark\n", "1: file: found nothing; allowed: fields with values"),
        (b"- a\n- b\n", "1: file: found no fields; allowed: fields with values"),
        (b"title: a\nsummary: caf\xe9\n", "2: file: found byte 0xe9; allowed: UTF-8"),
        (b"\x7fELF\x00\x01", "1: file: found binary data; allowed: YAML text"),
        (b"title: \x07\n", "1: file: found "),
        (b"title: !!python/object:os.system {}\n", "1: file: found "),
        (b"a: &a [*a]\n", "1: file: found too much; "),
        (b"a: " + b"[" * 5000 + b"]" * 5000, "1: "),
    ],
)
def test_a_file_that_is_not_a_routine_has_at_least_one_problem(problems_of, content, problem):
    found = problems_of(content)
    assert any(text.startswith(problem) for text in found), found


def test_all_problems_of_a_file_are_reported_at_once(problems_of):
    found = problems_of(GOOD.replace("strokes: 6", "strokes: x").replace("opening", "first"))
    assert [text.split(":")[0] for text in found] == ["9", "11"]


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    missing = tmp_path / "none.yaml"
    assert check_file(missing) == [f"{missing}:1: file: found nothing; allowed: a file that exists"]
    assert check_file(tmp_path) == [
        f"{tmp_path}:1: file: found is a directory; allowed: a readable file"
    ]


def test_a_technique_next_to_the_routine_is_found(tmp_path, problems_of):
    assert problems_of(TECHNIQUE, "techniques/my-circles.yaml") == []
    routine = GOOD.replace("under-eye-sweep", "my-circles")
    assert problems_of(routine) == []
    assert Library([resource("routines"), tmp_path]).plan("mine").steps[1].title == "Temple circles"


def test_a_broken_file_of_the_users_is_left_out_and_reported(tmp_path):
    (tmp_path / "broken.yaml").write_text(GOOD.replace("strokes: 6", "strokes: x"))
    (tmp_path / "sound.yaml").write_text(GOOD)
    library = Library([resource("routines"), tmp_path])
    problem = f"{tmp_path / 'broken.yaml'}:11: strokes: found 'x'; allowed: a whole number"
    assert "sound" in library.routines
    assert "broken" not in library.routines
    assert library.problems == (problem,)
    with pytest.raises(ContentError) as refusal:
        library.routine("broken")
    assert str(refusal.value) == problem
