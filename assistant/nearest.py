"""The names that somebody may have meant: for "did you mean" in messages and in replies."""

import re
from collections.abc import Collection, Iterable, Iterator

PART = 0.95
"""How similar a part of a name counts: a whole name that is as similar comes first."""


def nearest(
    word: str,
    choices: Iterable[str | tuple[str, str]],
    limit: int = 1,
    at_least: float = 70,
    whole: bool = False,
) -> list[str]:
    """Return up to `limit` of `choices` that look like `word`, the most similar first.

    A choice may be a pair of a spelling and what it stands for, which is then returned, each once.
    Similarity is the percentage of letters in common; it must be `at_least` that high. Of equally
    similar choices the earlier wins. Whole words of a longer name count as similar ("jaw" for
    "jaw-clenching") unless `whole` is set; letters scattered over it do not.
    """
    from rapidfuzz import fuzz  # here, so that listing the routines stays quick

    pairs = [(choice, choice) if isinstance(choice, str) else choice for choice in choices]
    if whole:
        scores = [fuzz.ratio(word, spelling) for spelling, _ in pairs]
    else:
        wanted = " ".join(_words(word))
        scores = [
            max(
                (fuzz.ratio(wanted, part) * worth for part, worth in _parts(spelling, wanted)),
                default=0.0,
            )
            for spelling, _ in pairs
        ]
    ranked = sorted(
        (index for index, score in enumerate(scores) if score >= at_least),
        key=lambda index: -scores[index],
    )
    return list(dict.fromkeys(pairs[index][1] for index in ranked))[:limit]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower().replace("_", " "))


def _parts(spelling: str, wanted: str) -> Iterator[tuple[str, float]]:
    """Yield `spelling` and each run of its words as long as `wanted`, with what it is worth."""
    words, length = _words(spelling), len(wanted.split())
    yield " ".join(words), 1.0
    for at in range(len(words) - length + 1):
        yield " ".join(words[at : at + length]), PART


def offer(word: str, choices: Collection[str]) -> str:
    """Say which of `choices` is nearest to `word`; if none is near, list them all."""
    near = nearest(word, sorted(choices))
    return f"did you mean '{near[0]}'?" if near else f"allowed: {', '.join(sorted(choices))}"
