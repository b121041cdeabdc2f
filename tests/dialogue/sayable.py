"""What a user can ask for: intents, their slots and their modes, read off the sentence templates.

Values are samples: of every slot the first and the last value, of fixed slots all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hassil import expression as hassil
from hassil.expression import Expression, ListReference
from hassil.intents import RangeSlotList, TextSlotList

from assistant.dialogue.state import MODES
from assistant.understanding.intent import Intent, Slot
from assistant.understanding.templates import SentenceGroup, Templates

ANY_DAY = date(2025, 1, 1)
"""Today, where it does not matter which day it is."""


@dataclass(frozen=True, slots=True)
class Sayable:
    """An intent with sample slots, and the modes in which some sentence asks for it."""

    intent: Intent
    modes: frozenset[str]


def sayable(templates: Templates) -> list[Sayable]:
    """Return every intent bare, with each of its fixed slots, and with each sample of a slot."""
    found: dict[tuple[str, str], tuple[Intent, set[str]]] = {}
    for group in templates.groups:
        modes = {mode for mode in MODES if group.heard_in(mode)}
        for intent in _samples(group, templates):
            key = (intent.name, repr(sorted(intent.slots.items())))
            found.setdefault(key, (intent, set()))[1].update(modes)
    return [Sayable(intent, frozenset(modes)) for intent, modes in found.values()]


def _samples(group: SentenceGroup, templates: Templates) -> Iterator[Intent]:
    fixed: dict[str, Slot] = dict(group.data.slots)
    references = _references(group, templates)
    always = frozenset.intersection(
        *(_needed(sentence.expression, templates) for sentence in group.data.sentences)
    )
    for reference in references:
        if reference.slot_name in always:
            fixed.setdefault(reference.slot_name, _values(reference, templates)[0])
    if any(not _needed(sentence.expression, templates) for sentence in group.data.sentences):
        yield Intent(group.intent, fixed)
    for reference in references:
        values = _values(reference, templates)
        for value in {values[0]: None, values[-1]: None}:
            yield Intent(group.intent, {**fixed, reference.slot_name: value})


def _references(group: SentenceGroup, templates: Templates) -> list[ListReference]:
    """Return the slots in the sentences of `group`, each list once."""
    found: dict[tuple[str, str], ListReference] = {}
    for sentence in group.data.sentences:
        for reference in _inside(sentence.expression, templates):
            found.setdefault((reference.slot_name, reference.list_name), reference)
    return list(found.values())


def _inside(expression: Expression, templates: Templates) -> Iterator[ListReference]:
    match expression:
        case hassil.Group():
            for item in expression.items:
                yield from _inside(item, templates)
        case hassil.RuleReference():
            yield from _inside(templates.rules[expression.rule_name].expression, templates)
        case hassil.ListReference():
            yield expression


def _needed(expression: Expression, templates: Templates) -> frozenset[str]:
    """Return the slots without which the expression cannot be said."""
    match expression:
        case hassil.Group():
            parts = [_needed(item, templates) for item in expression.items]
            one_of = isinstance(expression, hassil.Alternative) and parts
            return frozenset.intersection(*parts) if one_of else frozenset().union(*parts)
        case hassil.RuleReference():
            return _needed(templates.rules[expression.rule_name].expression, templates)
        case hassil.ListReference():
            return frozenset([expression.slot_name])
    return frozenset()


def _values(reference: ListReference, templates: Templates) -> list[Slot]:
    """Return all values of a slot, in the order of its list; an inline range has its bounds."""
    values = templates.lists.get(reference.list_name)
    if isinstance(values, RangeSlotList):
        return [int(n * (values.multiplier or 1)) for n in values.get_numbers()]
    if isinstance(values, TextSlotList):
        return [value.value_out for value in values.values]
    first, last, _ = reference.get_inline_range() or (0, 0, 1)
    return [first, last]
