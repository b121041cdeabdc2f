"""Numbers are spelled in one way everywhere."""

import pytest

from assistant.numbers import in_words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "zero"),
        (43, "forty three"),
        (120, "one hundred twenty"),
        (2.5, "two point five"),
        (-3, "minus three"),
    ],
)
def test_a_number_is_lower_case_and_has_no_hyphens(value: float, words: str) -> None:
    assert in_words(value) == words


@pytest.mark.parametrize(
    ("value", "words"), [(1, "first"), (4, "fourth"), (23, "twenty third"), (100, "one hundredth")]
)
def test_an_ordinal(value: int, words: str) -> None:
    assert in_words(value, ordinal=True) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [("en-US", "twenty"), ("en_GB", "twenty"), ("de", "zwanzig"), ("xx", "20")],
)
def test_another_language_a_region_and_an_unknown_language(language: str, words: str) -> None:
    assert in_words(20, language) == words
