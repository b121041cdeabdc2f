"""What the user said or typed, as an event of the dialogue.

Typed, everything is meant for the coach, and a slip of the keyboard is answered by a guess. Spoken,
little is: with an attention word set, only what follows it counts, and a misheard sentence is never
guessed at.
"""

from assistant.dialogue.events import Called, Event, Heard, NotUnderstood
from assistant.dialogue.table import ENDING
from assistant.hearing.endpointer import Utterance
from assistant.understanding.attention import Attention
from assistant.understanding.intent import Intent
from assistant.understanding.interpreter import Interpreter

Meaning = tuple[Intent, ...]


class UserInput:
    """Understands in the mode that the dialogue is in; `attention` None obeys everything."""

    def __init__(self, interpreter: Interpreter, attention: Attention | None = None) -> None:
        self.interpreter = interpreter
        self._attention = attention

    def meaning(self, text: str, mode: str) -> Meaning:
        """Return what `text` asks for in `mode`; () when it is no-match."""
        return tuple(self.interpreter.interpret(text, mode))

    def typed(self, text: str, meaning: Meaning, mode: str) -> Event:
        """Return the event for a typed line, with the sentence that it is nearest to, if any."""
        if meaning:
            return Heard(meaning)
        nearest = self.interpreter.nearest(text, mode)
        if nearest is None:
            return NotUnderstood()
        return NotUnderstood(nearest, self.meaning(nearest, mode))

    def spoken(self, utterance: Utterance, meaning: Meaning) -> Event | None:
        """Return the event for an utterance; None if it was not for the coach.

        What ends a massage never needs the attention word.
        """
        event = Heard(meaning) if meaning else NotUnderstood()
        if self._attention is None:
            return event
        if self._attention.called(utterance.text, utterance.end):
            return Called()
        if self._attention.addressed(utterance.text, utterance.start):
            return event
        urgent = tuple(intent for intent in meaning if intent.name in ENDING)
        return Heard(urgent) if urgent else None
