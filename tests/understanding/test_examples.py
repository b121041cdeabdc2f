"""The examples are well formed, agree with each other, and no class of them is thin."""

import itertools
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest
import yaml

from assistant.dialogue.state import Mode
from assistant.understanding.normalize import key_of, words_of

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "assistant/understanding/examples/en"
FEWEST = {
    "intents": 150,
    "topics": 25,
    "conditions": 25,
    "symptoms": 150,
    "not_for_the_coach": 2000,
    "harmless": 300,
    "two_wishes": 100,
}
FEWEST_OF_AN_UNKNOWN_CONDITION = 10
"""For conditions that the health questions have no answer for yet."""
TIERS = {"emergency", "crisis", "stop-see-doctor", "stop-now", "ease"}
STATES = {"any", *get_args(Mode)}
BY_EXAMPLE_ALONE = {"lighter", "firmer"}
"""Intents that no template need know."""
SHORTEST = 5
"""Shorter sentences have no near-copies worth naming: "go up" is not "go down"."""
MOST_NEAR_COPIES = 0.1
"""Of a class: sentences in which at most one word differs from another one of the same class."""
MOST_NEAR_COPIES_OF_SMALL_CLASS = 5


class Example(NamedTuple):
    """One sentence, and what it means."""

    label: str
    state: str
    say: str
    also: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    negated: tuple[str, ...] = ()


def label_of(path: Path) -> str:
    """Return the class of a file: "slower", "ask/oil", "tell/heart", "pain/ease", or its name."""
    group = path.relative_to(EXAMPLES).parts[0]
    prefix = {"topics": "ask/", "conditions": "tell/", "symptoms": "pain/"}.get(group, "")
    return prefix + (
        group.removesuffix(".yaml") if prefix == "" and group != "intents" else path.stem
    )


def read(path: Path) -> list[Example]:
    """Read the examples of one file."""
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    assert list(content) == ["examples"], path
    found = []
    for state, items in content["examples"].items():
        for item in items:
            fields: dict[str, Any] = dict(item) if isinstance(item, dict) else {"say": item}
            assert isinstance(fields["say"], str), f"{path}: {item}: quote it"
            lists = {name: tuple(value) for name, value in fields.items() if name != "say"}
            found.append(Example(label_of(path), state, fields["say"], **lists))
    return found


FILES = sorted(EXAMPLES.rglob("*.yaml"))
ALL = [example for path in FILES for example in read(path)]
BY_LABEL: dict[str, list[Example]] = defaultdict(list)
for _example in ALL:
    BY_LABEL[_example.label].append(_example)


def known_labels() -> set[str]:
    """Return every label that an example may have or mention."""
    questions = yaml.safe_load((ROOT / "routines/knowledge.yaml").read_text())["questions"]
    conditions = yaml.safe_load((ROOT / "routines/health.yaml").read_text())["conditions"]
    sentences = ROOT / "assistant/understanding/sentences/en"
    intents = {
        name
        for path in sentences.glob("*.yaml")
        for name in yaml.load(path.read_text(), Loader=yaml.CSafeLoader).get("intents") or {}
    }
    return (
        intents
        | BY_EXAMPLE_ALONE
        | {"not_for_the_coach", "harmless", "two_wishes", "none"}
        | {f"ask/{name}" for name in questions}
        | {f"tell/{name}" for name in conditions}
        | {f"pain/{tier}" for tier in TIERS}
    )


def names(one: Example, other: Example) -> bool:
    """Whether `one` says that the label of `other` is just as right."""
    return {"not_for_the_coach": "none"}.get(other.label, other.label) in one.also


def sentence(example: Example) -> str:
    return " ".join(map(key_of, example.say.split()))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_is_well_formed(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert re.match(r"# \S.+[.?]$", lines[0]), "the first line says what the class is"
    for example in read(path):
        assert example.state in STATES, example
        assert " ".join(words_of(example.say)) == example.say, f"not as transcribed: {example}"
        assert example.label not in example.also, example
        assert not set(example.conditions) & set(example.negated), example
        if example.label == "two_wishes":
            assert len(example.intents) == 2, example


def test_labels_are_known() -> None:
    groups = {"pain", "tell", "ask"}
    known = known_labels()
    for label in BY_LABEL:  # topics and conditions may wait for an answer
        assert label in known or label.startswith(("ask/", "tell/")), label
    known |= set(BY_LABEL)
    for example in ALL:
        conditions = {f"tell/{name}" for name in (*example.conditions, *example.negated)}
        assert set(example.also) | conditions <= known, example
        assert set(example.intents) <= known | groups, example


def test_every_intent_topic_condition_and_tier_has_examples() -> None:
    not_classes = {"ask", "pain", "tell", "tell_not", "tell_when", "none"}
    assert not known_labels() - not_classes - set(BY_LABEL)


def test_no_class_is_thin() -> None:
    known = known_labels()
    thin = {}
    for path in FILES:
        label = label_of(path)
        group = path.relative_to(EXAMPLES).parts[0].removesuffix(".yaml")
        fewest = FEWEST[group]
        if group == "conditions" and label not in known:
            fewest = FEWEST_OF_AN_UNKNOWN_CONDITION
        if len(BY_LABEL[label]) < fewest:
            thin[label] = len(BY_LABEL[label])
    assert not thin


def test_examples_do_not_contradict_each_other() -> None:
    """The same sentence in the same state has one label, unless one names the other."""
    meanings: dict[tuple[str, str], list[Example]] = defaultdict(list)
    for example in ALL:
        meanings[example.state, sentence(example)].append(example)
        if example.state == "any":
            for state in STATES - {"any"}:
                meanings[state, sentence(example)].append(example)
    contradictions = []
    for examples in meanings.values():
        for one, other in itertools.combinations(examples, 2):
            if one.label == other.label and one.state == other.state:
                contradictions.append(f"twice: {one} {other}")
            elif one.label != other.label and not (names(one, other) or names(other, one)):
                contradictions.append(f"contradiction: {one} {other}")
    assert not contradictions


def near_copies(examples: list[Example]) -> list[tuple[str, str]]:
    """Return the pairs of longer sentences in which at most one word differs."""
    without_one: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for example in examples:
        words = sentence(example).split()
        if len(words) >= SHORTEST:
            for n in range(len(words)):
                without_one[*words[:n], "", *words[n + 1 :]].add(" ".join(words))
            without_one[*words,].add(" ".join(words))
            for n in range(len(words) + 1):
                without_one[*words[:n], "", *words[n:]].add(" ".join(words))
    pairs = {
        pair
        for sentences in without_one.values()
        for pair in itertools.combinations(sorted(sentences), 2)
    }
    return sorted(pairs)


@pytest.mark.parametrize("label", sorted(BY_LABEL))
def test_near_copies_are_few(label: str) -> None:
    examples = BY_LABEL[label]
    pairs = near_copies(examples)
    most = max(MOST_NEAR_COPIES_OF_SMALL_CLASS, MOST_NEAR_COPIES * len(examples))
    listed = "\n".join(f"{one} / {other}" for one, other in pairs)
    assert len({one for one, _ in pairs}) <= most, listed


def test_no_pattern_is_multiplied() -> None:
    """No three first words begin more than a sixth of a class."""
    for label, examples in BY_LABEL.items():
        starts = Counter(tuple(e.say.split()[:3]) for e in examples if len(e.say.split()) > 3)
        for start, count in starts.most_common(1):
            assert count <= max(8, len(examples) / 6), (label, start, count)
