"""Turns text into intents, by the templates that can be heard in the present state.

An utterance is, in this order of preference: one sentence; sentences said in one breath, with
fillers and connectors between; or anything at all with an urgent sentence inside ("hmm my neck
feels funny now"). Everything else is out of grammar. What is urgent stands first in the result.
"""

import logging
from collections.abc import Callable, Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from assistant.nearest import nearest
from assistant.understanding.compiler import Compiler
from assistant.understanding.fillers import FillerWords
from assistant.understanding.intent import Intent
from assistant.understanding.matcher import Match, find_matches
from assistant.understanding.normalize import key_of, words_of
from assistant.understanding.templates import SentenceGroup, Templates
from assistant.understanding.word_graph import Node

if TYPE_CHECKING:
    from assistant.understanding.grammar import Grammar

MOST_WORDS = 60
"""Longer texts are cut here: nobody speaks a command of that length."""

MOST_SENTENCES = 3
"""In one breath, asides included."""

_SENTENCE_COST, _ASIDE_COST, _FILLER_COST = 100, 20, 1
"""A reading with few sentences is better than one with many, and a word that is part of a sentence
is better than a filler. The cost of fillers is for each word."""

_log = logging.getLogger(__name__)

_Counts = tuple[int, int]
"""How many sentences a reading has, and how many asides."""
_Readings = dict[_Counts, tuple[int, list[Match]]]
"""The cheapest reading for each number of sentences and asides: its cost and its sentences."""


class Interpreter:
    """Understands the sentences of one set of templates, or of those that a function will load."""

    def __init__(self, templates: Templates | Callable[[], Templates]) -> None:
        self._given = templates
        self._compiled: dict[Node, SentenceGroup] = {}
        self._compiling = Lock()
        self._grammars: dict[str | None, Grammar] = {}
        self._starts: dict[str | None, list[Node]] = {}

    @cached_property
    def templates(self) -> Templates:
        """What can be said."""
        return self._given if isinstance(self._given, Templates) else self._given()

    def prepare(self) -> None:
        """Do ahead of time what the first sentence would have to wait for."""
        for start in self._groups:
            _ = start.arcs

    def interpret(self, text: str, state: str | None = None) -> list[Intent]:
        """Return what `text` asks for in `state`, or in any state: [] when out of grammar.

        Several intents come in the order of speaking, the urgent ones first. Saying the same thing
        twice is saying it once. Without a state, a sentence means what it means in the usual one.
        """
        words = words_of(text, self.templates.language)[:MOST_WORDS]
        reading = self._cheapest_reading(words, state) or self._urgent_inside(words, state)
        matches = [match for match in reading if not match.group.aside] or reading[:1]
        matches.sort(key=lambda match: -match.group.urgency)
        intents: list[Intent] = []
        urgent: set[str] = set()
        for match in matches:
            intent = match.intent
            # Of two urgent reports ("ow, it's burning") the graver, already in front, is enough.
            if intent not in intents and intent.name not in urgent:
                intents.append(intent)
            if match.group.urgency:
                urgent.add(intent.name)
        _log.debug("'%s' in state %s means %s", text, state, intents or "nothing")
        return intents

    def is_whole(self, text: str, state: str | None = None) -> bool:
        """Whether all of `text` is sentences, rather than something urgent inside of it."""
        words = words_of(text, self.templates.language)[:MOST_WORDS]
        return bool(self._cheapest_reading(words, state))

    def grammar(self, state: str | None = None) -> "Grammar":
        """Return the sentences that can be heard in `state`; made once, then kept."""
        from assistant.understanding.grammar import Grammar

        if state not in self._grammars:
            groups, risky = self._groups.items(), self.templates.risky
            self._grammars[state] = Grammar(
                self._starts_in(state),
                core=[node for node, group in groups if group.core],
                urgent=[node for node, group in groups if group.urgency],
                risky=[node for node, group in groups if group.intent in risky],
                filler_words=self._filler_words,
                language=self.templates.language,
            )
        return self._grammars[state]

    def nearest(self, text: str, state: str | None = None) -> str | None:
        """Return the sentence of the grammar most like `text`, if one is like it at all."""
        words = " ".join(words_of(text, self.templates.language))
        near = nearest(words, self.grammar(state).phrases, limit=10, at_least=80, whole=True)
        return next((phrase for phrase in near if self.interpret(phrase, state)), None)

    def _cheapest_reading(self, words: Sequence[str], state: str | None) -> list[Match]:
        """Split all words into sentences, fillers and connectors at the lowest cost."""
        keys = [key_of(word) for word in words]
        best: list[_Readings] = [{} for _ in range(len(words) + 1)]  # of the words up to each one
        best[0][0, 0] = (0, [])
        for at in range(len(words)):
            if not best[at]:
                continue
            fillers = self._filler_words.at(keys, at)
            room = any(sum(counts) < MOST_SENTENCES for counts in best[at])
            found = self._best_matches(words, at, state) if room else []
            for counts, (cost, before) in best[at].items():
                for filler in fillers:
                    if before or filler.may_begin:
                        more = cost + _FILLER_COST * (filler.end - at)
                        _keep_cheapest(best[filler.end], counts, more, before)
                for match in found if sum(counts) < MOST_SENTENCES else ():
                    aside = match.group.aside
                    more_counts = (counts[0] + (not aside), counts[1] + aside)
                    more = cost + (_ASIDE_COST if aside else _SENTENCE_COST)
                    _keep_cheapest(best[match.end], more_counts, more, [*before, match])
        # Asides are cheap beside a sentence, but mean less than one ("mm hmm" as an answer).
        readings = [
            (counts[0] == 0, *reading) for counts, reading in best[-1].items() if any(counts)
        ]
        readings.sort(key=lambda reading: reading[:2])
        for _, cost, matches in readings:
            _log.debug("weighed %s at cost %d", [match.intent for match in matches], cost)
        return readings[0][2] if readings else []

    def _urgent_inside(self, words: Sequence[str], state: str | None) -> list[Match]:
        """Return the most urgent sentence that counts inside a longer utterance, if any."""
        starts = [node for node in self._starts_in(state) if self._groups[node].anywhere]
        if not starts:
            return []
        found = [match for at in range(len(words)) for match in find_matches(starts, words, at)]
        return sorted(found, key=lambda m: (-m.group.urgency, m.start - m.end))[:1]

    def _best_matches(self, words: Sequence[str], at: int, state: str | None) -> list[Match]:
        """Return the match to prefer for each stretch of words that begins at `at`."""
        chosen: dict[int, Match] = {}
        for match in find_matches(self._starts_in(state), words, at):
            rival = chosen.get(match.end)
            if rival is None or _rank(match) < _rank(rival):
                chosen[match.end] = match
        return list(chosen.values())

    @cached_property
    def _filler_words(self) -> FillerWords:
        given = self.templates
        return FillerWords(given.fillers, given.connectors, given.language)

    @property
    def _groups(self) -> dict[Node, SentenceGroup]:
        """The groups by their first node, compiled once even if two threads ask for them."""
        with self._compiling:
            if not self._compiled:
                compiler = Compiler(self.templates)
                self._compiled = {compiler.compile(group): group for group in self.templates.groups}
        return self._compiled

    def _starts_in(self, state: str | None) -> list[Node]:
        """Return the beginnings of all sentences of `state`; without one, the usual one's first."""
        if state not in self._starts:
            allowed = [node for node, group in self._groups.items() if group.heard_in(state)]
            if state is None and (usual := self.templates.usual_state):
                allowed.sort(key=lambda node: not self._groups[node].heard_in(usual))
            self._starts[state] = allowed
        return self._starts[state]


def _rank(match: Match) -> tuple[int, int]:
    """Words beat wildcards, and the graver of two meanings is the one to act on."""
    return match.guessed, -match.group.urgency


def _keep_cheapest(readings: _Readings, counts: _Counts, cost: int, matches: list[Match]) -> None:
    """Put a reading among `readings` unless a cheaper one is there."""
    if counts not in readings or cost < readings[counts][0]:
        readings[counts] = (cost, matches)
