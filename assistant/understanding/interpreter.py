"""Turns what was said into intents, by the templates that can be heard in the present state.

An utterance is, in this order of preference: one sentence; sentences said in one breath, with
fillers and connectors between; or anything at all with an urgent sentence inside ("hmm my neck
feels funny now"). Everything else is out of grammar. What is urgent stands first in the result.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from assistant.nearest import nearest
from assistant.understanding.intent import Intent
from assistant.understanding.meanings import Meaning, meanings
from assistant.understanding.normalize import key_of, words_of
from assistant.understanding.templates import SentenceGroup, Templates
from assistant.understanding.word_graph import Compiler, Node

if TYPE_CHECKING:
    from assistant.understanding.grammar import Grammar


MOST_WORDS = 60
"""Longer texts are cut here: nobody speaks a command of that length."""

MOST_SENTENCES = 3
"""In one breath, asides included."""

_SENTENCE, _ASIDE, _IDLE_WORD = 100, 20, 1
"""What a reading costs: few sentences are better than many, words with a meaning than fillers."""


class Interpreter:
    """Understands the sentences of one set of templates, which may be read when they are needed."""

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

    def unfold(self) -> None:
        """Do now what the first sentence would have to wait for: read, compile, begin the walk."""
        for start in self._groups:
            _ = start.arcs

    def interpret(self, text: str, state: str | None = None) -> list[Intent]:
        """Return what `text` asks for in `state`, or in any state: [] when out of grammar.

        Several intents come in the order of speaking, the urgent ones first. Saying the same thing
        twice is saying it once. Without a state, a sentence means what it means in the usual one.
        """
        words = words_of(text, self.templates.language)[:MOST_WORDS]
        reading = self._reading(words, state) or self._urgent_inside(words, state)
        said = [meaning for meaning in reading if not meaning.group.aside] or reading[:1]
        said.sort(key=lambda meaning: -meaning.group.urgency)
        intents: list[Intent] = []
        urgent: set[str] = set()
        for meaning in said:
            intent = meaning.intent
            # Of two urgent reports ("ow, it's burning") the graver, already in front, is enough.
            if intent not in intents and intent.name not in urgent:
                intents.append(intent)
            if meaning.group.urgency:
                urgent.add(intent.name)
        return intents

    def grammar(self, state: str | None = None) -> "Grammar":
        """Return the sentences that can be heard in `state`; made once, then kept."""
        from assistant.understanding.grammar import Grammar

        if state not in self._grammars:
            self._grammars[state] = Grammar(
                self._starts_in(state),
                core=[node for node, group in self._groups.items() if group.core],
                urgent=[node for node, group in self._groups.items() if group.urgency],
                risky=[
                    node
                    for node, group in self._groups.items()
                    if group.intent in self.templates.risky
                ],
                fillers=self._spoken(self.templates.fillers),
                connectors=self._spoken(self.templates.connectors),
                language=self.templates.language,
            )
        return self._grammars[state]

    def nearest(self, text: str, state: str | None = None) -> str | None:
        """Return the sentence of the grammar most like `text`, if one is like it at all."""
        words = " ".join(words_of(text, self.templates.language))
        near = nearest(words, self.grammar(state).phrases, limit=10, at_least=80, whole=True)
        return next((phrase for phrase in near if self.interpret(phrase, state)), None)

    def _reading(self, words: Sequence[str], state: str | None) -> list[Meaning]:
        """Split all words into sentences, fillers and connectors in the cheapest way."""
        keys = [key_of(word) for word in words]
        # For each position the cheapest way to get there with so many sentences, asides or not.
        best: list[dict[_Count, tuple[int, list[Meaning]]]] = [{} for _ in range(len(words) + 1)]
        best[0][0, 0] = (0, [])
        for at in range(len(words)):
            if not best[at]:
                continue
            idle = self._idle_ends(keys, at)
            room = any(sum(count) < MOST_SENTENCES for count in best[at])
            found = self._best_meanings(words, at, state) if room else []
            for count, (cost, said) in best[at].items():
                for end, only_between in idle:
                    if said or not only_between:
                        _keep(best[end], count, cost + _IDLE_WORD * (end - at), said)
                for meaning in found if sum(count) < MOST_SENTENCES else ():
                    aside = meaning.group.aside
                    more = (count[0] + (not aside), count[1] + aside)
                    price = _ASIDE if aside else _SENTENCE
                    _keep(best[meaning.end], more, cost + price, [*said, meaning])
        readings = [(count[0] == 0, *reading) for count, reading in best[-1].items() if any(count)]
        # Asides are cheap beside a sentence, but mean less than one ("mm hmm" as an answer).
        return min(readings, key=lambda reading: reading[:2])[2] if readings else []

    def _urgent_inside(self, words: Sequence[str], state: str | None) -> list[Meaning]:
        starts = [node for node in self._starts_in(state) if self._groups[node].anywhere]
        if not starts:
            return []
        found = [meaning for at in range(len(words)) for meaning in meanings(starts, words, at)]
        return sorted(found, key=lambda m: (-m.group.urgency, m.start - m.end))[:1]

    def _best_meanings(self, words: Sequence[str], at: int, state: str | None) -> list[Meaning]:
        """Return the meaning to prefer for each stretch of words that begins at `at`."""
        chosen: dict[int, Meaning] = {}
        # Words beat wildcards, and the graver of two readings is the one to act on.
        for meaning in meanings(self._starts_in(state), words, at):
            rival = chosen.get(meaning.end)
            if rival is None or _rank(meaning) < _rank(rival):
                chosen[meaning.end] = meaning
        return list(chosen.values())

    def _idle_ends(self, keys: Sequence[str], at: int) -> list[tuple[int, bool]]:
        """Where fillers and connectors at `at` end; True: it may only stand after a sentence."""
        return [
            (at + len(phrase), only_between)
            for phrase, only_between in self._idle
            if tuple(keys[at : at + len(phrase)]) == phrase
        ]

    @cached_property
    def _idle(self) -> list[tuple[tuple[str, ...], bool]]:
        return [
            (tuple(key_of(word) for word in phrase.split()), only_between)
            for phrases, only_between in (
                (self._spoken(self.templates.fillers), False),
                (self._spoken(self.templates.connectors), True),
            )
            for phrase in phrases
        ]

    def _spoken(self, phrases: Sequence[str]) -> list[str]:
        spoken = (" ".join(words_of(phrase, self.templates.language)) for phrase in phrases)
        return [phrase for phrase in spoken if phrase]

    @property
    def _groups(self) -> dict[Node, SentenceGroup]:
        """Compiled once, although a line may be typed while a thread gets the ears ready."""
        with self._compiling:
            if not self._compiled:
                compiler = Compiler(self.templates)
                self._compiled = {compiler.compile(b): b for b in self.templates.groups}
        return self._compiled

    def _starts_in(self, state: str | None) -> list[Node]:
        """Return the beginnings of all sentences of `state`; without one, the usual one's first."""
        if state not in self._starts:
            allowed = [node for node, group in self._groups.items() if group.heard_in(state)]
            if state is None and (usual := self.templates.usual_state):
                allowed.sort(key=lambda node: not self._groups[node].heard_in(usual))
            self._starts[state] = allowed
        return self._starts[state]


_Count = tuple[int, int]
"""Sentences and asides."""


def _rank(meaning: Meaning) -> tuple[int, int]:
    return meaning.guessed, -meaning.group.urgency


def _keep(
    cell: dict[_Count, tuple[int, list[Meaning]]], count: _Count, cost: int, said: list[Meaning]
) -> None:
    """Put a reading into its cell unless a cheaper one is there."""
    if count not in cell or cost < cell[count][0]:
        cell[count] = (cost, said)
