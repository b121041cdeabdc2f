"""What the coach says apart from the massage itself: replies/en.yaml, checked when it is loaded."""

from collections.abc import Mapping
from string import Formatter
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, RootModel, StringConstraints


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
    """Wordings by key. Several wordings of one key take turns, so that the coach does not drone."""

    def __init__(self, wordings: Mapping[str, tuple[str, ...]]) -> None:
        self.wordings = wordings

    def text(self, key: str, turn: int = 0, **slots: object) -> str:
        """Return the wording of `key` for this turn with its slots filled."""
        wordings = self.wordings[key]
        return wordings[turn % len(wordings)].format(**slots)

    def slots(self, key: str) -> frozenset[str]:
        """Return the names of the slots that some wording of `key` uses."""
        return frozenset().union(*map(_slots, self.wordings[key]))
