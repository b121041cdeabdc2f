"""Turns an intent that was decided on into intents with slots: what exactly is to be done.

Slots are looked for in the whole text. A massage that is not named is found by what the user wants
to do something about. Of health, everything that was told is noted, known or not.
"""

from assistant.understanding.intent import Intent, Slot
from assistant.understanding.neighbors import SAME, Nearest
from assistant.understanding.reading import Reading
from assistant.understanding.risk import Bars, Decision, reported_conditions
from assistant.understanding.slots import SlotFinder
from assistant.understanding.templates import Templates

ASK, TELL, TELL_NOT, PAIN, START, NO, BACKCHANNEL = (
    "ask", "tell", "tell_not", "pain", "start", "no", "backchannel",
)  # fmt: skip
UNKNOWN = "unknown"
"""The condition of a statement about health that is like none of the known ones."""
NOTHING = "none"
"""The condition of a statement that nothing is the matter."""

_ALIKE = 0.5
"""Likeness to the sentence of a concern from which on it is that concern."""
_CLOSE = 0.08
"""Two concerns whose likeness differs by less are offered as a choice."""


class IntentFiller:
    """Fills the slots of intents of one set of templates."""

    def __init__(self, templates: Templates, bars: Bars, concerns: Nearest | None) -> None:
        self._templates = templates
        self._bars = bars
        self._concerns = concerns
        self._slots = SlotFinder(templates)

    def filled(
        self, text: str, state: str | None, reading: Reading, decision: Decision
    ) -> tuple[Intent, ...]:
        """Return the intent with its slots; several for conditions, or for concerns to choose from.

        Nothing is returned where what the intent needs to know was not said.
        """
        name = decision.intent
        match name:
            case "pain":
                return (Intent(PAIN, {"symptom": decision.detail}),)
            case "ask":
                return (Intent(ASK, {"topic": decision.detail or reading.topics[0].name}),)
            case "tell":
                return self._conditions(text, state, reading)
        slots = self._slots.slots(name, text)
        if name == START and "routine" not in slots:
            chosen = self._chosen(text)
            if len(chosen) > 1 or (chosen and not slots.get("tool")):
                return tuple(Intent(START, {**slots, **intent.slots}) for intent in chosen)
        if self._slots.needs_more(name, slots):
            return ()
        return (Intent(name, slots),)

    def named_concern(self, text: str) -> Intent | None:
        """Return the massage for a concern whose sentences `text` is almost the same as."""
        ranked = self._concerns(text) if self._concerns else []
        return ranked[0].intent if ranked and ranked[0].likeness >= SAME else None

    def _chosen(self, text: str) -> list[Intent]:
        """Return the one or two concerns that `text` is about, if any."""
        ranked = self._concerns(text) if self._concerns else []
        near = [n for n in ranked if n.likeness >= _ALIKE]
        return [n.intent for n in near[:2] if near[0].likeness - n.likeness < _CLOSE]

    def _conditions(self, text: str, state: str | None, reading: Reading) -> tuple[Intent, ...]:
        """Return what is told about health; what is like no known condition is not left out."""
        slots: dict[str, Slot] = self._slots.slots(TELL, text)
        slots.pop("condition", None)
        odds = {guess.name: guess.log_odds for guess in reading.negated}
        denied = [name for name, sure in odds.items() if sure >= self._bars.negated]
        reported = {guess.name: guess.log_odds for guess in reading.reported}
        told = [
            name
            for name in reported_conditions(reading, self._bars)
            if name not in denied or reported[name] > odds[name]
        ]
        if len(told) > 1:
            told = [name for name in told if name not in (UNKNOWN, NOTHING)]
        if not told and not denied:
            return ()
        if not self.answers_health(state):
            if told == [NOTHING] or not told:
                return (Intent(BACKCHANNEL),)
            denied = []
        elif told == [NOTHING]:
            return (Intent(NO),)
        return (
            *(Intent(TELL, {"condition": name, **slots}) for name in told),
            *(Intent(TELL_NOT, {"condition": name}) for name in denied if name not in told),
        )

    def answers_health(self, state: str | None) -> bool:
        """Whether a question about health is open, so that a denial answers it."""
        groups = self._templates.groups
        return any(group.intent == TELL_NOT and group.heard_in(state) for group in groups)
