"""A wrong template file is refused with its path, line, field and what is allowed."""

from pathlib import Path

import pytest

from assistant.errors import ContentError
from assistant.understanding.template_files import load_templates


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("intents: [a", ["bad.yaml", "not valid YAML"]),
        ("", ["bad.yaml", "found nothing", "`intents:`"]),
        ("just words", ["found a str", "`intents:`"]),
        ("intents: 5", ["bad.yaml:1", "intents", "found 5"]),
        ("intents:\n  go: 5", ["bad.yaml:2", "intents.go", "found 5", "data"]),
        ("intents:\n  go: {data: [{}]}", ["bad.yaml:2", "intents.go.data", "sentences"]),
        (
            "intents:\n  go:\n    data:\n    - sentences:\n      - go (on",
            ["bad.yaml:5", "intents.go", '"go (on"', "[optional]"],
        ),
        (
            "lists:\n  size: {values: [a]}\nintents:\n  go: {data: [{sentences: ['go {where}']}]}",
            ["bad.yaml:4", "intents.go", "{where}", "size"],
        ),
        (
            "intents:\n  go:\n    data:\n    - sentences: ['go <where>']",
            ["bad.yaml:4", "<where>", "none is defined"],
        ),
        (
            "expansion_rules: {a: <b>, b: <a>}\nintents:\n  go:\n    data:\n    - sentences: [<a>]",
            ["bad.yaml", "circle", "a > b > a"],
        ),
        ("intents: {}\nlists:\n  size: {vlaues: [a]}", ["bad.yaml:3", "lists.size", "range"]),
        ("intents: {}\nlists:\n  n: {range: {from: 9, to: 1}}", ["bad.yaml:3", "lists.n"]),
        ("intents: {}\nskip_words: please", ["bad.yaml:2", "skip_words", "a list of words"]),
        ("intents: {go: {data: [{sentences: [5]}]}}", ["intents.go", "found 5", "template"]),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, content: str, said: list[str]) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ContentError) as refused:
        load_templates([path])
    for part in said:
        assert part in str(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"none\.yaml"):
        load_templates([tmp_path / "none.yaml"])


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sound.yaml"
    path.write_bytes(b"RIFF\xff\xfe\x00WAVE")
    with pytest.raises(ContentError, match=r"sound\.yaml"):
        load_templates([path])


def test_files_are_merged(tmp_path: Path) -> None:
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text("intents: {go: {data: [{sentences: [go]}]}}", encoding="utf-8")
    two.write_text("intents: {go: {data: [{sentences: [walk]}]}}", encoding="utf-8")
    assert [group.intent for group in load_templates([one, two]).groups] == ["go", "go"]
