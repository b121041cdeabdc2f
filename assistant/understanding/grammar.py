"""The sentences that can be heard now: the recognizer's phrases, and how far a text has got.

The phrases cover every pair of words (`phrase_cover`). Generous templates have tens of thousands of
pairs, though, and with so loose a model the recognizer turns short commands into nonsense. So each
template gives only its shortest phrases, unless its author marks it `core`. Far fewer phrases were
tried, and all of them, and both were understood worse. Long sentences are heard better without a
grammar, in the open decode.

`Grammar.reach` serves endpointing. Anything may be said after a whole sentence ("slower and
louder"), but to wait for that would make every command slow. So a sentence counts as complete when
its own words cannot go on to another intent or to other slots. If the user goes on all the same,
that becomes the next utterance. Fillers before and after change nothing, except that a sentence
which is also a filler ("okay") may begin another one, and so may one that a connector follows
("slower and").
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import Enum
from functools import cached_property
from typing import TypeVar

from assistant.understanding.fillers import FillerWords
from assistant.understanding.normalize import key_of, words_of
from assistant.understanding.phrase_cover import covering_phrases
from assistant.understanding.word_graph import ANY_WORD, Node

MOST_PHRASES = 11_000
"""More or less. What small templates do not need, the large ones share. `script/bench conversation`
prints how many spoken commands are understood with so many."""
_Key = TypeVar("_Key")


class Reach(Enum):
    """How far a text has got on its way to a sentence."""

    OUTSIDE = "outside"
    """No sentence begins like this."""
    BEGINNING = "beginning"
    """Some sentence begins like this."""
    SENTENCE = "sentence"
    """It is a sentence, and a longer one that means something else could follow."""
    COMPLETE = "complete"
    """It is a sentence, and nothing that could follow would change what it means."""


class Risk(Enum):
    """What is at stake with a sentence."""

    URGENT = "urgent"
    """Missing it would be worst."""
    HARMLESS = "harmless"
    RISKY = "risky"
    """Hearing it by mistake would be worst."""


class Grammar:
    """All sentences that begin at one of `starts`, with fillers around and connectors between.

    `core`, `urgent` and `risky` are some of `starts`. The recognizer gets all word pairs of the
    core sentences. Urgent ones must never be missed, risky ones never be heard by mistake; a
    sentence that is both counts as risky.
    """

    def __init__(
        self,
        starts: Sequence[Node],
        core: Collection[Node] = (),
        urgent: Collection[Node] = (),
        risky: Collection[Node] = (),
        filler_words: FillerWords | None = None,
        language: str = "en",
    ) -> None:
        self._starts, self._core = tuple(starts), frozenset(core)
        self._urgent, self._risky = frozenset(urgent), frozenset(risky)
        self._filler_words, self._language = filler_words or FillerWords(), language

    @cached_property
    def phrases(self) -> tuple[str, ...]:
        """What the recognizer is given; see above."""
        covers = {start: covering_phrases(start) for start in self._starts}
        share = _fair_share([len(cover) for cover in covers.values()], MOST_PHRASES)
        sentences = [
            phrase
            for start, cover in covers.items()
            for phrase in cover[: None if start in self._core else share]
        ]
        if not sentences:
            return ()
        shortest = min(sentences, key=len)
        fillers, connectors = self._filler_words.fillers, self._filler_words.connectors
        around = [f"{filler} {shortest} {filler}" for filler in fillers]
        between = [f"{shortest} {connector} {shortest}" for connector in connectors]
        return tuple(dict.fromkeys([*sentences, *fillers, *around, *between]))

    def holds(self, text: str) -> bool:
        """Return whether `text` is a sentence, or several in one breath."""
        return bool(text) and self.reach(text) in (Reach.SENTENCE, Reach.COMPLETE)

    def risk(self, text: str) -> Risk:
        """Return what is at stake with a sentence; of several, what is at stake with all."""
        if not self._without_risky.holds(text):
            return Risk.RISKY
        return Risk.URGENT if self.is_urgent(text) else Risk.HARMLESS

    def is_urgent(self, text: str) -> bool:
        """Return whether `text` is a sentence that must never be missed, risky or not."""
        return self._only_urgent.holds(text)

    def is_urgent_inside(self, text: str) -> bool:
        """Return whether a sentence that must never be missed is part of `text`."""
        keys = self._keys(text)
        for at in range(len(keys)):
            nodes: Collection[Node] = self._urgent.intersection(self._starts)
            for key in keys[at:]:
                nodes = list(_targets(nodes, key))
                if any(node.ending for node in nodes):
                    return True
        return False

    def reach(self, text: str) -> Reach:
        """Return how far `text` has got; no words at all are the beginning of every sentence."""
        keys = self._keys(text)
        # places[at]: the nodes that `at` words can lead to (None: between two sentences), each with
        # the fewest sentences begun on the way. finished[at]: the fewest sentences that the words
        # up to `at` can be, if they can be whole ones.
        places: list[dict[Node | None, int]] = [{} for _ in range(len(keys) + 1)]
        places[0][None] = 0
        finished: dict[int, int] = {}
        connected: set[int] = set()
        for at, key in enumerate(keys):
            for node, begun in places[at].items():
                for filler in self._filler_words.at(keys, at) if node is None else ():
                    _keep_fewest(places[filler.end], None, begun)
                    if at in finished:
                        _keep_fewest(finished, filler.end, begun)
                        connected.update({filler.end} if filler.connects else ())
                inside = begun + (node is None)
                for target in _targets(self._starts if node is None else (node,), key):
                    _keep_fewest(places[at + 1], target, inside)
                    if target.ending:
                        _keep_fewest(finished, at + 1, inside)
            if at + 1 in finished:
                _keep_fewest(places[at + 1], None, finished[at + 1])
        if len(keys) in connected:
            return Reach.SENTENCE
        return _reach_at(places[-1], finished.get(len(keys)))

    def _keys(self, text: str) -> list[str]:
        return [key_of(word) for word in words_of(text, self._language)]

    @cached_property
    def _without_risky(self) -> "Grammar":
        return self._part([start for start in self._starts if start not in self._risky])

    @cached_property
    def _only_urgent(self) -> "Grammar":
        return self._part([start for start in self._starts if start in self._urgent])

    def _part(self, starts: Sequence[Node]) -> "Grammar":
        """Return a grammar of some of the sentences, with the same words around them."""
        return Grammar(starts, filler_words=self._filler_words, language=self._language)


def _reach_at(places: dict[Node | None, int], finished: int | None) -> Reach:
    """Return the reach of a text that leads to `places` and can be `finished` whole sentences."""
    if finished is None:
        return Reach.BEGINNING if places else Reach.OUTSIDE
    # A reading with more sentences than needed ("go" "back") says nothing about what may follow.
    inside = [n for n, begun in places.items() if n is not None and begun <= finished]
    meant = {node.ending[0].meaning for node in inside if node.ending}
    goes_on = any(len(meant) > 1 or node.leads_to != meant for node in inside if node.arcs)
    only_fillers = places.get(None, finished) < finished
    return Reach.SENTENCE if goes_on or only_fillers else Reach.COMPLETE


def _keep_fewest(fewest: dict[_Key, int], key: _Key, count: int) -> None:
    fewest[key] = min(count, fewest.get(key, count))


def _fair_share(wanted: Iterable[int], most: int) -> int:
    """Return the most that each may have, so that all together have no more than `most`."""
    sizes = sorted(wanted)
    for place, size in enumerate(sizes):
        share = most // (len(sizes) - place)
        if size > share:
            return share
        most -= size
    return max(sizes, default=0)


def _targets(nodes: Iterable[Node], key: str) -> Iterator[Node]:
    """Yield the nodes after one more word."""
    for node in nodes:
        for arc in (*node.arcs.get(key, ()), *node.arcs.get(ANY_WORD, ())):
            yield arc.target
