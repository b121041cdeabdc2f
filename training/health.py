"""Random statements about health, as training examples: names in plain frames, and two in one.

The examples teach how people put it. Here the model learns what there is to be put: the names of
medicines, illnesses and treatments (`health_names.yaml`), in frames that say who has it, when, and
whether at all. Statements are also joined, since people name two conditions in one breath.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from training.examples import TELL, Example

NAMES = Path(__file__).with_name("health_names.yaml")
_STATES = ("screening", "screening", "screening", "screening", "preparing", "choosing")
_REPORTED: Mapping[str, Sequence[str]] = {
    "have": ("{}", "i have {}", "i've got {}", "just {}", "{} since last year", "there's {}",
             "well {} actually", "i suffer with {}", "only {}", "got {} i'm afraid", "yes {}",
             "i live with {}", "{} for years now", "a touch of {}", "they say it's {}"),
    "take": ("{}", "i take {}", "i'm on {}", "they've got me on {}", "{} every morning",
             "yes {}", "i've been put on {}", "just {}", "the doctor gives me {}", "{} twice a day",
             "been on {} since spring", "i use {}"),
    "had": ("i had {}", "{} last month", "{} two weeks ago", "i've had {}", "{} in may",
            "just had {}", "{} a while back", "yes {}", "they did {} on tuesday", "{} last year",
            "got {} done in january", "{}", "i went in for {} a few months ago"),
    "am": ("i'm {}", "{}", "yes i'm {}", "i am {}", "well i'm {}", "i happen to be {}",
           "i'm {} you know", "at the moment i'm {}"),
}  # fmt: skip
_NEGATED: Mapping[str, Sequence[str]] = {
    "have": ("i don't have {}", "no {}", "i've never had {}", "it isn't {}", "i haven't got {}",
             "not {}", "never {}", "no sign of {}", "i was tested for {} and it was clear"),
    "take": ("i don't take {}", "i'm not on {}", "no {}", "never took {}", "i've come off {}"),
    "had": ("i haven't had {}", "never had {}", "no {}", "i didn't have {} in the end",
            "i cancelled {}"),
    "am": ("i'm not {}", "not {}", "i'm no longer {}", "never been {}"),
}  # fmt: skip
_OTHERS = ("my mum", "my mother", "my dad", "gran", "my sister", "my husband", "my boyfriend",
           "my twin", "my wife", "a friend", "my neighbor", "everyone in my family but me",
           "my aunt", "the dog", "my daughter", "my mate")  # fmt: skip
_OF_OTHERS: Mapping[str, Sequence[str]] = {
    "have": ("{who} has {}", "{who} had {}", "{who} has got {}"),
    "take": ("{who} takes {}", "{who} is on {}"),
    "had": ("{who} had {}", "{who} went for {}", "{who} had {} last week"),
    "am": ("{who} is {}", "{who} was {}"),
}
_PLANNED = ("i've got {} booked for next month", "{} is planned for the summer",
            "i'm thinking about {}", "i might have {} one day")  # fmt: skip
_JOINTS = ("and", "and", "and", "plus", "also", "and also", "oh and", "as well as", "with", "",
           "and then")  # fmt: skip
_NEGATED_SHARE, _OTHERS_SHARE, _PLANNED_SHARE = 0.12, 0.08, 0.03


class HealthSampler:
    """Draws statements about health."""

    def __init__(self, names: Path = NAMES) -> None:
        self._names: Mapping[str, Mapping[str, Sequence[str]]] = yaml.safe_load(
            names.read_text(encoding="utf-8")
        )
        self._conditions: dict[str, set[str]] = defaultdict(set)
        for condition, ways in self._names.items():
            for name in (name for names in ways.values() for name in names):
                self._conditions[name].add(condition)

    def draw(self, rng: random.Random, a_condition: int) -> Iterator[Example]:
        """Yield `a_condition` statements for each condition."""
        for ways in self._names.values():
            for _ in range(a_condition):
                yield self._one(rng, ways)

    def join(self, rng: random.Random, told: Sequence[Example], count: int) -> Iterator[Example]:
        """Yield `count` statements, each of two of those in `told`."""
        plain = [e for e in told if e.reported and len(e.text.split()) <= 8]
        for _ in range(count if plain else 0):
            one, other = rng.choice(plain), rng.choice(plain)
            words = [one.text, rng.choice(_JOINTS), other.text]
            reported = one.reported | other.reported
            negated = (one.negated | other.negated) - reported
            text = " ".join(" ".join(words).split())
            unsure = (one.unsure | other.unsure) - reported - negated
            yield replace(one, text=text, reported=reported, negated=negated, unsure=unsure)

    def _one(self, rng: random.Random, ways: Mapping[str, Sequence[str]]) -> Example:
        # As likely as it has names, so that rare ways to say it are not said too often.
        way, name = rng.choice([(way, name) for way, names in ways.items() for name in names])
        reported, negated = frozenset(self._conditions[name]), frozenset[str]()
        kind = rng.random()
        frames = _REPORTED[way]
        if kind < _NEGATED_SHARE:
            frames, reported, negated = _NEGATED[way], negated, reported
        elif kind < _NEGATED_SHARE + _OTHERS_SHARE:
            frames, reported = _OF_OTHERS[way], negated
        elif kind < _NEGATED_SHARE + _OTHERS_SHARE + _PLANNED_SHARE and way == "had":
            frames, reported = _PLANNED, negated
        text = rng.choice(frames).format(name, who=rng.choice(_OTHERS))
        return Example(
            text,
            rng.choice(_STATES),
            {TELL: 1.0},
            reported=reported,
            negated=negated,
            template=True,
        )
