"""Random sentences of the product's templates, as training examples.

Templates teach the model the plain ways to say a thing, the names of routines, and every condition
and topic that has no example yet.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from hassil import expression as hassil
from hassil.expression import Expression
from hassil.intents import RangeSlotList, TextSlotList

from assistant.numbers import in_words
from assistant.understanding.normalize import words_of
from assistant.understanding.templates import SentenceGroup, Templates
from training.examples import ASK, TELL, Example

TELL_NOT = "tell_not"
_NOT_LEARNED = ("tell_when",)
"""Intents that stay with the templates: dates are slots, not wording."""
_MOST_WORDS = 14
_TIER_OF_URGENCY: Mapping[int, Mapping[str, float]] = {
    2: {"pain/ease": 0.6, "pain/stop-now": 0.4},
    3: {"pain/stop-now": 1.0},
    4: {"pain/stop-see-doctor": 1.0},
    5: {"pain/emergency": 1.0},
}
"""The urgency of templates has the same order as the tiers, but for pain, which is either."""

Slots = dict[str, object]


class TemplateSampler:
    """Draws sentences from templates."""

    def __init__(self, templates: Templates, states: Sequence[str]) -> None:
        self._templates = templates
        self._states = states
        self._groups: dict[str, list[SentenceGroup]] = defaultdict(list)
        for group in templates.groups:
            if group.intent not in _NOT_LEARNED:
                self._groups[group.intent].append(group)

    def draw(self, rng: random.Random, an_intent: int, a_value: int) -> Iterator[Example]:
        """Yield up to `an_intent` sentences an intent, and `a_value` a topic or condition."""
        for intent, groups in self._groups.items():
            by_value = {ASK: "topic", TELL: "condition", TELL_NOT: "condition"}.get(intent)
            values = self._values(by_value) if by_value else [None]
            for value in values:
                wanted = {by_value: value} if by_value else {}
                for _ in range(a_value if by_value else an_intent):
                    example = self._one(rng, intent, groups, wanted)
                    if example:
                        yield example

    def _values(self, name: str) -> Sequence[object]:
        values = self._templates.lists[name]
        assert isinstance(values, TextSlotList)
        return sorted({str(value.value_out) for value in values.values})

    def _one(
        self,
        rng: random.Random,
        intent: str,
        groups: Sequence[SentenceGroup],
        wanted: Mapping[str, object],
    ) -> Example | None:
        group = rng.choice(groups)
        # A random sentence of a big template is long. The shortest of three is nearer to speech.
        drawn = [self._sentence(rng, group, wanted) for _ in range(3)]
        text, slots = min(drawn, key=lambda found: (len(found[0].split()), found[0]))
        slots = {**slots, **group.data.slots}
        if not text or len(text.split()) > _MOST_WORDS:
            return None
        states = [state for state in self._states if group.heard_in(state)]
        if not states:
            return None
        intents: Mapping[str, float] = {intent: 1.0}
        reported: frozenset[str] = frozenset()
        negated: frozenset[str] = frozenset()
        topics: Mapping[str, float] = {}
        if intent == "pain":
            intents = _TIER_OF_URGENCY[group.urgency]
        elif intent == TELL:
            reported = frozenset([str(slots["condition"])])
        elif intent == TELL_NOT:
            intents = {TELL: 1.0}
            negated = frozenset([str(slots["condition"])])
        elif intent == ASK:
            topics = {str(slots["topic"]): 1.0}
        return Example(text, rng.choice(states), intents, topics, reported, negated, template=True)

    def _sentence(
        self, rng: random.Random, group: SentenceGroup, wanted: Mapping[str, object]
    ) -> tuple[str, Slots]:
        slots: Slots = {}
        walk = _Walk(rng, self._templates, group, wanted, slots)
        text = walk.text(rng.choice(group.data.sentences).expression)
        return " ".join(words_of(text)), slots


class _Walk:
    """One random way through a template."""

    def __init__(
        self,
        rng: random.Random,
        templates: Templates,
        group: SentenceGroup,
        wanted: Mapping[str, object],
        slots: Slots,
    ) -> None:
        self._rng, self._wanted, self._slots = rng, wanted, slots
        self._lists = {**templates.lists, **group.data.slot_lists}
        self._rules = {**templates.rules, **group.data.expansion_rules}

    def text(self, expression: Expression) -> str:
        match expression:
            case hassil.TextChunk():
                return expression.original_text
            case hassil.Permutation():
                items = list(expression.items)
                self._rng.shuffle(items)
                return " ".join(map(self.text, items))
            case hassil.Alternative():
                if expression.is_optional and self._rng.random() < 0.5:
                    return ""
                return self.text(self._rng.choice(expression.items))
            case hassil.Group():
                return "".join(map(self.text, expression.items))
            case hassil.RuleReference():
                return self.text(self._rules[expression.rule_name].expression)
            case hassil.ListReference():
                return self._list(expression)
        raise TypeError(f"hassil has a new kind of expression: {expression!r}")

    def _list(self, reference: hassil.ListReference) -> str:
        values = self._lists.get(reference.list_name)
        if values is None and (inline := reference.get_inline_range()):
            values = RangeSlotList(reference.list_name, *inline)
        if isinstance(values, RangeSlotList):
            return in_words(self._rng.choice(list(values.get_numbers())), "en")
        if not isinstance(values, TextSlotList):
            return ""
        name = reference.slot_name
        wanted = self._wanted.get(name)
        fitting = [v for v in values.values if wanted is None or str(v.value_out) == wanted]
        value = self._rng.choice(fitting)
        self._slots[name] = value.value_out
        return self.text(
            value.text_in.expression if hasattr(value.text_in, "expression") else value.text_in
        )
