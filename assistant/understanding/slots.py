"""Finds the values of an intent's slots anywhere in a sentence, once the intent is known.

The templates of an intent tell which slots it has and how their values are said: the lists that
stand in them, and the rules that hold a list ("<minutes>" is a number and a word for minutes). Each
of these is looked for by itself, so the words around a value do not matter.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from hassil.expression import Expression, ListReference, RuleReference, Sentence, TextChunk
from hassil.intents import IntentData, RangeSlotList

from assistant.understanding.compiler import Compiler
from assistant.understanding.intent import Slot
from assistant.understanding.matcher import find_matches
from assistant.understanding.normalize import words_of
from assistant.understanding.templates import SentenceGroup, Templates
from assistant.understanding.word_graph import Node

_MOSTLY = 0.66
"""An intent that has a slot in more of its templates needs one to mean anything."""


class SlotFinder:
    """Finds slots by the lists and rules of one set of templates."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates
        self._compiler = Compiler(templates)
        self._starts = lru_cache(maxsize=None)(self._compiled)

    def slots(self, intent: str, text: str) -> dict[str, Slot]:
        """Return the slots of `intent` that `text` fills.

        Of two values that overlap, or that fill the same slot, the one of more words counts, or
        else the earlier.
        """
        words = words_of(text, self._templates.language)
        starts = self._starts(intent)
        found = [match for at in range(len(words)) for match in find_matches(starts, words, at)]
        found.sort(key=lambda match: (match.start - match.end, match.start))
        taken: set[int] = set()
        slots: dict[str, Slot] = {}
        for match in found:
            covered = set(range(match.start, match.end))
            if match.guessed or covered & taken or _is_pronoun(match.intent.slots):
                continue
            taken |= covered
            slots = {**match.intent.slots, **slots}
        return {**self._fixed(intent, words), **slots}

    def needs_more(self, intent: str, slots: Mapping[str, Slot]) -> bool:
        """Whether `intent` is hardly ever said without a slot, and `slots` has none."""
        sentences = [
            bool(group.data.slots or list(_units(sentence.expression, self._rules(group))))
            for group in self._groups(intent)
            for sentence in group.data.sentences
        ]
        return not slots and sum(sentences) > _MOSTLY * max(1, len(sentences))

    def _fixed(self, intent: str, words: Sequence[str]) -> Mapping[str, Slot]:
        """Return the slots of an intent whose groups all have fixed ones, by the words of each."""
        groups = self._groups(intent)
        if not all(group.data.slots for group in groups):
            return {}
        said = [set(words) & self._vocabulary(group) for group in groups]
        shared = {word for word in words if sum(word in own for own in said) > 1}
        telling = [len(own - shared) for own in said]
        if not any(telling):
            return {}
        return dict(groups[telling.index(max(telling))].data.slots)

    def _vocabulary(self, group: SentenceGroup) -> set[str]:
        return {
            word
            for sentence in group.data.sentences
            for text in _texts(sentence.expression)
            for word in words_of(text, self._templates.language)
        }

    def _groups(self, intent: str) -> list[SentenceGroup]:
        return [group for group in self._templates.groups if group.intent == intent]

    def _rules(self, group: SentenceGroup) -> Mapping[str, Sentence]:
        return {**self._templates.rules, **group.data.expansion_rules}

    def _compiled(self, intent: str) -> list[Node]:
        nodes = []
        for group in self._groups(intent):
            units: set[tuple[str, str]] = set()
            for sentence in group.data.sentences:
                units.update(_units(sentence.expression, self._rules(group)))
            named = {slot for slot, unit in units if unit.startswith("<")}
            # "a {1..60:minutes} minute massage": a number alone says less than the rule <minutes>.
            texts = {unit for slot, unit in units if not (slot in named and self._is_range(unit))}
            if texts:
                data = IntentData(
                    sorted(texts),
                    slot_lists=group.data.slot_lists,
                    expansion_rules=group.data.expansion_rules,
                )
                nodes.append(self._compiler.compile(SentenceGroup(intent, data)))
        return nodes

    def _is_range(self, unit: str) -> bool:
        name = unit.strip("{}").partition(":")[0]
        return ".." in name or isinstance(self._templates.lists.get(name), RangeSlotList)


def _units(
    expression: Expression, rules: Mapping[str, Sentence], within: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield the parts of a template that fill a slot: the slot, and the part as a template."""
    match expression:
        case ListReference():
            slot = expression.slot_name
            yield slot, within or f"{{{expression.list_name}:{slot}}}"
        case RuleReference():
            name = expression.rule_name
            yield from _units(rules[name].expression, rules, within or f"<{name}>")
        case _:
            for item in getattr(expression, "items", ()):
                yield from _units(item, rules, within)


def _texts(expression: Expression) -> Iterator[str]:
    """Yield the words that stand in a template itself."""
    if isinstance(expression, TextChunk):
        yield expression.original_text
    for item in getattr(expression, "items", ()):
        yield from _texts(item)


def _is_pronoun(slots: Mapping[str, Slot]) -> bool:
    """Whether the number is a lone "one", which is hardly ever meant as a number."""
    return list(slots.values()) == [1]
