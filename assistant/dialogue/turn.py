"""One response in the making: the state as it changes and the effects as they are added.

`respond` makes a Turn for each event, passes it to the handlers, and reads the result from it. It
lasts no longer than that, which is why `respond` is a pure function although handlers change a
Turn. An effect that has been added stays: a handler decides what is said before it adds it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from assistant.dialogue.effects import Delivery, Effect, Expect, Hush, Say, Wait
from assistant.dialogue.replies import Replies
from assistant.dialogue.state import RATES, Mode, OpenQuestion, Place, State
from assistant.routine.health import Health
from assistant.routine.plan import Plan
from assistant.routine.restrictions import Restrictions
from assistant.routine.safety import Safety
from assistant.understanding.intent import Intent


class Planner(Protocol):
    """Makes plans; raises PlanRefused, UnknownRoutine, or ContentError."""

    def __call__(
        self,
        routine: str,
        minutes: float | None,
        tools: tuple[str, ...] | None,
        restrictions: Restrictions,
        preferred: str = "",
        /,
    ) -> Plan:
        """Return the plan of a routine for the minutes, the tools at hand, and health.

        With a preferred tool, its work is done with that one where possible.
        """


@dataclass(frozen=True, slots=True)
class DialogueContent:
    """What the dialogue takes from content files: replies, routines, and advice about symptoms."""

    replies: Replies
    safety: Safety
    health: Health
    today: date
    """The date that counts for the health answers, the same for the whole session."""
    titles: Mapping[str, str]
    """Titles of the routines by identifier, in the order in which they are offered."""
    made_for: Mapping[str, str]
    """For each tool, the identifier of the routine that is made for it."""
    pressures: Mapping[str, str]
    """What each pressure means, as a sentence."""
    topic: Callable[[str], tuple[str, ...]]
    """Answers a general question, in sentences; none for a topic without an answer."""
    topic_titles: Mapping[str, str]
    """The topics that have an answer, each as the question that it answers."""
    concerns: Mapping[str, str]
    """The topic that says what massage can do about a concern, where that is little."""
    plan: Planner


class Turn:
    """The state and the effects of one response."""

    def __init__(self, content: DialogueContent, state: State) -> None:
        self.content = content
        self.state = state
        self.effects: list[Effect] = []
        self.still_to_come: tuple[Intent, ...] = ()
        """What the user said in the same breath after the intent that is being handled."""
        self._hushed = False

    def change(self, **fields: Any) -> None:
        """Replace fields of the state."""
        self.state = replace(self.state, **fields)

    def move(self, **fields: Any) -> None:
        """Replace fields of the place."""
        self.change(place=replace(self.place, **fields))

    @property
    def place(self) -> Place:
        """The place in the massage; there must be one."""
        assert self.state.place is not None
        return self.state.place

    @property
    def restrictions(self) -> Restrictions:
        """What the user's health rules out today."""
        profile = self.state.profile
        return self.content.health.restrictions(
            profile.answers if profile else {}, self.content.today
        )

    @property
    def delivery(self) -> Delivery:
        """How to say what must be heard even when the coach guides by sounds alone."""
        return "whispered" if self.state.sound == "whisper" else "aloud"

    def do(self, effect: Effect) -> None:
        """Add an effect."""
        self.effects.append(effect)

    def new_tag(self) -> int:
        """Return a tag that has not been used before."""
        self.change(tags=self.state.tags + 1)
        return self.state.tags

    def enter(self, mode: Mode) -> None:
        """Switch to a mode and listen for what can be said there."""
        if mode != self.state.mode:
            self.change(mode=mode, misses=0, silences=0)
            self.do(Expect(mode))

    def hush(self) -> None:
        """Cut off speech and strokes, once a turn: a second Hush would cut off the answer."""
        if not self._hushed:
            self._hushed = True
            self.change(awaited=0)
            self.do(Hush())

    def text(self, key: str, **slots: object) -> str:
        """Return a reply's wording; which one depends on how far the conversation has come."""
        return self.content.replies.text(key, self.state.understood, **slots)

    def reply(self, key: str, **slots: object) -> None:
        """Answer the user: cut off what is being said, say this, then go on from the same place."""
        self.hush()
        self.change(replying=True)
        text = self.text(key, **slots)
        self.speak(text[:1].upper() + text[1:])

    def add(self, key: str, **slots: object) -> None:
        """Say one more sentence after a reply."""
        self.speak(self.text(key, **slots))

    def speak(self, text: str, delivery: Delivery | None = None) -> None:
        """Say `text`; nothing else goes on until it has been said."""
        tag = self.new_tag()
        self.change(awaited=tag)
        self.do(Say(text, tag, RATES[self.state.pace], delivery or self.delivery))

    def aside(self, key: str, **slots: object) -> None:
        """Say something without cutting off what is going on and without waiting for its end."""
        self.do(Say(self.text(key, **slots), self.new_tag(), RATES[self.state.pace], self.delivery))

    def ask(self, question: OpenQuestion, key: str, about: str = "", **slots: object) -> None:
        """Ask a question that "yes" or "no" answers; `about` is what it is about."""
        self.enter("confirming")
        self.change(question=question, asked_about=about)
        self.reply(key, **slots)

    def wait(self, seconds: float) -> None:
        """Ask for a TimePassed after `seconds`; an earlier wait no longer counts."""
        tag = self.new_tag()
        self.change(timer=tag)
        self.do(Wait(seconds, tag))
