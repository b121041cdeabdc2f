"""What somebody may have meant is found in one way everywhere."""

from typing import Any

import pytest

from assistant.nearest import nearest, offer


@pytest.mark.parametrize(
    ("word", "options", "found"),
    [
        ("strok", {}, ["stroke"]),
        ("strok", {"limit": 3}, ["stroke", "strokes"]),
        ("jaw", {}, ["jaw-clenching"]),
        ("jaw", {"whole": True}, []),
        ("strok", {"at_least": 95}, []),
        ("xyz", {"limit": 3}, []),
    ],
)
def test_the_most_similar_come_first(word: str, options: dict[str, Any], found: list[str]) -> None:
    choices = ["strokes", "jaw-clenching", "stroke"]
    assert nearest(word, choices, **options) == found


def test_several_spellings_of_one_thing_are_one_answer() -> None:
    spellings: list[str | tuple[str, str]] = [
        "puffy-eyes",
        ("Puffy eyes", "puffy-eyes"),
        ("tired puffy eyes", "eye-circles"),
    ]
    assert nearest("puffy eye", spellings, limit=2) == ["puffy-eyes", "eye-circles"]


def test_an_offer_names_the_nearest_or_all() -> None:
    assert offer("sidez", ["sides", "area"]) == "did you mean 'sides'?"
    assert offer("qqq", ["sides", "area"]) == "allowed: area, sides"
