"""The sentences of a template as a graph: what can be said next at each place of a sentence.

The compiler makes nodes for the parts of a template, which need not be words: "pop[corn]" is two
parts. `Node.arcs` follows them from one word boundary to the next and is worked out when it is
first asked for, since most of a graph is never reached.

Hearing and understanding follow the same graph, so what can be heard is what is understood.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from assistant.understanding.normalize import key_of, words_of
from assistant.understanding.templates import SentenceGroup

ANY_WORD = "*"
"""The key of an arc that takes every word: a hassil wildcard."""


@dataclass(frozen=True, slots=True)
class SlotMark:
    """A point on a path at which a slot opens or gets its value."""

    slot: str
    """Empty for a list whose value nobody asked for."""
    value: Any
    """None: the words since the slot was opened."""
    opens: bool = False


Marks = tuple[SlotMark, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Arc:
    """One spoken word and the node after it, with the marks passed before and after the word."""

    word: str
    target: "Node"
    before: Marks = ()
    after: Marks = ()


class Node:
    """A place in a sentence."""

    @cached_property
    def arcs(self) -> Mapping[str, tuple[Arc, ...]]:
        """What can be said next, by the word's key."""
        return self._steps[0]

    @cached_property
    def ending(self) -> tuple[SentenceGroup, Marks] | None:
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
    def _steps(self) -> tuple[dict[str, tuple[Arc, ...]], tuple[SentenceGroup, Marks] | None]:
        words = _NextWords()
        words.find(self)
        arcs: dict[str, list[Arc]] = {}
        for arc in words.arcs:
            arcs.setdefault(key_of(arc.word), []).append(arc)
        return {key: tuple(same) for key, same in arcs.items()}, words.ending


class EndNode(Node):
    """A sentence of `group` may end here."""

    def __init__(self, group: SentenceGroup) -> None:
        self.group = group


class TextNode(Node):
    """A word or a part of one; what follows is glued to it unless a space comes between."""

    def __init__(self, text: str, then: Node) -> None:
        self.text, self.then = text, then


class SpaceNode(Node):
    """A word boundary."""

    def __init__(self, then: Node) -> None:
        self.then = then


class ForkNode(Node):
    """One of several ways on, in order of preference."""

    def __init__(self, ways: Iterable[Node]) -> None:
        self.ways = tuple(ways)


class MarkNode(Node):
    """A mark, passed without a word."""

    def __init__(self, mark: SlotMark, then: Node) -> None:
        self.mark, self.then = mark, then


class WildcardNode(Node):
    """One word or more, whatever they are."""

    def __init__(self, then: Node) -> None:
        self.onward = ForkNode((self, then))


class _NextWords:
    """Follows nodes up to the next word boundary, and collects the words on the way."""

    def __init__(self) -> None:
        self.arcs: list[Arc] = []
        self.ending: tuple[SentenceGroup, Marks] | None = None
        self._seen: set[tuple[int, str, Marks, Marks]] = set()
        self._waiting: list[tuple[Node, str, Marks, Marks]] = []
        """What to follow next, the last one first: nodes with the part of a word before them, and
        the marks before and inside that word. Not a recursion: there can be thousands in a row."""

    def find(self, start: Node) -> None:
        """Follow `start`, in the order of preference."""
        self._waiting.append((start, "", (), ()))
        while self._waiting:
            node, word, before, after = self._waiting.pop()
            here = (id(node), word, before, after)
            if here not in self._seen:
                self._seen.add(here)
                self._follow(node, word, before, after)

    def _follow(self, node: Node, word: str, before: Marks, after: Marks) -> None:
        match node:
            case ForkNode():
                self._waiting += [(way, word, before, after) for way in reversed(node.ways)]
            case TextNode():
                self._waiting.append((node.then, word + node.text, before + after, ()))
            case MarkNode() if word:
                self._waiting.append((node.then, word, before, (*after, node.mark)))
            case MarkNode():
                self._waiting.append((node.then, word, (*before, node.mark), after))
            case _ if word:
                self._finish_word(node, word, before, after)
            case _:
                self._pass_boundary(node, before)

    def _pass_boundary(self, node: Node, before: Marks) -> None:
        match node:
            case EndNode():
                self.ending = self.ending or (node.group, before)
            case SpaceNode():
                self._waiting.append((node.then, "", before, ()))
            case WildcardNode():
                self.arcs.append(Arc(ANY_WORD, node.onward, before))

    def _finish_word(self, node: Node, text: str, before: Marks, after: Marks) -> None:
        words = _words(text)
        if not words:
            self._waiting.append((node, "", before + after, ()))
            return
        target = node
        if len(words) > 1:  # "25" in a template is spoken as two words
            for mark in reversed(after):
                target = MarkNode(mark, target)
            # The last word leads to `node` itself. A new node in its place would be followed anew,
            # and all that comes after it, for each way that leads here.
            target = TextNode(words[-1], target)
            for word in reversed(words[1:-1]):
                target = TextNode(word, SpaceNode(target))
            after = ()
        self.arcs.append(Arc(words[0], target, before, after))


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    return tuple(words_of(text))
