"""The sentences that can be heard now: the recognizer's phrases, and how far a text has got.

Vosk makes a bigram model of the phrases it is given, so they need not be all sentences: it is
enough that every pair of words that can stand side by side does so in some phrase, and that every
word that can begin or end a sentence begins or ends one. Such phrases are found as paths through
the word graph, so their number grows with the templates, not with the sentences they stand for.
Generous templates have tens of thousands of pairs, though, and so loose a model draws short
commands into nonsense. Then each template gives only its shortest phrases, unless its author
calls it core. Both far fewer phrases and all that there are were tried, and understood worse: the
long sentences are heard better without a grammar, in the open decode.

`reach` answers for endpointing. Anything may be said after a whole sentence ("slower and louder");
to wait for that would make every command slow. So a sentence counts as complete when its own words
cannot go on to another intent or to other slots, and whoever goes on all the same is heard in the
next utterance. Fillers before and after change nothing, except that a sentence which is also a
filler ("okay") may begin another, as may one with a connector behind it ("slower and").
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import Enum
from functools import cache, cached_property

from assistant.understanding.normalize import key_of, words_of
from assistant.understanding.word_graph import ANY_WORD, Arc, Node

MOST_PHRASES = 11_000
"""More or less. What small templates do not need, the large ones share. `script/bench conversation`
prints how many spoken commands are understood with so many."""
_EDGE = ""
"""Stands beside the first and the last word of a sentence."""


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

    Of `core`, which are among them, the recognizer is given all word pairs. Those of `urgent` must
    never be missed, those of `risky` never be heard by mistake; what is both is risky.
    """

    def __init__(
        self,
        starts: Sequence[Node],
        core: Collection[Node] = (),
        urgent: Collection[Node] = (),
        risky: Collection[Node] = (),
        fillers: Sequence[str] = (),
        connectors: Sequence[str] = (),
        language: str = "en",
    ) -> None:
        self._starts, self._core = tuple(starts), frozenset(core)
        self._urgent, self._risky = frozenset(urgent), frozenset(risky)
        self._fillers, self._connectors, self._language = fillers, connectors, language
        self._idle = {
            tuple(key_of(word) for word in phrase.split()): phrase in connectors
            for phrase in (*fillers, *connectors)
        }

    @cached_property
    def phrases(self) -> tuple[str, ...]:
        """What the recognizer is given; see above."""
        covers = {start: _cover(start) for start in self._starts}
        share = _fair_share([len(cover) for cover in covers.values()], MOST_PHRASES)
        sentences = [
            phrase
            for start, cover in covers.items()
            for phrase in cover[: None if start in self._core else share]
        ]
        if not sentences:
            return ()
        shortest = min(sentences, key=len)
        around = [f"{filler} {shortest} {filler}" for filler in self._fillers]
        between = [f"{shortest} {connector} {shortest}" for connector in self._connectors]
        return tuple(dict.fromkeys([*sentences, *self._fillers, *around, *between]))

    def holds(self, text: str) -> bool:
        """Whether `text` is a sentence, or several in one breath."""
        return bool(text) and self.reach(text) in (Reach.SENTENCE, Reach.COMPLETE)

    def risk(self, text: str) -> Risk:
        """Return what is at stake with a sentence; of several, what is at stake with all."""
        if not self._without_risky.holds(text):
            return Risk.RISKY
        return Risk.URGENT if self.is_urgent(text) else Risk.HARMLESS

    def is_urgent(self, text: str) -> bool:
        """Whether `text` is a sentence that must never be missed, risky or not."""
        return self._only_urgent.holds(text)

    def is_urgent_inside(self, text: str) -> bool:
        """Whether one of the sentences that must never be missed is part of `text`."""
        keys = [key_of(word) for word in words_of(text, self._language)]
        urgent = [start for start in self._starts if start in self._urgent]
        for at in range(len(keys)):
            nodes = urgent
            for key in keys[at:]:
                nodes = list(_targets(nodes, key))
                if any(node.ending for node in nodes):
                    return True
        return False

    @cached_property
    def _without_risky(self) -> "Grammar":
        return self._part([start for start in self._starts if start not in self._risky])

    @cached_property
    def _only_urgent(self) -> "Grammar":
        return self._part([start for start in self._starts if start in self._urgent])

    def _part(self, starts: Sequence[Node]) -> "Grammar":
        """Return a grammar of some of the sentences, with the same words around them."""
        return Grammar(
            starts, fillers=self._fillers, connectors=self._connectors, language=self._language
        )

    def reach(self, text: str) -> Reach:
        """Return how far `text` has got; no words at all are the beginning of every sentence."""
        keys = [key_of(word) for word in words_of(text, self._language)]
        # places[at]: where one can be after `at` words, with the fewest sentences begun so far;
        # _BETWEEN stands for: not inside a sentence.
        places: list[dict[Node | None, int]] = [{} for _ in range(len(keys) + 1)]
        places[0][None] = 0
        finished: dict[int, int] = {}
        connected: set[int] = set()
        for at, key in enumerate(keys):
            for node, begun in places[at].items():
                for end, connects in self._idle_ends(keys, at) if node is None else ():
                    _reach(places[end], None, begun)
                    if at in finished:
                        finished[end] = min(begun, finished.get(end, begun))
                        connected.update({end} if connects else ())
                inside = begun + (node is None)
                for target in _targets(self._starts if node is None else (node,), key):
                    _reach(places[at + 1], target, inside)
                    if target.ending:
                        finished[at + 1] = min(inside, finished.get(at + 1, inside))
            if at + 1 in finished:
                _reach(places[at + 1], None, finished[at + 1])
        reach = _judge(places[-1], finished.get(len(keys)))
        return Reach.SENTENCE if len(keys) in connected else reach

    def _idle_ends(self, keys: Sequence[str], at: int) -> list[tuple[int, bool]]:
        """Where fillers and connectors at `at` end; True for connectors."""
        longest = max(map(len, self._idle), default=0)
        ends = range(at + 1, min(at + longest, len(keys)) + 1)
        found = ((end, self._idle.get(tuple(keys[at:end]))) for end in ends)
        return [(end, connects) for end, connects in found if connects is not None]


def _fair_share(wanted: Iterable[int], most: int) -> int:
    """Return the most that each may have, so that all together have no more than `most`."""
    sizes = sorted(wanted)
    for place, size in enumerate(sizes):
        share = most // (len(sizes) - place)
        if size > share:
            return share
        most -= size
    return max(sizes, default=0)


def _targets(nodes: Iterable[Node], key: str) -> Iterable[Node]:
    for node in nodes:
        for arc in (*node.arcs.get(key, ()), *node.arcs.get(ANY_WORD, ())):
            yield arc.target


def _reach(cell: dict[Node | None, int], node: Node | None, begun: int) -> None:
    cell[node] = min(begun, cell.get(node, begun))


def _judge(places: dict[Node | None, int], finished: int | None) -> Reach:
    if finished is None:
        return Reach.BEGINNING if places else Reach.OUTSIDE
    # A reading with more sentences than needed ("go" "back") says nothing about what may follow.
    inside = [n for n, begun in places.items() if n is not None and begun <= finished]
    meant = {node.ending[0].meaning for node in inside if node.ending}
    goes_on = any(len(meant) > 1 or node.leads_to != meant for node in inside if node.arcs)
    only_idle = places.get(None, finished) < finished
    return Reach.SENTENCE if goes_on or only_idle else Reach.COMPLETE


@cache
def _cover(start: Node) -> list[str]:
    """Return phrases that pass every pair of words after `start`, the shortest first."""
    return sorted(_Cover((start,)).phrases(), key=lambda phrase: phrase.count(" "))


class _Cover:
    """Paths through the graph that pass every pair of neighbouring words."""

    def __init__(self, starts: Sequence[Node]) -> None:
        self._starts = starts
        self._ways_in: dict[Node, tuple[str, ...]] = {}
        """The words before each node, on the shortest way."""
        self._arcs: dict[Node, list[Arc]] = {}
        self._explore()
        self._onward = self._shortest_ways_out()
        self._covered: defaultdict[str, set[str]] = defaultdict(set)
        """The words that follow each word on some path."""
        self._untried: dict[tuple[str, Node], Iterator[Arc]] = {}

    def phrases(self) -> list[str]:
        """Return the paths as sentences, without repetitions."""
        found: list[str] = []
        passed: set[tuple[str, Node]] = set()
        for node, before in self._ways_in.items():
            for arc in self._arcs[node]:
                if not before and arc.word not in self._covered[_EDGE]:
                    found.append(self._path_over(node, arc, None))
                if (arc.word, arc.target) not in passed:
                    passed.add((arc.word, arc.target))
                    found += self._paths_on(node, arc)
        return list(dict.fromkeys(found))

    def _paths_on(self, node: Node, arc: Arc) -> Iterator[str]:
        """Yield paths over `arc` and each word after it that has not followed its word yet."""
        covered = self._covered[arc.word]
        for follower in self._arcs[arc.target]:
            if follower.word not in covered:
                yield self._path_over(node, arc, follower)
        if arc.target.ending and _EDGE not in covered:
            yield self._path_over(node, arc, None)

    def _path_over(self, node: Node, arc: Arc, follower: Arc | None) -> str:
        """Return a whole path over `arc` and, if there is one, `follower`; it counts as covered."""
        words = [*self._ways_in[node], arc.word]
        if follower:
            words.append(follower.word)
            self._go_out(follower, words)
        elif not arc.target.ending:
            self._go_out(arc, words)
        last = _EDGE
        for word in words:
            self._covered[last].add(word)
            last = word
        self._covered[last].add(_EDGE)
        return " ".join(words).replace(ANY_WORD, "[unk]")

    def _go_out(self, arc: Arc, words: list[str]) -> None:
        """Go on over pairs that are not covered as long as there are any, then the shortest way."""
        while True:
            covered = self._covered[arc.word]
            if arc.target.ending and _EDGE not in covered:
                return
            step = self._fresh(arc, covered) or self._onward[arc.target]
            if step is None:
                return
            covered.add(step.word)
            words.append(step.word)
            arc = step

    def _fresh(self, arc: Arc, covered: Collection[str]) -> Arc | None:
        """Return an arc after `arc` to a word that is not covered. Whatever was tried once, is."""
        place = (arc.word, arc.target)
        if place not in self._untried:
            self._untried[place] = iter(self._arcs[arc.target])
        return next((step for step in self._untried[place] if step.word not in covered), None)

    def _explore(self) -> None:
        """Visit all nodes, nearest first, and remember how each was reached."""
        for start in self._starts:
            self._ways_in[start] = ()
        queue = deque(self._starts)
        while queue:
            node = queue.popleft()
            self._arcs[node] = _arcs(node)
            for arc in self._arcs[node]:
                if arc.target not in self._ways_in:
                    self._ways_in[arc.target] = (*self._ways_in[node], arc.word)
                    queue.append(arc.target)

    def _shortest_ways_out(self) -> dict[Node, Arc | None]:
        """Return the first arc of the shortest way from each node to an end; None at an end."""
        into: dict[Node, list[tuple[Node, Arc]]] = {}
        for node in self._ways_in:
            for arc in self._arcs[node]:
                into.setdefault(arc.target, []).append((node, arc))
        onward: dict[Node, Arc | None] = {n: None for n in self._ways_in if n.ending}
        queue = deque(onward)
        while queue:
            for node, arc in into.get(queue.popleft(), ()):
                if node not in onward:
                    onward[node] = arc
                    queue.append(node)
        return onward


def _arcs(node: Node) -> list[Arc]:
    """One arc for each word and target."""
    return list(
        {(arc.word, arc.target): arc for same in node.arcs.values() for arc in same}.values()
    )
