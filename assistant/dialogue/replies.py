"""What the coach says apart from the massage itself: replies/en.yaml, checked when it is loaded."""

from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, RootModel, StringConstraints

from assistant.numbers import in_words

MINUTE = 60


def _slots(wording: str) -> frozenset[str]:
    """Return the names in braces; raises ValueError if the braces do not hold names, in pairs."""
    try:
        parts = [part for part in Formatter().parse(wording) if part[1] is not None]
    except ValueError:
        raise ValueError("a name between { and }, and no brace alone") from None
    names = [str(name) for _, name, _, _ in parts]
    if any(form or conversion for _, _, form, conversion in parts) or not all(
        map(str.isidentifier, names)
    ):
        raise ValueError("names alone between { and }, such as {title}")
    return frozenset(names)


def _fillable(wording: str) -> str:
    _slots(wording)
    return wording


def _as_list(found: Any) -> Any:
    return found if isinstance(found, list) else [found]


Wording = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1),
    AfterValidator(_fillable),
]
Wordings = Annotated[tuple[Wording, ...], BeforeValidator(_as_list), Field(min_length=1)]


class ReplyFile(RootModel[dict[str, Wordings]]):
    """A reply file: keys, each with a sentence or a list of them, with slots in braces."""


class Replies:
    """Wordings by key. If a key has several, they take turns, so that the coach doesn't drone."""

    def __init__(self, wordings: Mapping[str, tuple[str, ...]]) -> None:
        self.wordings = wordings

    def text(self, key: str, variant: int = 0, **slots: object) -> str:
        """Return a wording of `key` with its slots filled; any number picks a variant."""
        wordings = self.wordings[key]
        return wordings[variant % len(wordings)].format(**slots)

    def slots(self, key: str) -> frozenset[str]:
        """Return the names of the slots that the wordings of `key` use."""
        return frozenset().union(*map(_slots, self.wordings[key]))

    def duration(self, seconds: float) -> str:
        """Return a length of time as people say it: seconds up to ninety, then minutes.

        Seconds are rounded to the nearest five: nobody follows a massage more closely than that.
        """
        rounded = round(seconds / 5) * 5
        if rounded == MINUTE:
            return self.text("minute")
        if seconds < 1.5 * MINUTE:
            return self.text("seconds", count=in_words(max(5, rounded)))
        return self.text("minutes", count=in_words(round(seconds / MINUTE)))

    def in_turn(self, options: Sequence[str]) -> str:
        """Return options as they follow each other: a, then b, then c."""
        said, *others = options
        for option in others:
            said = self.text("in turn", first=said, then=option)
        return said

    def choice(self, options: Sequence[str]) -> str:
        """Return options as a choice: a, b or c."""
        if len(options) < 2:
            return "".join(options)
        return self.text("choice", first=", ".join(options[:-1]), last=options[-1])
