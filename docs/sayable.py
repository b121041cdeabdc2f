"""What a user can ask for: intents, their slots and their modes, read off the sentence templates.

Values are samples: of every slot the first and the last value, of fixed slots all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hassil import expression as hassil
from hassil.expression import Expression, ListReference
from hassil.intents import RangeSlotList, TextSlotList

from assistant.dialogue.state import MODES
from assistant.understanding.intent import Intent, Slot
from assistant.understanding.templates import SentenceGroup, Templates

IGNORED = "backchannel"
"""The intent that never acts."""


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


def heard_in(templates: Templates) -> Mapping[str, frozenset[str]]:
    """Return for every intent the modes in which some sentence asks for it."""
    modes: dict[str, frozenset[str]] = {}
    for group in templates.groups:
        here = frozenset(mode for mode in MODES if group.heard_in(mode))
        modes[group.intent] = modes.get(group.intent, frozenset()) | here
    return modes


def slots_of(templates: Templates) -> Mapping[str, tuple[str, ...]]:
    """Return the names of the slots of every intent, in alphabetical order."""
    names: dict[str, set[str]] = {}
    for group in templates.groups:
        listed = {reference.slot_name for reference in _references(group, templates)}
        names.setdefault(group.intent, set()).update(listed, group.data.slots)
    return {intent: tuple(sorted(slots)) for intent, slots in names.items()}


def _samples(group: SentenceGroup, templates: Templates) -> Iterator[Intent]:
    fixed: dict[str, Slot] = dict(group.data.slots)
    if any(not _needed(sentence.expression, templates) for sentence in group.data.sentences):
        yield Intent(group.intent, fixed)
    for reference in _references(group, templates):
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
