"""The sentences of a template as a graph of words, built from its parts and their order.

hassil's parsed expressions are turned into nodes from back to front: every part is compiled with
the node that follows it, and the same part before the same follower is compiled once. So optional
parts, alternatives, permutations and references cost their own size, never the number of sentences
that they make: a template for billions of orders is a few hundred nodes.

Meaning and hearing walk the same graph, so that what can be heard is what is understood.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from hassil import expression as hassil
from hassil.expression import Expression, ListReference, Sentence
from hassil.intents import RangeSlotList, SlotList, TextSlotList

from assistant.numbers import in_words
from assistant.understanding.normalize import key_of, words_of
from assistant.understanding.templates import SentenceGroup, Templates

ANY_WORD = "*"
"""The key of an arc that takes every word: a hassil wildcard."""

_SPACES = re.compile(r"(\s+)")


@dataclass(frozen=True, slots=True)
class SlotMark:
    """Something that a path says about the meaning."""

    slot: str
    value: Any
    """None: the words since the slot was opened."""
    opens: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Arc:
    """One spoken word and the node after it, with the marks passed before and after the word."""

    word: str
    target: "Node"
    before: tuple[SlotMark, ...] = ()
    after: tuple[SlotMark, ...] = ()


class Node:
    """A place in a sentence."""

    @cached_property
    def arcs(self) -> Mapping[str, tuple[Arc, ...]]:
        """What can be said next, by the word's key."""
        return self._steps[0]

    @cached_property
    def ending(self) -> tuple[SentenceGroup, tuple[SlotMark, ...]] | None:
        """The group whose sentence may end here, and the marks still to pass; None: it may not."""
        return self._steps[1]

    @cached_property
    def leads_to(self) -> frozenset[tuple[str, ...]]:
        """What the words that may follow decide: a group's meaning, or the slot that they fill."""
        found: set[tuple[str, ...]] = set()
        seen: set[Node] = {self}
        waiting = [self]
        while waiting:
            for arc in (arc for same in waiting.pop().arcs.values() for arc in same):
                marks = (*arc.before, *arc.after)
                if arc.target.ending:
                    group, last = arc.target.ending
                    marks += last
                    found.add(group.meaning)
                found.update((mark.slot,) for mark in marks if mark.slot)
                if arc.target not in seen:
                    seen.add(arc.target)
                    waiting.append(arc.target)
        return frozenset(found)

    @cached_property
    def _steps(
        self,
    ) -> tuple[dict[str, tuple[Arc, ...]], tuple[SentenceGroup, tuple[SlotMark, ...]] | None]:
        walk = _Walk()
        walk.visit(self, "", (), ())
        arcs: dict[str, list[Arc]] = {}
        for arc in walk.arcs:
            arcs.setdefault(key_of(arc.word), []).append(arc)
        return {key: tuple(same) for key, same in arcs.items()}, walk.ending


class _End(Node):
    def __init__(self, group: SentenceGroup) -> None:
        self.group = group


class _Text(Node):
    """A word or a part of one; what follows is glued to it unless a space comes between."""

    def __init__(self, text: str, then: Node) -> None:
        self.text, self.then = text, then


class _Space(Node):
    def __init__(self, then: Node) -> None:
        self.then = then


class _Fork(Node):
    def __init__(self, ways: tuple[Node, ...]) -> None:
        self.ways = ways


class _Marked(Node):
    def __init__(self, mark: SlotMark, then: Node) -> None:
        self.mark, self.then = mark, then


class _Anything(Node):
    """One word or more, whatever they are."""

    def __init__(self, then: Node) -> None:
        self.then = then
        self.onward = _Fork((self, then))


class _Walk:
    """Follows the nodes from one word boundary to the next."""

    def __init__(self) -> None:
        self.arcs: list[Arc] = []
        self.ending: tuple[SentenceGroup, tuple[SlotMark, ...]] | None = None
        self._seen: set[tuple[int, str, tuple[SlotMark, ...], tuple[SlotMark, ...]]] = set()

    def visit(
        self, node: Node, word: str, before: tuple[SlotMark, ...], after: tuple[SlotMark, ...]
    ) -> None:
        here = (id(node), word, before, after)
        if here in self._seen:
            return
        self._seen.add(here)
        match node:
            case _Fork():
                for way in node.ways:
                    self.visit(way, word, before, after)
            case _Text():
                self.visit(node.then, word + node.text, before + after, ())
            case _Marked() if word:
                self.visit(node.then, word, before, (*after, node.mark))
            case _Marked():
                self.visit(node.then, word, (*before, node.mark), after)
            case _ if word:
                self._finish_word(node, word, before, after)
            case _:
                self._pass_boundary(node, before)

    def _pass_boundary(self, node: Node, before: tuple[SlotMark, ...]) -> None:
        match node:
            case _End():
                self.ending = self.ending or (node.group, before)
            case _Space():
                self.visit(node.then, "", before, ())
            case _Anything():
                self.arcs.append(Arc(ANY_WORD, node.onward, before))

    def _finish_word(
        self, node: Node, text: str, before: tuple[SlotMark, ...], after: tuple[SlotMark, ...]
    ) -> None:
        spoken = _spoken(text)
        if not spoken:
            self.visit(node, "", before + after, ())
            return
        target: Node = node
        for word in reversed(spoken[1:]):  # "25" in a template is spoken as two words
            target = _Text(word, _Space(_marked(after, target)))
            after = ()
        self.arcs.append(Arc(spoken[0], target, before, after))


@lru_cache(maxsize=4096)
def _parts_backwards(text: str) -> tuple[str, ...]:
    """Words and spaces of a chunk, the last first."""
    return tuple(reversed(_SPACES.split(text)))


@lru_cache(maxsize=4096)
def _spoken(text: str) -> tuple[str, ...]:
    return tuple(words_of(text))


def _marked(marks: Iterable[SlotMark], node: Node) -> Node:
    for mark in reversed(tuple(marks)):
        node = _Marked(mark, node)
    return node


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
        end = _End(group)
        return _Fork(tuple(self._node(s.expression, end) for s in group.data.sentences))

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
                return _Fork(tuple(self._node(item, then) for item in expression.items))
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
                then = _Space(then)
            elif part:
                then = _Text(part, then)
        return then

    def _permutation(self, items: tuple[Expression, ...], then: Node) -> Node:
        """All orders of `items`: a node for every subset still to be said, not for every order."""
        if not items:
            return then
        key = ("permutation", *map(id, items), id(then))
        if key not in self._made:
            self._made[key] = _Fork(
                tuple(
                    self._node(item, self._permutation(items[:i] + items[i + 1 :], then))
                    for i, item in enumerate(items)
                )
            )
        return self._made[key]

    def _list(self, reference: ListReference, then: Node) -> Node:
        slot = "" if reference.is_capture else reference.slot_name
        values = self._lists.get(reference.list_name)
        if values is None and (inline := reference.get_inline_range()):
            made = RangeSlotList(reference.list_name, *inline)
            values = self._inline.setdefault(reference.list_name, made)
        if isinstance(values, RangeSlotList):
            return self._range(values, slot, then)
        spoken = _Marked(SlotMark(slot, None), then)
        if not isinstance(values, TextSlotList):
            return _Marked(SlotMark(slot, None, opens=True), _Anything(spoken))
        ways = []
        for value in values.values:
            if value.value_out is not None:
                ways.append(self._node(value.text_in, self._mark(slot, value.value_out, then)))
            else:
                opened = _Marked(
                    SlotMark(slot, None, opens=True), self._node(value.text_in, spoken)
                )
                ways.append(opened)
        return _Fork(tuple(ways))

    def _range(self, numbers: RangeSlotList, slot: str, then: Node) -> Node:
        key = (id(numbers), slot, id(then))
        if key not in self._made:
            language = numbers.words_language or self._templates.language
            self._made[key] = _Fork(
                tuple(
                    self._text(
                        in_words(number, language),
                        self._mark(slot, _worth(number, numbers.multiplier), then),
                    )
                    for number in numbers.get_numbers()
                )
            )
        return self._made[key]

    def _mark(self, slot: str, value: Any, then: Node) -> Node:
        key = ("mark", slot, repr(value), id(then))
        if key not in self._made:
            self._made[key] = _Marked(SlotMark(slot, value), then)
        return self._made[key]


def _worth(number: float, multiplier: float | None) -> float:
    value = number if multiplier is None else number * multiplier
    return int(value) if value == int(value) else value
