"""Reads the examples: what people say, and every label that is right for it.

The classes of the intent head are the intents, `ask`, `tell`, `pain/TIER`, `harmless` (sounds like
a symptom and is none) and `none` (not for the coach). Labels are soft: an example that is as right
in two ways has both.
"""

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ANY = "any"
"""The state of a sentence that means the same in all of them."""
NONE, HARMLESS, ASK, TELL = "none", "harmless", "ask", "tell"
TIERS = ("emergency", "crisis", "stop-see-doctor", "stop-now", "ease")
ALSO_WEIGHT = 0.7
"""Of a label that is just as right as an example's own, which weighs 1."""
FOREIGN = Path(__file__).with_name("foreign_questions.txt")
FOLDS = 5
HELD_OUT, VALIDATION = 0, 1
"""The fold that is only ever measured on, and the one that thresholds come from."""
_HURTS: Mapping[str, float] = {"pain/ease": 0.5, "pain/stop-now": 0.5}
"""What "pain" without a tier may be."""


@dataclass(frozen=True)
class Example:
    """One sentence. The weights of each mapping sum to 1; an empty one means "not known"."""

    text: str
    state: str
    intents: Mapping[str, float]
    topics: Mapping[str, float] = field(default_factory=dict)
    reported: frozenset[str] = frozenset()
    """Conditions that the user has."""
    negated: frozenset[str] = frozenset()
    """Conditions that the user denies."""
    unsure: frozenset[str] = frozenset()
    """Conditions that may be counted as reported or not."""
    template: bool = False
    """Whether it comes from a template rather than from a person."""
    two_wishes: bool = False
    """Whether it asks for two things, so that no single intent is right."""

    @property
    def fold(self) -> int:
        """Which fifth it belongs to: stable, whatever else is added."""
        return zlib.crc32(self.text.encode()) % FOLDS


def read_examples(folder: Path) -> list[Example]:
    """Read all example files under `folder`, sorted by path, in the order of each file."""
    examples = []
    for path in sorted(folder.rglob("*.yaml")):
        group, name = path.relative_to(folder).parts[0].removesuffix(".yaml"), path.stem
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for state, items in content["examples"].items():
            for item in items:
                fields = dict(item) if isinstance(item, Mapping) else {"say": item}
                examples.append(make_example(group, name, state, fields))
    return examples


def read_foreign(path: Path = FOREIGN) -> list[Example]:
    """Read questions that are not for the coach in any state, a line each."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Example(line, ANY, {NONE: 1.0}) for line in lines]


def digest(examples: Iterable[Example]) -> str:
    """Return a digest of what examples say and mean, whatever their order."""
    parts = (
        repr(
            (
                e.text,
                e.state,
                sorted(e.intents.items()),
                sorted(e.topics.items()),
                sorted(e.reported),
                sorted(e.negated),
                sorted(e.unsure),
                e.two_wishes,
            )
        )
        for e in examples
    )
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()


def make_example(group: str, name: str, state: str, fields: Mapping[str, Any]) -> Example:
    """Return the example of one item, from the folder `group` and the file `name`."""
    also: Sequence[str] = fields.get("also", ())
    negated = frozenset(fields.get("negated", ()))
    topics = _weights([name] if group == "topics" else [], _named("ask/", also))
    reported: frozenset[str] = frozenset()
    if group == "conditions":
        own = fields.get("conditions", [] if name == NONE else [name])
        reported = frozenset(own) - negated
    unsure = frozenset(_named("tell/", also)) - reported - negated
    own_labels = fields["intents"] if group == "two_wishes" else [_own_label(group, name)]
    return Example(
        text=fields["say"],
        state=state,
        intents=_intents(own_labels, also),
        topics=topics,
        reported=reported,
        negated=negated,
        unsure=unsure,
        two_wishes=group == "two_wishes",
    )


def of_labels(examples: Iterable[Example], labels: Sequence[str]) -> list[Example]:
    """Return the examples whose foremost intent is one of `labels`."""
    return [e for e in examples if max(e.intents, key=lambda i: e.intents[i]) in labels]


def _own_label(group: str, name: str) -> str:
    match group:
        case "intents":
            return name
        case "topics":
            return ASK
        case "conditions":
            return TELL
        case "symptoms":
            return f"pain/{name}"
        case "harmless":
            return HARMLESS
    return NONE


def _intents(own: Sequence[str], also: Sequence[str]) -> Mapping[str, float]:
    weights: dict[str, float] = {}
    for labels, weight in ((own, 1.0), (also, ALSO_WEIGHT)):
        for label in labels:
            kind, _, _ = label.partition("/")
            if label == "pain":
                for tier, share in _HURTS.items():
                    weights.setdefault(tier, weight * share)
            else:
                weights.setdefault(kind if kind in (ASK, TELL) else label, weight)
    total = sum(weights.values())
    return {label: weight / total for label, weight in weights.items()}


def _weights(own: Iterable[str], also: Iterable[str]) -> Mapping[str, float]:
    weights = {**dict.fromkeys(also, ALSO_WEIGHT), **dict.fromkeys(own, 1.0)}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def _named(prefix: str, labels: Iterable[str]) -> list[str]:
    return [label.removeprefix(prefix) for label in labels if label.startswith(prefix)]
