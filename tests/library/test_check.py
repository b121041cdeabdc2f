"""A problem in a routine file is reported with path, line, field, and what is allowed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant._resources import resource
from assistant.errors import ContentError, PlanRefused
from assistant.library.check import check_file
from assistant.library.library import Library, own_folder

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


def with_tags(*tags: str, **fields: str) -> str:
    text = TECHNIQUE.replace("area_tags: [temples]", f"area_tags: [{', '.join(tags)}]")
    assert text != TECHNIQUE or tags == ("temples",)
    for field, value in fields.items():
        assert f"\n{field}: " in text or field == "tool"
        rows = [row for row in text.splitlines() if not row.startswith(f"{field}: ")]
        text = "\n".join([*rows, f"{field}: {value}", ""])
    return text


@pytest.mark.parametrize("area", ["neck", "eyes"])
@pytest.mark.parametrize("pressure", ["moderate", "firm"])
def test_pressure_on_the_neck_and_round_the_eyes_is_warned_of(problems_of, area, pressure):
    (found,) = problems_of(
        with_tags("jaw", area, stroke="knead", pressure=pressure), "techniques/mine.yaml"
    )
    assert found.partition(" ")[2] == (
        f"pressure: found '{pressure}' where area_tags name the {area}; "
        "allowed: rest, feather, light"
    )


def test_pressure_that_a_step_sets_counts_too(problems_of):
    (found,) = problems_of(GOOD.replace("role: opening", "role: opening\n    pressure: firm"))
    assert found.startswith("10: pressure: found 'firm' where area_tags name the neck; allowed: ")


@pytest.mark.parametrize("area", ["shoulders", "scalp", "hands"])
def test_elsewhere_kneading_may_be_firm(problems_of, area):
    assert problems_of(with_tags(area, stroke="knead", pressure="firm"), "techniques/a.yaml") == []


@pytest.mark.parametrize("area", ["neck", "eyes", "temples"])
def test_a_device_is_warned_of_where_it_must_not_go(problems_of, area):
    (found,) = problems_of(with_tags(area, tool="device"), "techniques/mine.yaml")
    assert f"tool: found a device where area_tags name the {area}; allowed: " in found


def test_an_area_must_be_known_or_declared(tmp_path, problems_of):
    (found,) = problems_of(with_tags("neckk"), "techniques/mine.yaml")
    assert "area_tags: found 'neckk', which neither we nor an areas.yaml declares; " in found
    assert found.endswith("did you mean 'neck'?")
    (found,) = problems_of(with_tags("feet"), "techniques/mine.yaml")
    (tmp_path / "areas.yaml").write_text("areas: {feet: [feet, foot]}\n")
    assert problems_of(with_tags("feet"), "techniques/mine.yaml") == []
    (found,) = problems_of("areas: {Feet!: [feet]}\n", "areas.yaml")
    assert "names in lowercase letters" in found


def test_a_gua_sha_massage_of_the_neck_that_opens_with_oil_alone_is_not_good(tmp_path, problems_of):
    technique = with_tags("neck", tool="gua sha", stroke="scrape", pressure="light")
    assert problems_of(technique, "techniques/neck-stone.yaml") == []
    routine = GOOD.replace("under-eye-sweep", "neck-stone").replace("neck-sides", "oil-on", 1)
    assert problems_of(routine) == [
        "6: steps: found only oil as opening; allowed: at least one with role: opening "
        "that does more"
    ]
    with pytest.raises(PlanRefused):
        Library([resource("routines"), tmp_path]).plan("mine")


@pytest.mark.parametrize("words", ["()", "[]", "a [ ] b", "!", "(" * 3000 + "a" + ")" * 3000])
def test_words_that_would_break_the_conversation_are_not_good(problems_of, words):
    (found,) = problems_of(GOOD.replace("[quick eyes]", f"['{words}']"))
    assert found.startswith("3: heard_as: found ")


SHIPPED = Library([resource("routines")])


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["oil-on", "rest", *sorted(SHIPPED.techniques)]),
            st.sampled_from(["opening", "work", "closing"]),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_good_can_be_shown(tmp_path_factory, parts):
    folder = tmp_path_factory.mktemp("own")
    steps = "".join(f"  - {{use: {use}, strokes: 4, role: {role}}}\n" for use, role in parts)
    (folder / "mine.yaml").write_text(GOOD.partition("  - use")[0] + steps)
    if check_file(folder / "mine.yaml") == []:
        assert Library([resource("routines"), folder]).plan("mine").steps


STEP = "use: under-eye-sweep\n    strokes: 6\n    trim_to: 3"


@pytest.mark.parametrize(
    "step",
    [
        "use: under-eye-sweep\n    duration: 45 s",
        "use: under-eye-sweep\n    duration: 1.5 min\n    trim_to: 30 s",
        "use: under-eye-sweep\n    duration: 45\n    say: Think of the sea.",
        "use: under-eye-sweep\n    strokes: 6\n    say_only: As you like it.",
        "rest: 20 seconds",
        "rest: 20 s\n    say_only: Drink some water.\n    optional: true",
    ],
)
def test_steps_may_be_written_in_seconds_be_rests_and_have_own_words(problems_of, step):
    assert STEP in GOOD
    assert problems_of(GOOD.replace(STEP, step)) == []


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("strokes: 6", "10: use: found nothing; allowed: a technique's identifier, "),
        ("use: eye-palms", "10: strokes: found nothing; allowed: a whole number, or a duration"),
        ("use: eye-palms\n    duration: long", "11: duration: found 'long'; allowed: a time such"),
        ("use: eye-palms\n    duration: 1 s", "11: duration: found '1 s'; allowed: 2 or more"),
        ("use: eye-palms\n    duration: 20 min", "11: duration: found '20 min'; allowed: 600 or"),
        (
            "use: eye-palms\n    duration: 9 s\n    strokes: 5",
            "12: strokes: found 5; allowed: either strokes or duration",
        ),
        (
            "use: eye-palms\n    duration: 30 s\n    trim_to: 40 s",
            "12: trim_to: found '40 s'; allowed: at most the duration, 30 s",
        ),
        ("rest: 20 s\n    use: eye-palms", "11: use: found 'eye-palms'; allowed: either use or"),
        ("rest: 20 s\n    strokes: 3", "11: strokes: found 3; allowed: either strokes or rest"),
        ("rest: 20 s\n    duration: 3 s", "11: duration: found '3 s'; allowed: nothing beside"),
        ("rest: 20 s\n    sides: each", "11: sides: found 'each'; allowed: nothing beside rest"),
        ("rest: 20 s\n    trim_to: 5 s", "11: trim_to: found '5 s'; allowed: nothing beside rest"),
        (
            "rest: 20 s\n    say: Yawn.\n    say_only: Drink.",
            "12: say_only: found 'Drink.'; allowed: either say or say_only",
        ),
        ("rest: 20 s\n    say: Pause.", "11: say: found 'Pause.', which is a command when said"),
        ("rest: 20 s\n    say: It detoxes.", "11: say: found the promise 'detoxes'; allowed: "),
        ("rest: 20 s\n    say: Drink water", "11: say: found 'Drink water'; allowed: whole sent"),
        ("rest: soon", "10: rest: found 'soon'; allowed: a time such as 45 s or 2 min"),
    ],
)
def test_a_step_that_says_two_things_at_once_is_told_apart(problems_of, step, problem):
    (found,) = problems_of(GOOD.replace(STEP, step))
    assert found.startswith(problem), found
