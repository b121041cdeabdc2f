"""Few phrases that contain every pair of neighboring words of many sentences.

Vosk makes a bigram model of the phrases that it is given, so it need not see all sentences: it is
enough that every pair of words that can stand next to each other does so in some phrase, and that
every word that can begin or end a sentence begins or ends one. The phrases are paths through the
word graph, so their number grows with the templates, not with the sentences they stand for.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterator
from functools import cache

from assistant.understanding.word_graph import ANY_WORD, Arc, Node

_EDGE = ""
"""Stands next to the first and the last word of a sentence, so that edges are pairs too."""


@cache  # the grammars of all states share most of their sentences
def covering_phrases(start: Node) -> list[str]:
    """Return phrases with every pair of words of the sentences after `start`, shortest first."""
    return sorted(_Cover(start).phrases(), key=lambda phrase: phrase.count(" "))


class _Cover:
    """Finds the paths; each of its steps avoids pairs that an earlier path has covered."""

    def __init__(self, start: Node) -> None:
        self._ways_in: dict[Node, tuple[str, ...]] = {start: ()}
        """The words before each node on the shortest way; in the order of their number."""
        self._arcs: dict[Node, list[Arc]] = {}
        self._explore(start)
        self._ways_out = self._shortest_ways_out()
        self._covered: defaultdict[str, set[str]] = defaultdict(set)
        """The words that follow each word on some path."""
        self._untried: dict[tuple[str, Node], Iterator[Arc]] = {}

    def phrases(self) -> list[str]:
        """Return the paths as phrases, without repetitions."""
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
            self._complete(follower, words)
        elif not arc.target.ending:
            self._complete(arc, words)
        last = _EDGE
        for word in words:
            self._covered[last].add(word)
            last = word
        self._covered[last].add(_EDGE)
        return " ".join(words).replace(ANY_WORD, "[unk]")

    def _complete(self, arc: Arc, words: list[str]) -> None:
        """Extend `words` to an end: over uncovered pairs while there are any, then straight on."""
        while True:
            covered = self._covered[arc.word]
            if arc.target.ending and _EDGE not in covered:
                return
            step = self._uncovered(arc, covered) or self._ways_out[arc.target]
            if step is None:
                return
            covered.add(step.word)
            words.append(step.word)
            arc = step

    def _uncovered(self, arc: Arc, covered: Collection[str]) -> Arc | None:
        """Return an arc after `arc` to a word that is not covered, if there is one left."""
        # What was returned once is covered for good, so the search goes on where it stopped.
        place = (arc.word, arc.target)
        if place not in self._untried:
            self._untried[place] = iter(self._arcs[arc.target])
        return next((step for step in self._untried[place] if step.word not in covered), None)

    def _explore(self, start: Node) -> None:
        """Visit all nodes, nearest first, and remember how each was reached."""
        queue = deque([start])
        while queue:
            node = queue.popleft()
            self._arcs[node] = _distinct_arcs(node)
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
        ways_out: dict[Node, Arc | None] = {n: None for n in self._ways_in if n.ending}
        queue = deque(ways_out)
        while queue:
            for node, arc in into.get(queue.popleft(), ()):
                if node not in ways_out:
                    ways_out[node] = arc
                    queue.append(node)
        return ways_out


def _distinct_arcs(node: Node) -> list[Arc]:
    """Return one arc for each word and target."""
    arcs = {(arc.word, arc.target): arc for same in node.arcs.values() for arc in same}
    return list(arcs.values())
