"""Turns templates into a word graph, part by part.

hassil's parsed expressions are turned into nodes from back to front: every part is compiled with
the node that follows it, and the same part before the same follower is compiled once. So optional
parts, alternatives, permutations and references cost their own size, never the number of sentences
that they make: a template for billions of orders is a few hundred nodes.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from hassil import expression as hassil
from hassil.expression import Expression, ListReference, Sentence
from hassil.intents import RangeSlotList, SlotList, TextSlotList

from assistant.numbers import in_words
from assistant.understanding.templates import SentenceGroup, Templates
from assistant.understanding.word_graph import (
    EndNode,
    ForkNode,
    MarkNode,
    Node,
    SlotMark,
    SpaceNode,
    TextNode,
    WildcardNode,
)

_SPACES = re.compile(r"(\s+)")


class Compiler:
    """Turns the groups of one set of templates into nodes."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates
        self._made: dict[tuple[object, ...], Node] = {}
        self._lists: Mapping[str, SlotList] = {}
        self._rules: Mapping[str, Sentence] = {}
        self._inline: dict[str, RangeSlotList] = {}

    def compile(self, group: SentenceGroup) -> Node:
        """Return the node before the first word of the group's sentences."""
        self._lists = {**self._templates.lists, **group.data.slot_lists}
        self._rules = {**self._templates.rules, **group.data.expansion_rules}
        end = EndNode(group)
        return ForkNode(self._node(s.expression, end) for s in group.data.sentences)

    def _node(self, expression: Expression, then: Node) -> Node:
        key = (id(expression), id(then))
        if key not in self._made:
            self._made[key] = self._make(expression, then)
        return self._made[key]

    def _make(self, expression: Expression, then: Node) -> Node:
        match expression:
            case hassil.TextChunk():
                return self._text(expression.original_text, then)
            case hassil.Permutation():
                return self._permutation(tuple(expression.items), then)
            case hassil.Alternative():
                return ForkNode(self._node(item, then) for item in expression.items)
            case hassil.Group():
                for item in reversed(expression.items):
                    then = self._node(item, then)
                return then
            case hassil.RuleReference():
                return self._node(self._rules[expression.rule_name].expression, then)
            case hassil.ListReference():
                return self._list(expression, then)
        raise TypeError(f"hassil has a new kind of expression: {expression!r}")

    def _text(self, text: str, then: Node) -> Node:
        for part in _parts_backwards(text):
            if part.isspace():
                then = SpaceNode(then)
            elif part:
                then = TextNode(part, then)
        return then

    def _permutation(self, items: tuple[Expression, ...], then: Node) -> Node:
        """All orders of `items`: a node for every subset still to be said, not for every order."""
        if not items:
            return then
        key = ("permutation", *map(id, items), id(then))
        if key not in self._made:
            self._made[key] = ForkNode(
                self._node(item, self._permutation(items[:i] + items[i + 1 :], then))
                for i, item in enumerate(items)
            )
        return self._made[key]

    def _list(self, reference: ListReference, then: Node) -> Node:
        slot = "" if reference.is_capture else reference.slot_name
        values = self._lists.get(reference.list_name)
        if values is None and (inline := reference.get_inline_range()):
            # Kept, since nodes are recognized by the identity of what they were made from.
            made = RangeSlotList(reference.list_name, *inline)
            values = self._inline.setdefault(reference.list_name, made)
        if isinstance(values, RangeSlotList):
            return self._range(values, slot, then)
        filled = MarkNode(SlotMark(slot, None), then)
        if not isinstance(values, TextSlotList):
            return MarkNode(SlotMark(slot, None, opens=True), WildcardNode(filled))
        ways: list[Node] = []
        for value in values.values:
            if value.value_out is None:
                words = self._node(value.text_in, filled)
                ways.append(MarkNode(SlotMark(slot, None, opens=True), words))
            else:
                ways.append(self._node(value.text_in, self._mark(slot, value.value_out, then)))
        return ForkNode(ways)

    def _range(self, numbers: RangeSlotList, slot: str, then: Node) -> Node:
        key = (id(numbers), slot, id(then))
        if key not in self._made:
            language = numbers.words_language or self._templates.language
            self._made[key] = ForkNode(
                self._text(
                    in_words(number, language),
                    self._mark(slot, _slot_number(number, numbers.multiplier), then),
                )
                for number in numbers.get_numbers()
            )
        return self._made[key]

    def _mark(self, slot: str, value: Any, then: Node) -> Node:
        key = ("mark", slot, repr(value), id(then))
        if key not in self._made:
            self._made[key] = MarkNode(SlotMark(slot, value), then)
        return self._made[key]


@lru_cache(maxsize=4096)
def _parts_backwards(text: str) -> tuple[str, ...]:
    """Return the words and spaces of a text, the last first."""
    return tuple(reversed(_SPACES.split(text)))


def _slot_number(number: float, multiplier: float | None) -> float:
    """Return what a number of a range means; whole numbers as such, as hassil gives them."""
    value = number if multiplier is None else number * multiplier
    return int(value) if value == int(value) else value
