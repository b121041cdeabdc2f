"""A problem in a routine file is reported with path, line, field, and what is allowed."""

import pytest

from assistant._resources import resource
from assistant.errors import ContentError
from assistant.library.check import check_file
from assistant.library.library import Library, own_folder
from tests.library.files import GOOD, TECHNIQUE

MUCH = {
    "brackets": "(" * 1_500 + "eyes" + ")" * 1_500,
    "letters": "eyes " * 1_000,
    "one word": "(a|b)" * 30,
    "orders": "(a;b;c;d;e;f;g;h;i;j;k;l;m;n;o;p;q;r;s;t)",
    "options": " ".join(f"[w{n}]" for n in range(300)),
    "an empty option": "eyes []",
    "an empty choice": "eyes (a||b)",
    "no words": "()",
    "a mix": "(a|b;c)",
    "a last backslash": "eyes \\",
    "a list": "eyes {area}",
}


@pytest.mark.parametrize("template", MUCH.values(), ids=MUCH)
def test_a_template_that_could_not_be_used_is_refused_and_costs_its_file_only(
    problems_of, massage, template: str
):
    content = GOOD.replace("[quick eyes]", f"['{template}']")
    [problem] = problems_of(content)
    assert problem.startswith("3: heard_as: found ")
    assert "; allowed: " in problem
    own_folder().mkdir(parents=True)
    (own_folder() / "mine.yaml").write_text(content, "utf-8")
    done = massage("chat", stdin="stop\n")
    assert done.status == 0
    assert problem in done.err.replace("\n", " ")


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


def test_what_neighbors_share_is_told_once_and_they_are_checked_all_the_same(massage, tmp_path):
    (tmp_path / "techniques").mkdir()
    (tmp_path / "sources.yaml").write_text("sources:\n  MINE: {title: Mine}\n")
    technique = TECHNIQUE.replace("source: [", "source: [MINE, ")
    wrong = technique.replace("pressure: light", "pressure: x")
    (tmp_path / "techniques" / "a.yaml").write_text(wrong)
    (tmp_path / "techniques" / "b.yaml").write_text(technique)
    for name in ("one", "two", "zoo"):
        (tmp_path / f"{name}.yaml").write_text(GOOD)
    rows = massage("check", tmp_path).out.splitlines()
    assert [row for row in rows if "sources.yaml" in row] == [
        f"{tmp_path / 'sources.yaml'}:2: url: found nothing; allowed: where to read it",
        f"{tmp_path / 'sources.yaml'}:2: grade: found nothing; allowed: "
        "A trial, hospital or public health; B clinician or training; C vendor or blog",
    ]
    assert f"{tmp_path / 'zoo.yaml'}: good" in rows
    assert f"{tmp_path / 'techniques' / 'b.yaml'}: good" in rows
    assert [row for row in rows if "'x'" in row] == [
        f"{tmp_path / 'techniques' / 'a.yaml'}:6: pressure: found 'x'; allowed: "
        "'rest', 'feather', 'light', 'moderate' or 'firm'"
    ]
    one = massage("check", tmp_path / "one.yaml", tmp_path / "two.yaml").out.splitlines()
    assert len([row for row in one if "sources.yaml" in row]) == 2


def test_a_routine_whose_own_technique_is_broken_is_not_good(massage, tmp_path, problems_of):
    problems_of(TECHNIQUE.replace("tempo: 2", "tempo: 0"), "techniques/my-circles.yaml")
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD.replace("under-eye-sweep", "my-circles"))
    done = massage("check", path)
    assert done.status == 1
    assert "my-circles.yaml:7: tempo: found 0; allowed: 1 or more" in done.out


def test_a_technique_with_the_name_of_a_shipped_one_is_reported_as_it_is_never_used(problems_of):
    changed = TECHNIQUE.replace("tempo: 2", "tempo: 3")
    (found,) = problems_of(changed, "techniques/temple-circles.yaml")
    assert "found the name of a shipped technique, 'temple-circles'" in found
    assert problems_of(TECHNIQUE, "techniques/temple-circles.yaml") == []
