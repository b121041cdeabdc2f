"""Finds the sentences in a list of words by following the word graph."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.understanding.intent import Intent, Slot
from assistant.understanding.normalize import key_of
from assistant.understanding.templates import SentenceGroup
from assistant.understanding.word_graph import ANY_WORD, Arc, Node, SlotMark


@dataclass(frozen=True, slots=True)
class Match:
    """A sentence in a text: the words from `start` up to, not including, `end`."""

    start: int
    end: int
    group: SentenceGroup
    intent: Intent
    guessed: int
    """How many of the words only a wildcard took."""


@dataclass(frozen=True, slots=True)
class _Path:
    """A way through the graph; the marks passed, each with the number of words before it."""

    node: Node
    marks: tuple[tuple[SlotMark, int], ...] = ()
    guessed: int = 0

    def step(self, arc: Arc, at: int) -> "_Path":
        marks = (
            *self.marks,
            *((mark, at) for mark in arc.before),
            *((mark, at + 1) for mark in arc.after),
        )
        return _Path(arc.target, marks, self.guessed + (arc.word == ANY_WORD))


def find_matches(starts: Sequence[Node], words: Sequence[str], start: int) -> list[Match]:
    """Return all matches that begin at word `start`, shorter ones first, then as in `starts`."""
    paths = [_Path(node) for node in starts]
    found = []
    for at in range(start, len(words)):
        key = key_of(words[at])
        onward: dict[tuple[Node, int], _Path] = {}
        for path in paths:
            arcs = path.node.arcs
            for arc in (*arcs.get(key, ()), *arcs.get(ANY_WORD, ())):
                step = path.step(arc, at)
                # Of two ways to one node the first wins: templates are in order of preference.
                onward.setdefault((step.node, step.guessed), step)
        if not onward:
            break
        paths = list(onward.values())
        found += [_match(p, p.node.ending, words, start, at + 1) for p in paths if p.node.ending]
    return found


def _match(
    path: _Path,
    ending: tuple[SentenceGroup, tuple[SlotMark, ...]],
    words: Sequence[str],
    start: int,
    end: int,
) -> Match:
    group, last = ending
    slots = {name: _slot_value(value) for name, value in group.data.slots.items()}
    slots.update(_slots((*path.marks, *((mark, end) for mark in last)), words))
    return Match(start, end, group, Intent(group.intent, slots), path.guessed)


def _slots(marks: Iterable[tuple[SlotMark, int]], words: Sequence[str]) -> dict[str, Slot]:
    """Return what the marks say; of two values for one slot the later counts, as in hassil."""
    slots: dict[str, Slot] = {}
    opened = 0
    for mark, at in marks:
        if mark.opens:
            opened = at
        elif mark.slot:
            spoken = " ".join(words[opened:at])
            slots[mark.slot] = spoken if mark.value is None else _slot_value(mark.value)
    return slots


def _slot_value(value: object) -> Slot:
    return value if isinstance(value, str | int | float) else str(value)
