"""What the coach says apart from the massage itself: replies/en.yaml, checked when it is loaded."""

from collections.abc import Mapping
from pathlib import Path
from string import Formatter

import yaml

from assistant.errors import ContentError

SHIPPED = Path(__file__).parent / "replies" / "en.yaml"


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
        fields = (f for w in self.wordings[key] for _, f, _, _ in Formatter().parse(w))
        return frozenset(f for f in fields if f)


def load_replies(path: Path = SHIPPED) -> Replies:
    """Read a reply file: a mapping of keys to a wording or a list of wordings.

    Raises ContentError that names the file and the key.
    """
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentError(
            f"{path}: cannot be read as YAML: {error}. Mend or restore it."
        ) from None
    if not isinstance(content, dict):
        raise ContentError(
            f"{path}: found no mapping; a reply file has lines like 'paused: Paused.'"
        )
    return Replies({str(key): _wordings(path, str(key), found) for key, found in content.items()})


def _wordings(path: Path, key: str, found: object) -> tuple[str, ...]:
    wordings = tuple(found) if isinstance(found, list) else (found,)
    if not wordings or not all(isinstance(w, str) and w.strip() for w in wordings):
        raise ContentError(
            f"{path}: {key}: found {found!r}; allowed: a sentence, or a list of them."
        )
    return wordings
