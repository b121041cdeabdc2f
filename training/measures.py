"""How well a model does on examples: the figures of the card and of `script/bench understanding`.

A sentence asked back rightly counts half; for a symptom, a check question counts as found.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from assistant.understanding.paraphrases import Paraphrases
from assistant.understanding.reading import Reading
from assistant.understanding.risk import GRAVE, Bars, Decision, decide, reported_conditions
from training.examples import ANY, ASK, HARMLESS, NONE, TELL, Example

_Item = TypeVar("_Item")

UNKNOWN = "unknown"
"""The condition of what the coach has no answer for. Whether it is found is not counted."""
CHECK_COST = 0.25
"""Of a check question at something harmless; to treat it as a symptom costs 1."""
CURVE = (
    "commands ranked first",
    "questions, topic ranked first",
    "health, all conditions right",
    "symptoms right",
    "emergencies and crises found",
    "harmless taken for a symptom",
)
"""Figures of the learning curve: those that depend little on the bars, which belong to all of the
examples."""


class Read(NamedTuple):
    """An example and what the model says about it."""

    example: Example
    reading: Reading


def read_all(model: Paraphrases, examples: Iterable[Example]) -> list[Read]:
    """Read each example in its state, or in the usual one where it has none."""
    states = ((e, None if e.state == ANY else e.state) for e in examples)
    return [Read(example, model.read(example.text, state)) for example, state in states]


def kind(example: Example) -> str:
    """Return what an example is measured as: commands, none, questions, and so on."""
    foremost = max(example.intents, key=lambda name: example.intents[name])
    if example.two_wishes:
        return "two wishes"
    if foremost.startswith("pain/"):
        return "symptoms"
    known = {NONE: "none", HARMLESS: "harmless", ASK: "questions", TELL: "health"}
    return known.get(foremost, "commands")


def of_kind(read: Iterable[Read], name: str) -> list[Read]:
    """Return those that are measured as `name`."""
    return [r for r in read if kind(r.example) == name]


def right(example: Example, decision: Decision) -> bool:
    """Whether `decision` is about an intent (topic, tier) that is right for `example`."""
    if decision.intent == "pain":
        tiers = {name.removeprefix("pain/") for name in example.intents if name.startswith("pain/")}
        return decision.detail in tiers
    if decision.intent == ASK and example.topics:
        return decision.detail in example.topics
    return decision.intent in example.intents


@dataclass(frozen=True)
class Shares:
    """How often each thing happened, as shares of all."""

    sentences: int
    acted_right: float = 0.0
    asked_right: float = 0.0
    acted_wrong: float = 0.0
    asked_wrong: float = 0.0

    @property
    def right(self) -> float:
        """Right, what was asked back counting half."""
        return self.acted_right + self.asked_right / 2

    @property
    def acted(self) -> float:
        """Acted upon, rightly or not."""
        return self.acted_right + self.acted_wrong


class Done(NamedTuple):
    """An example, and what is done about it."""

    example: Example
    decision: Decision
    conditions: frozenset[str]
    """Those that are noted."""


def done(read: Iterable[Read], bars: Bars) -> list[Done]:
    """Return what is done by `bars` about what the model says."""
    return [
        Done(
            each.example,
            decide(each.reading, bars),
            frozenset(reported_conditions(each.reading, bars)),
        )
        for each in read
    ]


def shares(all_done: Sequence[Done]) -> Shares:
    """Return what is done about commands, questions, or what is not for the coach."""
    counts = dict.fromkeys(("acted_right", "asked_right", "acted_wrong", "asked_wrong"), 0)
    for example, decision, _ in all_done:
        if decision.action != "leave":
            how = "right" if right(example, decision) else "wrong"
            counts[f"{'acted' if decision.action == 'act' else 'asked'}_{how}"] += 1
    total = max(1, len(all_done))
    return Shares(len(all_done), **{name: count / total for name, count in counts.items()})


def conditions_right(each: Done) -> bool:
    """Whether exactly the conditions that are reported are found."""
    free = each.example.unsure | {UNKNOWN}
    reported = each.example.reported
    return reported - free <= each.conditions <= reported | free


def found_grave(all_done: Iterable[Done]) -> tuple[int, int]:
    """Return how many emergencies and crises lead to help or to a check question, and of how many.

    Those that might as well be less grave are not counted.
    """
    tiers = {f"pain/{tier}" for tier in GRAVE}
    grave = [each for each in all_done if set(each.example.intents) <= tiers]
    return sum(each.decision.intent == "pain" for each in grave), len(grave)


def symptoms_right(all_done: Iterable[Done]) -> float:
    """Return the share of symptoms acted upon in the right tier or checked."""
    return _share(each.decision.action == "check" or right(*each[:2]) for each in all_done)


def false_alarms(all_done: Sequence[Done]) -> tuple[float, float]:
    """Return what is taken for a symptom, a check counting a quarter, and for an emergency."""
    decisions = [each.decision for each in all_done if each.decision.intent == "pain"]
    total = max(1, len(all_done))
    cost = sum(CHECK_COST if d.action == "check" else 1 for d in decisions)
    grave = sum(d.action == "act" and d.detail in GRAVE for d in decisions)
    return cost / total, grave / total


def outcome(all_done: Iterable[Done]) -> dict[str, float | int]:
    """Return the figures that say what is done, rounded to three digits."""
    kinds = by(all_done, lambda each: kind(each.example))
    health, symptoms = kinds.get("health", []), kinds.get("symptoms", [])
    questions, harmless = kinds.get("questions", []), kinds.get("harmless", [])
    commands, none = shares(kinds.get("commands", [])), shares(kinds.get("none", []))
    grave, of_grave = found_grave(symptoms)
    alarms, emergencies = false_alarms(harmless)
    found = {
        "commands": commands.sentences,
        "commands right": commands.right,
        "commands asked back rightly": commands.asked_right,
        "commands acted wrongly": commands.acted_wrong,
        "commands asked back wrongly": commands.asked_wrong,
        "not for the coach": none.sentences,
        "not for the coach, acted upon": none.acted_wrong,
        "not for the coach, asked back": none.asked_wrong,
        "questions": len(questions),
        "questions right": shares(questions).right,
        "health statements": len(health),
        "health, all conditions right": _share(map(conditions_right, health)),
        "symptoms": len(symptoms),
        "symptoms right": symptoms_right(symptoms),
        "emergencies and crises": of_grave,
        "emergencies and crises found": grave / max(1, of_grave),
        "harmless": len(harmless),
        "harmless taken for a symptom": alarms,
        "harmless taken for an emergency": emergencies,
    }
    return {name: round(value, 3) for name, value in found.items()}


def figures(read: Sequence[Read], bars: Bars) -> Mapping[str, float | int]:
    """Return all figures of a model, rounded to three digits."""
    topics = _share(
        r.reading.topics[0].name in r.example.topics for r in of_kind(read, "questions")
    )
    first = {
        "commands ranked first": (
            "commands asked back wrongly",
            ranked_first(of_kind(read, "commands")),
        ),
        "questions, topic ranked first": ("questions right", topics),
    }
    found: dict[str, float | int] = {}
    for name, value in outcome(done(read, bars)).items():
        found[name] = value
        found |= {new: round(v, 3) for new, (after, v) in first.items() if after == name}
    return found


def ranked_first(read: Sequence[Read]) -> float:
    """Return how often the likeliest intent is a right one, whatever is done about it."""
    return _share(
        r.reading.candidates[0].intent in {name.partition("/")[0] for name in r.example.intents}
        for r in read
    )


def by(items: Iterable[_Item], key: Callable[[_Item], str]) -> dict[str, list[_Item]]:
    """Group by what `key` says, in alphabetical order."""
    groups: dict[str, list[_Item]] = {}
    for each in items:
        groups.setdefault(key(each), []).append(each)
    return dict(sorted(groups.items()))


def _share(hits: Iterable[bool]) -> float:
    all_hits = list(hits)
    return sum(all_hits) / max(1, len(all_hits))
