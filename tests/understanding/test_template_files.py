"""A wrong template file is refused with its path, line, field, what was found and what is allowed.

The line is that of the very sentence, list or rule, whatever else in the file reads the same.
"""

from pathlib import Path

import pytest

from assistant.errors import ContentError
from assistant.template_size import MOST_WORK_IN_ALL
from assistant.understanding import template_bounds
from assistant.understanding.interpreter import Interpreter
from assistant.understanding.template_files import SENTENCES, load_templates

INTENTS = """\
intents:
  go:
    data:
      - sentences:
          - go home
          - {}
"""


def refusal(tmp_path: Path, content: str) -> str:
    """What is said about a file with that content, without the folder."""
    path = tmp_path / "bad.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ContentError) as refused:
        load_templates([path])
    return str(refused.value).replace(f"{tmp_path}/", "")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "bad.yaml:1: file: found nothing; allowed: fields with values"),
        ("just words", "bad.yaml:1: file: found no fields; allowed: fields with values"),
        ("intents: 5", "bad.yaml:1: intents: found 5; allowed: fields with values"),
        ("intents:\n  go: 5", "bad.yaml:2: go: found 5; allowed: fields with values"),
        (
            "intents:\n  go: {}",
            "bad.yaml:2: data: found nothing; allowed: a list of groups, such as {sentences: [..]}",
        ),
        (
            "intents:\n  go:\n    data:\n      - slots: {a: 1}",
            "bad.yaml:4: sentences: found nothing; allowed: a list of templates",
        ),
        (
            "intents:\n  data: {dta: []}",  # an intent may be called like a field
            "bad.yaml:2: data: found nothing; allowed: a value",
        ),
        (INTENTS.format("5"), "bad.yaml:6: sentences: found 5; allowed: text"),
        (
            "lists:\n  size: {vlaues: [a]}",
            "bad.yaml:2: size: found fields with values; "
            "allowed: {values: [..]}, {range: {from: 1, to: 9}} or {wildcard: true}",
        ),
        (
            "lists:\n  size:\n    values:\n      - small\n      - {on: large}",
            "bad.yaml:5: values: found fields with values; "
            "allowed: text, or {in: template, out: text or a number}",
        ),
        (
            "lists:\n  n:\n    range: {from: 9, to: 1}",
            "bad.yaml:3: range: found fields with values; "
            "allowed: `from` up to `to`, the smaller one first",
        ),
        ("skip_words: please", "bad.yaml:1: skip_words: found 'please'; allowed: a list"),
        ("skip_words: [yes]", "bad.yaml:1: skip_words: found true; allowed: text"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, content: str, said: str) -> None:
    assert refusal(tmp_path, content) == said


@pytest.mark.parametrize(
    ("place", "content"),
    [
        ("6: sentences", INTENTS.format("'go (on'")),
        ("1: where", f"expansion_rules: {{where: 'go (on'}}\n{INTENTS.format('<where>')}"),
        ("1: values", f"lists: {{where: {{values: ['go (on']}}}}\n{INTENTS.format('go {where}')}"),
        ("8: to", INTENTS.format("go") + "        expansion_rules:\n          to: go (on"),
    ],
    ids=["sentence", "rule", "list", "rule of a group"],
)
def test_a_template_that_does_not_parse_is_refused(
    tmp_path: Path, place: str, content: str
) -> None:
    assert refusal(tmp_path, content) == (
        f"bad.yaml:{place}: found 'go (on', which does not parse; "
        "allowed: words, (a|b), [optional], {list}, <rule>, (a;b)"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            INTENTS.format("'{where}'"),
            "6: sentences: found {where}, an unknown list; allowed: none",
        ),
        (
            INTENTS.format("go <wher>") + "expansion_rules:\n  where: home",
            "6: sentences: found <wher>, an unknown rule; did you mean 'where'?",
        ),
        (
            INTENTS.format("go <where>") + "expansion_rules:\n  where: to {place}",
            "8: where: found {place}, an unknown list; allowed: none",
        ),
        (
            INTENTS.format("go {where}") + "lists:\n  where:\n    values:\n      - to <place>",
            "8: where: found <place>, an unknown rule; allowed: none",
        ),
        (INTENTS.format("'{9..1:steps}'"), "6: sentences: found {9..1}; allowed: the smaller"),
        (
            INTENTS.format("<a>") + "expansion_rules:\n  a: <b>\n  b: to <a>",
            "9: b: found the circle a > b > a; allowed: rules that do not lead back",
        ),
    ],
    ids=["list", "rule", "inside a rule", "inside a list", "numbers", "circle"],
)
def test_a_reference_that_leads_nowhere_is_refused(tmp_path: Path, content: str, said: str) -> None:
    assert refusal(tmp_path, content).startswith(f"bad.yaml:{said}")


def test_of_two_equal_templates_the_wrong_one_is_named(tmp_path: Path) -> None:
    content = """\
intents:
  walk:
    data:
      - sentences: ["go to {where}"]
        lists: {where: {values: [rome]}}
  drive:
    data:
      - sentences:
          - drive
          - go to {where}
"""
    assert refusal(tmp_path, content).startswith("bad.yaml:10: sentences: found {where}")


def test_a_name_that_stands_elsewhere_too_does_not_mislead(tmp_path: Path) -> None:
    content = """\
# size: what is said about size
skip_words: [size]
intents:
  size:
    data:
      - sentences: ["size: [of it]"]
lists:
  shape: {values: [round]}
  size: {}
"""
    assert refusal(tmp_path, content).startswith("bad.yaml:9: size: found fields with values")


def test_a_name_given_twice_is_refused(tmp_path: Path) -> None:
    content = INTENTS.format("go on") + "  go: {data: []}"
    assert refusal(tmp_path, content) == "bad.yaml:7: go: found a second time; allowed: once"


def test_all_problems_of_a_kind_are_told_at_once(tmp_path: Path) -> None:
    content = "risky: stop\nconnectors: [5]\nintents:\n  go:\n    data: []\n  stop: 1"
    lines = [line.split(":")[1] for line in refusal(tmp_path, content).split("\n")]
    assert sorted(lines) == ["1", "2", "6"]


def test_the_wrong_one_of_several_files_is_named(tmp_path: Path) -> None:
    """Although files are merged: both add sentences to one intent."""
    good = tmp_path / "good.yaml"
    good.write_text(INTENTS.format("go on"), encoding="utf-8")
    bad = tmp_path / "bad.yaml"
    bad.write_text(INTENTS.format("go on") + "          - go {where}", encoding="utf-8")
    for paths in ([good, bad], [bad, good]):
        with pytest.raises(ContentError) as refused:
            load_templates(paths)
        assert str(refused.value).startswith(f"{bad}:7: sentences: found {{where}}")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"none\.yaml:1: file: found nothing"):
        load_templates([tmp_path / "none.yaml"])


def test_files_are_merged(tmp_path: Path) -> None:
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text("intents: {go: {data: [{sentences: [go]}]}}", encoding="utf-8")
    two.write_text("intents: {go: {data: [{sentences: [walk]}]}}", encoding="utf-8")
    assert [group.intent for group in load_templates([one, two]).groups] == ["go", "go"]


def test_what_only_other_programs_use_is_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "home.yaml"
    content = "responses: {errors: {no_intent: Sorry}}\n" + INTENTS.format("go on")
    path.write_text(content + "        response: gone\n        required_keywords: [go]\n")
    assert len(load_templates([path]).groups) == 1


DOUBLED = "".join(f"  r{n}: '<r{n - 1}> <r{n - 1}>'\n" for n in range(1, 12))
CHAIN = "".join(f"  r{n}: 'and <r{n - 1}>'\n" for n in range(1, 500))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (INTENTS.format("(" * 1_500 + "a" + ")" * 1_500), "6: sentences: found '((("),
        (INTENTS.format(f"'{'go ' * 5_000}'"), "6: sentences: found 'go go"),
        (INTENTS.format("'(a;b;c;d;e;f)'"), "6: sentences: found '(a;b;c;d;e;f)'"),
        (INTENTS.format("(a|b)" * 30), "6: sentences: found '(a|b)(a|b)"),
        (
            INTENTS.format("'" + " ".join(f"[w{n}]" for n in range(500)) + "'"),
            "6: sentences: found '[w0] [w1]",
        ),
        (
            INTENTS.format("<r11>") + "expansion_rules:\n  r0: '[a] [b]'\n" + DOUBLED,
            "6: sentences: found '<r11>'",
        ),
        (
            INTENTS.format("<r499>") + "expansion_rules:\n  r0: a\n" + CHAIN,
            "496: r488: found <r487>",
        ),
        (
            INTENTS.format("\n          - ".join(f"<r{n}>" for n in range(500)))
            + "expansion_rules:\n  r0: a\n"
            + CHAIN,
            "519: r12: found <r11>",
        ),
        (INTENTS.format("'{1..1000000:n}'"), "6: sentences: found {1..1000000}"),
        (INTENTS.format("'{1..5,0:n}'"), "6: sentences: found {1..5,0}"),
        ("lists:\n  n: {range: {from: 1, to: 1000000}}", "2: range: found fields"),
        ("lists:\n  n: {range: {from: 1, to: 101, fractions: tenths}}", "2: range: found fields"),
        ("lists:\n  n: {range: {from: 9999999999, to: 9999999999}}", "2: range: found fields"),
        ("lists:\n  n: {range: {from: 1, to: 9, multiplier: .inf}}", "2: multiplier: found inf"),
        (f"lists:\n  n: {{values: ['{'(' * 99}']}}", "2: values: found '((("),
        (INTENTS.format("\n          - ".join(["go home"] * 20_000)), "149"),
    ],
    ids=[
        *("brackets", "letters", "orders", "one word", "options"),
        *("doubled rules", "chained rules", "rules in order", "inline range", "no step", "range"),
        *("tenths", "large number", "infinite number", "brackets in a list", "sentences in all"),
    ],
)
def test_what_stands_for_too_much_is_refused_at_once(
    tmp_path: Path, content: str, said: str
) -> None:
    found = refusal(tmp_path, content)
    assert found.startswith(f"bad.yaml:{said}")
    assert "; allowed: " in found
    assert "\n" not in found


def test_numbers_in_one_template_cost_no_more_than_words(tmp_path: Path) -> None:
    """Each of them is spoken as two words, and each may be left out."""
    path = tmp_path / "numbers.yaml"
    numbers = " ".join(f"[{n}]" for n in range(21, 99) if n % 10)
    path.write_text(INTENTS.format(f"'go {numbers}'"), encoding="utf-8")
    interpreter = Interpreter(load_templates([path]))
    assert interpreter.interpret("go 21 57 98")[0].name == "go"
    assert "fifty seven" in " ".join(interpreter.grammar(None).phrases)


def test_the_shipped_templates_keep_well_below_the_bounds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So a few more sentences are not refused one day."""
    monkeypatch.setattr(template_bounds, "MOST_WORK_IN_ALL", MOST_WORK_IN_ALL // 2)
    lists = {name: [("x", "x")] for name in ("topic", "condition", "routine")}
    load_templates(sorted(SENTENCES.glob("*.yaml")), lists)
