"""How well a model does on examples: the figures of the card and of `script/bench understanding`.

A sentence asked back rightly counts half; for a symptom, a check question counts as found.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.understanding.paraphrases import Paraphrases
from assistant.understanding.reading import Reading
from assistant.understanding.risk import GRAVE, Bars, Decision, decide, reported_conditions
from training.examples import ANY, ASK, HARMLESS, NONE, TELL, Example

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


def shares(read: Sequence[Read], bars: Bars) -> Shares:
    """Return what is done about commands, questions, or what is not for the coach."""
    counts = dict.fromkeys(("acted_right", "asked_right", "acted_wrong", "asked_wrong"), 0)
    for example, reading in read:
        decision = decide(reading, bars)
        if decision.action != "leave":
            how = "right" if right(example, decision) else "wrong"
            counts[f"{'acted' if decision.action == 'act' else 'asked'}_{how}"] += 1
    total = max(1, len(read))
    return Shares(len(read), **{name: count / total for name, count in counts.items()})


def conditions_right(example: Example, reading: Reading, bars: Bars) -> bool:
    """Whether exactly the conditions that are reported are found."""
    found = set(reported_conditions(reading, bars))
    free = example.unsure | {UNKNOWN}
    return example.reported - free <= found <= example.reported | free


def found_grave(read: Sequence[Read], bars: Bars) -> tuple[int, int]:
    """Return how many emergencies and crises lead to help or to a check question, and of how many.

    Those that might as well be less grave are not counted.
    """
    grave = [r for r in read if set(r.example.intents) <= {f"pain/{tier}" for tier in GRAVE}]
    found = [r for r in grave if decide(r.reading, bars).intent == "pain"]
    return len(found), len(grave)


def symptoms_right(read: Sequence[Read], bars: Bars) -> float:
    """Return the share of symptoms acted upon in the right tier or checked."""
    done = [(r.example, decide(r.reading, bars)) for r in read]
    return _share(d.action == "check" or right(e, d) for e, d in done)


def false_alarms(read: Sequence[Read], bars: Bars) -> tuple[float, float]:
    """Return what is taken for a symptom, a check counting a quarter, and for an emergency."""
    decisions = [d for d in (decide(r.reading, bars) for r in read) if d.intent == "pain"]
    total = max(1, len(read))
    cost = sum(CHECK_COST if d.action == "check" else 1 for d in decisions)
    grave = sum(d.action == "act" and d.detail in GRAVE for d in decisions)
    return cost / total, grave / total


def figures(read: Sequence[Read], bars: Bars) -> Mapping[str, float | int]:
    """Return all figures, rounded to three digits."""
    commands, none = shares(of_kind(read, "commands"), bars), shares(of_kind(read, "none"), bars)
    questions, health = of_kind(read, "questions"), of_kind(read, "health")
    symptoms, harmless = of_kind(read, "symptoms"), of_kind(read, "harmless")
    grave, of_grave = found_grave(symptoms, bars)
    alarms, emergencies = false_alarms(harmless, bars)
    found = {
        "commands": commands.sentences,
        "commands right": commands.right,
        "commands asked back rightly": commands.asked_right,
        "commands acted wrongly": commands.acted_wrong,
        "commands asked back wrongly": commands.asked_wrong,
        "commands ranked first": ranked_first(of_kind(read, "commands")),
        "not for the coach": none.sentences,
        "not for the coach, acted upon": none.acted_wrong,
        "not for the coach, asked back": none.asked_wrong,
        "questions": len(questions),
        "questions right": shares(questions, bars).right,
        "questions, topic ranked first": _share(
            r.reading.topics[0].name in r.example.topics for r in questions
        ),
        "health statements": len(health),
        "health, all conditions right": _share(
            conditions_right(r.example, r.reading, bars) for r in health
        ),
        "symptoms": len(symptoms),
        "symptoms right": symptoms_right(symptoms, bars),
        "emergencies and crises": of_grave,
        "emergencies and crises found": grave / max(1, of_grave),
        "harmless": len(harmless),
        "harmless taken for a symptom": alarms,
        "harmless taken for an emergency": emergencies,
    }
    return {name: round(value, 3) for name, value in found.items()}


def ranked_first(read: Sequence[Read]) -> float:
    """Return how often the likeliest intent is a right one, whatever is done about it."""
    return _share(
        r.reading.candidates[0].intent in {name.partition("/")[0] for name in r.example.intents}
        for r in read
    )


def by(read: Iterable[Read], key: Callable[[Example], str]) -> dict[str, list[Read]]:
    """Group by what `key` says of the example, in alphabetical order."""
    groups: dict[str, list[Read]] = {}
    for each in read:
        groups.setdefault(key(each.example), []).append(each)
    return dict(sorted(groups.items()))


def _share(hits: Iterable[bool]) -> float:
    all_hits = list(hits)
    return sum(all_hits) / max(1, len(all_hits))
