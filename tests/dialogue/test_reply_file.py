"""The reply file: every wrong line is refused with one sentence that says where and why."""

from pathlib import Path

import pytest

from assistant.errors import ContentError
from assistant.library.shipped import load_replies


@pytest.fixture
def reply_file(tmp_path: Path) -> Path:
    return tmp_path / "en.yaml"


def test_a_sentence_and_a_list_of_them_are_both_wordings(reply_file: Path) -> None:
    reply_file.write_text("paused: Paused.\nresumed:\n  - Going on.\n  - On we go.\n")
    replies = load_replies(reply_file)
    assert replies.text("paused", variant=7) == "Paused."
    assert [replies.text("resumed", variant) for variant in range(3)] == [
        "Going on.",
        "On we go.",
        "Going on.",
    ]


def test_slots_are_filled(reply_file: Path) -> None:
    reply_file.write_text('more strokes: "{count} more."\n')
    replies = load_replies(reply_file)
    assert replies.slots("more strokes") == {"count"}
    assert replies.text("more strokes", count="ten") == "ten more."


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("hello: Hello.\npaused: 5\n", "2: paused: found 5; allowed: text"),
        ("hello: Hello.\npaused:\n", "2: paused: found nothing; allowed: text"),
        ("paused: []\n", "1: paused: found an empty list; allowed: a list that is not empty"),
        ("paused: ''\n", "1: paused: found ''; allowed: text that is not empty"),
        (
            "paused:\n  - Paused.\n  - {when: later}\n",
            "3: paused: found fields with values; allowed: text",
        ),
        (
            "hello: Hello.\n\nwhy: Because {why\n",
            "3: why: found 'Because {why'; allowed: a name between { and }, and no brace alone",
        ),
        (
            'why: "{0}"\n',
            "1: why: found '{0}'; allowed: names alone between { and }, such as {title}",
        ),
        ("hello: Hello.\nhello: Hi.\n", "2: hello: found a second time; allowed: once"),
        ("- Hello.\n", "1: file: found no fields; allowed: fields with values"),
        ("", "1: file: found nothing; allowed: fields with values"),
        ("hello: [Hello\n", "2: file: found"),
    ],
)
def test_a_wrong_file_is_refused(reply_file: Path, content: str, problem: str) -> None:
    reply_file.write_text(content)
    with pytest.raises(ContentError) as refusal:
        load_replies(reply_file)
    assert str(refusal.value).startswith(f"{reply_file}:{problem}")
    assert "\n" not in str(refusal.value)
