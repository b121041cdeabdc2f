"""What the user said or typed, as an event of the dialogue.

Typed, everything is meant for the coach, and a slip of the keyboard is answered by a guess. Spoken,
little is: what is clearly for somebody else is ignored, and with an attention word set, only what
follows it counts.
"""

from collections.abc import Sequence

from assistant.dialogue.events import Called, Event, Heard, NotUnderstood, Unsure
from assistant.dialogue.table import ENDING
from assistant.hearing.speech_events import Utterance
from assistant.understanding.attention import Attention
from assistant.understanding.grammar import Grammar
from assistant.understanding.interpreter import Interpreter
from assistant.understanding.meaning_finder import Meaning, MeaningFinder
from assistant.understanding.phrase_cache import ready_grammars

_TYPED = -1.0
"""How much lower the bars are for what is typed."""
IN_NOISE = 2.0
"""How much higher they are for what was heard over noise, and may have been misheard."""

TOO_LATE = 3.0
"""Seconds after which a command is not obeyed any more: by then it would surprise."""


class UserInput:
    """Understands in the mode that the dialogue is in; `attention` None obeys everything."""

    def __init__(self, finder: MeaningFinder, attention: Attention | None = None) -> None:
        self._finder = finder
        self._attention = attention

    @property
    def interpreter(self) -> Interpreter:
        """The sentences that can be heard."""
        return self._finder.interpreter

    def ready_grammars(self, modes: Sequence[str]) -> list[Grammar]:
        """Return the grammars of `modes` with their phrases, when all can be understood at once."""
        grammars = ready_grammars(self.interpreter, modes)
        self._finder.prepare()
        return grammars

    def typed_meaning(self, text: str, mode: str) -> Meaning:
        """Return what a typed line means, or the sentence that it is nearest to."""
        meaning = self._finder.find(text, mode, raised=_TYPED)
        if meaning.intents or meaning.perhaps:
            return meaning
        nearest = self.interpreter.nearest(text, mode)
        found = self.interpreter.interpret(nearest, mode) if nearest else []
        return Meaning(perhaps=tuple(found[:1])) if found and found[0].name != "tell" else meaning

    def spoken_meaning(self, heard: Utterance, mode: str) -> Meaning:
        """Return what an utterance means."""
        return self._finder.find(heard.text, mode, raised=IN_NOISE if heard.noisy else 0.0)

    def typed(self, meaning: Meaning) -> Event:
        """Return the event for a typed line."""
        if meaning.intents:
            return Heard(meaning.intents)
        return Unsure(meaning.perhaps) if meaning.perhaps else NotUnderstood()

    def spoken(
        self, utterance: Utterance, meaning: Meaning, *, over_coach: bool = False
    ) -> tuple[Event | None, str]:
        """Return the event for an utterance, or None and why it is ignored.

        `over_coach`: it was heard while the coach spoke, and may be the coach's own voice; then
        only what is clear counts. What is decided too late is asked for again. What ends a massage,
        or may be a symptom, always counts, or is asked about where the coach may have said it.
        """
        urgent = tuple(intent for intent in meaning.intents if intent.name in ENDING)
        if _may_be_a_symptom(meaning):
            return Unsure(meaning.perhaps), ""
        if utterance.doubtful:
            own = "may be the coach's own voice"
            return (Unsure(urgent[:1]), "") if urgent else (None, own)
        if self._attention is not None:
            if self._attention.called(utterance.text, utterance.end):
                return Called(), ""
            if not self._attention.addressed(utterance.text, utterance.start):
                return (Heard(urgent), "") if urgent else (None, "without the attention word")
        if meaning.for_nobody:
            return None, "for somebody else"
        if over_coach and not meaning.intents:
            return None, "unclear, over the coach's voice"
        if utterance.late > TOO_LATE and not urgent:
            return NotUnderstood(), ""
        return self.typed(meaning), ""


def _may_be_a_symptom(meaning: Meaning) -> bool:
    return bool(meaning.perhaps) and meaning.perhaps[0].name == "pain"
