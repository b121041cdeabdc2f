"""What a sentence means: what to do about it, or what to ask back.

Four things in this order. The templates are exact, and carry slots. The model of paraphrases reads
what no template holds, and may doubt a template where something is denied. Slots are then looked
for in the whole text. Last, the risk rule says whether to act, to ask, or to leave it alone.

Two wishes in one breath are split at connectors, and each part is read by itself; what comes after
"no" or "I mean" takes the place of what came before. The whole sentence competes with its parts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from assistant.understanding.intent import Intent
from assistant.understanding.intent_filler import (
    BACKCHANNEL,
    NO,
    PAIN,
    START,
    TELL,
    TELL_NOT,
    IntentFiller,
)
from assistant.understanding.interpreter import MOST_WORDS, Interpreter
from assistant.understanding.neighbors import SAME, Nearest
from assistant.understanding.normalize import words_of
from assistant.understanding.phrases import Negation, Phrases
from assistant.understanding.reading import Reading
from assistant.understanding.risk import NEVER_ASKED_BACK, Bars, Decision, decide

_TOLD = 1.0
"""Log-odds of a statement about health, above which it answers a question about health."""
_NOT_DENIED = ("resume", PAIN, BACKCHANNEL, NO)
"""To deny these is to ask for something else ("don't go on yet"), which the model knows."""
_MOST_BEFORE_DENIAL = 2
"""Words, such as "please" or "no"."""
_DOUBT, _DOUBT_OF_DENIAL = 2.5, 1.0
"""By how much the model must prefer something else to a template, less where there is a "no"."""
_DOUBTED_SYMPTOM = 0.5
"""Log-odds of a symptom, below which one that a template finds is checked."""
_SURELY_NONE = -2.0
"""Log-odds of a symptom, below which a sentence may be taken for something else."""
_HEALTH = {TELL, TELL_NOT, "tell_when"}
"""Intents about health: the model cannot fill their slots as well as templates do."""
_FOREIGN = -2.0
"""Log-odds below which the likeliest intent is so unlikely that nobody spoke to the coach."""
_CLOSE_ODDS = 0.7
"""Two intents that are asked back whose log-odds differ by less are offered as a choice."""


class Model(Protocol):
    """The model of paraphrases."""

    @property
    def bars(self) -> Bars:
        """How sure is sure enough."""

    def read(self, text: str, state: str | None = None) -> Reading:
        """Return what `text` may mean in `state`."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a sentence means. At most one of `intents` and `perhaps` holds something."""

    intents: tuple[Intent, ...] = ()
    """What to do, in this order; what is urgent comes first."""
    perhaps: tuple[Intent, ...] = ()
    """What to ask back about: one intent, or two to choose from."""
    for_nobody: bool = False
    """It is clearly not meant for the coach."""
    why: tuple[str, ...] = ()
    """What was weighed, for a reader."""


class MeaningFinder:
    """Finds meanings with templates alone, or with a model behind them."""

    def __init__(
        self,
        interpreter: Interpreter,
        model: Model | None = None,
        concerns: Nearest | None = None,
        own_examples: Nearest | None = None,
    ) -> None:
        self.interpreter = interpreter
        self._model = model
        self._concerns = concerns
        self._own_examples = own_examples

    def prepare(self) -> None:
        """Do ahead of time what the first sentence would have to wait for."""
        self.find("ready")
        if self._concerns:
            self._concerns("ready")

    def find(self, text: str, state: str | None = None, raised: float = 0.0) -> Meaning:
        """Return what `text` means in `state`.

        `raised` is added to the bars of acting on all but symptoms: in noise, more evidence is
        needed to act than to ask.
        """
        text = " ".join(words_of(text, self._language)[:MOST_WORDS])
        found = self.interpreter.interpret(text, state)
        told = f"templates: {_shown(found)}"
        if self._model is None or not text:
            return Meaning(tuple(found), why=(told,))
        reading = self._model.read(text, state)
        why = (told, f"model: {_weighed(reading)}")
        if len(found) != 1 and (corrected := self._corrected(text, state, raised)):
            return Meaning(corrected, why=(*why, f"corrected: {_shown(corrected)}"))
        if denied := self._denied(text, state, found):
            return Meaning((Intent(BACKCHANNEL),), why=(*why, f"denied: {denied}"))
        if found and not self._doubted(text, state, found, reading):
            return Meaning(tuple(found), why=why)
        if symptoms := [intent for intent in found if intent.name == PAIN]:
            meaning = self._of_doubtful_symptom(text, state, symptoms[0], reading, raised)
            return replace(meaning, why=(*why, "the symptom is doubtful"))
        if own := self._own(text, found):
            return Meaning((own,), why=(*why, "one of your own examples"))
        if wishes := self._wishes(text, state, raised, reading):
            return Meaning(wishes, why=(*why, f"in parts: {_shown(wishes)}"))
        meaning = self._decided(text, state, reading, raised)
        return replace(meaning, why=why)

    def _of_doubtful_symptom(
        self, text: str, state: str | None, symptom: Intent, reading: Reading, raised: float
    ) -> Meaning:
        """Return what to do about a symptom of the templates in which the model hardly sees one.

        Next to none is what the model says. What may be about health, and a whole sentence of the
        templates, get their question all the same.
        """
        if reading.symptom < _SURELY_NONE:
            if self._negation.stands_in(text):
                return Meaning((Intent(BACKCHANNEL),))  # "no pain": heard, and nothing to do
            meaning = self._decided(text, state, reading, raised)
            if meaning.intents and meaning.intents[0].name not in _HEALTH:
                return meaning
            if not meaning.intents and not self.interpreter.is_whole(text, state):
                return meaning
        return Meaning(perhaps=(symptom,))

    def _denied(self, text: str, state: str | None, found: Sequence[Intent]) -> str:
        """Return what is denied: "don't skip this" is "skip this" after "don't".

        Where a template holds the whole ("don't stop", "I don't want to do this"), that counts.
        """
        if found and NO not in {intent.name for intent in found}:
            return ""
        for before, _, after in self._denials.around(text):
            denied = self.interpreter.interpret(after, state)
            if len(denied) == 1 and len(before.split()) <= _MOST_BEFORE_DENIAL:
                name = denied[0].name
                return "" if name in _NOT_DENIED else name
        return ""

    def _doubted(
        self, text: str, state: str | None, found: Sequence[Intent], reading: Reading
    ) -> bool:
        """Whether the model is right to object to the templates.

        It must prefer something else by far, or by a little where something is denied. A symptom
        is doubted where it sees hardly one, nor anything about health; slots never are.
        """
        names = {intent.name for intent in found} - {NO, BACKCHANNEL}
        if not names or not reading.candidates:
            return False
        denies = self._negation.stands_in(text)
        best = reading.candidates[0]
        if PAIN in names:
            whole = self.interpreter.is_whole(text, state) and not denies
            agreed = best.intent in ({TELL, NO, *names} if whole else {PAIN}) and best.log_odds > 0
            return reading.symptom < _DOUBTED_SYMPTOM and not agreed
        odds = {candidate.intent: candidate.log_odds for candidate in reading.candidates}
        known = [odds[name] for name in names if name in odds]
        exact = any(intent.slots for intent in found) or names & _HEALTH
        if not known or best.intent in names or exact:
            return False
        assert self._model is not None
        enough = _DOUBT_OF_DENIAL if denies else _DOUBT
        return best.log_odds >= self._model.bars.act and best.log_odds - max(known) >= enough

    def _own(self, text: str, found: Sequence[Intent]) -> Intent | None:
        if found or self._own_examples is None:
            return None
        nearest = self._own_examples(text)
        return nearest[0].intent if nearest and nearest[0].likeness >= SAME else None

    def _corrected(self, text: str, state: str | None, raised: float) -> tuple[Intent, ...]:
        """Return what takes the place of an earlier wish: "slower, no, faster".

        Where it only takes it back ("skip this, actually don't"), nothing is left to do.
        """
        assert self._model is not None
        for before, phrase, after in self._corrections.between(text):
            first, second = (self._acted(part, state, raised) for part in (before, after))
            names = {intent.name for intent in (*first, *second)}
            if not first or not second or first == second or PAIN in names:
                continue
            if {intent.name for intent in second} == {NO}:
                return (Intent(BACKCHANNEL),)
            # "no pain" does not correct, it denies; "no, faster" is read as "faster".
            whole = self._model.read(f"{phrase} {after}", state).candidates
            kept = tuple(intent for intent in second if intent.name != NO)
            if whole and whole[0].intent in {intent.name for intent in kept}:
                return kept
        return ()

    def _wishes(
        self, text: str, state: str | None, raised: float, whole: Reading
    ) -> tuple[Intent, ...]:
        """Return the wishes in the parts of `text`, if it has two."""
        for before, _, after in self._connectors.between(text):
            first, second = (self._acted(part, state, raised) for part in (before, after))
            names = {intent.name for intent in (*first, *second)}
            if first and second and len(names) > 1 and whole.candidates[0].intent in names:
                return (*first, *(intent for intent in second if intent not in first))
        return ()

    def _acted(self, text: str, state: str | None, raised: float) -> tuple[Intent, ...]:
        """Return what to do about a part of a sentence."""
        assert self._model is not None
        found = self.interpreter.interpret(text, state)
        reading = self._model.read(text, state)
        if found and not self._doubted(text, state, found, reading):
            return tuple(found)
        return self._decided(text, state, reading, raised).intents

    def _decided(self, text: str, state: str | None, reading: Reading, raised: float) -> Meaning:
        """Apply the risk rule to what the model says."""
        assert self._model is not None
        if raised < 0 and reading.candidates and reading.candidates[0].intent == TELL:
            raised = 0.0  # about health nothing is guessed at, typed or not
        decision = decide(reading, self._model.bars, raised)
        match decision.action:
            case "act":
                intents = self._filler.filled(text, state, reading, decision)
                if len(intents) > 1 and intents[0].name == START:
                    return Meaning(perhaps=intents)
                return Meaning(intents)
            case "check":
                return Meaning(perhaps=(Intent(PAIN, {"symptom": decision.detail}),))
            case "ask":
                intents = self._filler.filled(text, state, reading, decision)
                second = intents[1:2] or self._second(text, state, reading)
                return Meaning(perhaps=(*intents[:1], *second))
        odds = {candidate.intent: candidate.log_odds for candidate in reading.candidates}
        told = odds.get(TELL, _FOREIGN) >= _TOLD and self._filler.answers_health(state)
        if told and reading.reported[0].log_odds >= self._model.bars.reported:
            # Nobody is asked whether they meant an illness; to miss one is worse than to note it.
            return Meaning(self._filler.filled(text, state, reading, Decision("act", TELL)))
        if odds.get(START, _FOREIGN) > _FOREIGN and (concern := self._filler.named_concern(text)):
            return Meaning((concern,))
        likeliest = reading.candidates[0].log_odds if reading.candidates else _FOREIGN
        return Meaning(for_nobody=likeliest <= _FOREIGN)

    def _second(self, text: str, state: str | None, reading: Reading) -> tuple[Intent, ...]:
        """Return the other intent to ask about, if it is nearly as likely."""
        shown = [c for c in reading.candidates if c.intent not in (PAIN, *NEVER_ASKED_BACK)]
        if len(shown) < 2 or shown[0].log_odds - shown[1].log_odds > _CLOSE_ODDS:
            return ()
        return self._filler.filled(text, state, reading, Decision("ask", shown[1].intent))[:1]

    @cached_property
    def _denials(self) -> Phrases:
        return Phrases(self.interpreter.templates.denials, self._language)

    @cached_property
    def _corrections(self) -> Phrases:
        return Phrases(self.interpreter.templates.corrections, self._language)

    @cached_property
    def _connectors(self) -> Phrases:
        return Phrases(self.interpreter.templates.connectors, self._language)

    @cached_property
    def _negation(self) -> Negation:
        of = self.interpreter.templates
        return Negation(Phrases(of.negators, self._language), Phrases(of.answers, self._language))

    @cached_property
    def _filler(self) -> IntentFiller:
        assert self._model is not None
        return IntentFiller(self.interpreter.templates, self._model.bars, self._concerns)

    @property
    def _language(self) -> str:
        return self.interpreter.templates.language


def _shown(intents: Sequence[Intent]) -> str:
    shown = (f"{i.name} {dict(i.slots)}" if i.slots else i.name for i in intents)
    return ", ".join(shown) or "nothing"


def _weighed(reading: Reading) -> str:
    best = ", ".join(f"{c.intent} {c.log_odds:+.1f}" for c in reading.candidates[:3])
    return f"{best}; any symptom {reading.symptom:+.1f}"
