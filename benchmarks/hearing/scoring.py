"""Counts what the systems made of the takes.

A sentence is right if exactly its intents were decided between its beginning and that of the next
one. A false decision is a text with a meaning where nobody meant anything.
"""

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.hearing.systems import Decision, Outcome
from benchmarks.hearing.takes import Said, Take


@dataclass(frozen=True, slots=True)
class Answer:
    """One sentence and what was decided about it."""

    state: str
    said: Said
    decisions: tuple[Decision, ...]

    @property
    def right(self) -> bool:
        """Whether exactly what was meant was understood."""
        return self.intents == self.said.intents

    @property
    def intents(self) -> tuple[str, ...]:
        """All that was decided, in its order."""
        return tuple(intent for decision in self.decisions for intent in decision.intents)

    @property
    def text(self) -> str:
        """All that was heard, whether it means anything or not."""
        return " | ".join(decision.text for decision in self.decisions)

    @property
    def latency(self) -> float:
        """Seconds from the last sound of the sentence to its last decision."""
        return max(d.at for d in self.decisions if d.intents) - self.said.end


def answers(takes: Sequence[Take], outcome: Outcome) -> Iterator[Answer]:
    """Yield an answer for each sentence."""
    for take, decisions in zip(takes, outcome.decisions, strict=True):
        starts = [said.start for said in take.said]
        for said, until in zip(take.said, [*starts, float("inf")][1:], strict=True):
            own = tuple(d for d in decisions if said.start <= d.at < until)
            yield Answer(take.state, said, own)


def share_right(takes: Sequence[Take], outcome: Outcome) -> str:
    """Return the share of sentences that are right."""
    right = [answer.right for answer in answers(takes, outcome)]
    return f"{100 * statistics.mean(right):.1f} %"


def false_per_hour(takes: Sequence[Take], outcome: Outcome) -> str:
    """Return the false decisions per hour, and how many there were."""
    count = sum(bool(decision.intents) for take in outcome.decisions for decision in take)
    return f"{3600 * count / sum(take.seconds for take in takes):.0f} ({count})"


def latency(seconds: Sequence[float]) -> str:
    """Return median and 95th percentile."""
    if len(seconds) < 2:
        return "none"
    late = statistics.quantiles(seconds, n=20, method="inclusive")[-1]
    return f"{statistics.median(seconds):.2f} s, {late:.2f} s"


def mistakes(takes: Sequence[Take], outcome: Outcome) -> list[str]:
    """Describe what went wrong, the most frequent first: what was meant, what was made of it."""
    found = Counter(
        f"{_named(answer.said.intents)}: “{answer.said.text}” ({answer.said.voice})"
        f" → {_named(answer.intents)}: “{answer.text}”"
        for answer in answers(takes, outcome)
        if not answer.right
    )
    found.update(
        f"nothing meant → {_named(decision.intents)}: “{decision.text}” at {decision.at:.1f} s of"
        f" {take.path.stem}"
        for take, decisions in zip(takes, outcome.decisions, strict=True)
        for decision in decisions
        if decision.intents and not take.said
    )
    return [f"{count} times {what}" for what, count in found.most_common()]


def worst(pairs: Iterable[tuple[str, bool]]) -> str:
    """Return of (name, right) pairs how many are wrong by name, the most first."""
    count, wrong = Counter[str](), Counter[str]()
    for name, right in pairs:
        count[name] += 1
        wrong[name] += not right
    return ", ".join(f"{name} {n} of {count[name]}" for name, n in wrong.most_common() if n)


def _named(intents: Sequence[str]) -> str:
    return "+".join(intents) or "none"
