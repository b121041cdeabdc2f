"""The names that somebody may have meant: for "did you mean" in messages and in replies."""

from collections.abc import Collection, Iterable


def nearest(
    word: str,
    choices: Iterable[str | tuple[str, str]],
    limit: int = 1,
    at_least: float = 60,
    whole: bool = False,
) -> list[str]:
    """Return up to `limit` of `choices` that look like `word`, the most similar first.

    A choice may be a pair of a spelling and what it stands for, which is then returned, each once.
    Similarity is the percentage of letters in common; it must be `at_least` that high. Of equally
    similar choices the earlier wins. A part of a longer name counts as similar ("jaw" for
    "jaw-clenching") unless `whole` is set.
    """
    from rapidfuzz import fuzz, process  # here, so that listing the routines stays quick

    pairs = [(choice, choice) if isinstance(choice, str) else choice for choice in choices]
    ranked = process.extract(
        word,
        [spelling for spelling, _ in pairs],
        scorer=fuzz.ratio if whole else fuzz.WRatio,
        limit=None,
        score_cutoff=at_least,
    )
    return list(dict.fromkeys(pairs[index][1] for *_, index in ranked))[:limit]


def offer(word: str, choices: Collection[str]) -> str:
    """Say which of `choices` is nearest to `word`; if none is near, list them all."""
    near = nearest(word, sorted(choices))
    return f"did you mean '{near[0]}'?" if near else f"allowed: {', '.join(sorted(choices))}"
