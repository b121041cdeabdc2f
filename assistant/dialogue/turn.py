"""One turn in the making: the state as it changes and the effects as they gather.

The handlers of the table write on it; `respond` makes one, hands it round and reads it off. It
lives no longer than that, so that `respond` stays a pure function.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from assistant.dialogue.effects import (
    Delivery,
    Effect,
    Expect,
    Hush,
    LayStrokes,
    Prepare,
    Say,
    Wait,
)
from assistant.dialogue.replies import Replies
from assistant.dialogue.state import LEAST, PACES, RATES, Mode, Place, State
from assistant.routine.health import Health
from assistant.routine.plan import Plan, SpokenLine
from assistant.routine.restrictions import Restrictions
from assistant.routine.safety import Safety
from assistant.routine.track import track


@dataclass(frozen=True, slots=True)
class DialogueContent:
    """What the dialogue knows: its words, the routines, and what to do about symptoms."""

    replies: Replies
    safety: Safety
    health: Health
    today: date
    """What counts as today for the health answers, all session long."""
    titles: Mapping[str, str]
    """Of the routines, by identifier, in the order in which they are offered."""
    made_for: Mapping[str, str]
    """The identifier of the routine that is made for a tool, by tool."""
    pressures: Mapping[str, str]
    """What each pressure means, as a sentence."""
    topic: Callable[[str], tuple[str, ...]]
    """Answers a general question, in sentences."""
    plan: Callable[[str, float | None, tuple[str, ...] | None, Restrictions], Plan]
    """Makes a plan from a routine's identifier, minutes, tools and what health leaves out."""


class Turn:
    """The state and the effects of one response."""

    def __init__(self, content: DialogueContent, state: State) -> None:
        self.content = content
        self.state = state
        self.effects: list[Effect] = []
        self.hushed = False
        self._performed: list[Effect] = []

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
        """What the user's health leaves out today."""
        profile = self.state.profile
        return self.content.health.restrictions(
            profile.answers if profile else {}, self.content.today
        )

    def do(self, effect: Effect) -> None:
        """Add an effect."""
        self.effects.append(effect)

    def tag(self) -> int:
        """Give out a new tag."""
        self.change(tags=self.state.tags + 1)
        return self.state.tags

    def enter(self, mode: Mode) -> None:
        """Go over to a mode and listen for what can be said there."""
        if mode != self.state.mode:
            self.change(mode=mode, misses=0, silences=0)
            self.do(Expect(mode))

    def hush(self) -> None:
        """Cut what is being said and done, once in a turn."""
        if not self.hushed:
            self.hushed = True
            self.change(awaited=0)
            self.do(Hush())

    @property
    def delivery(self) -> Delivery:
        """How to say what is to be heard in any case."""
        return "whispered" if self.state.sound == "whisper" else "aloud"

    def speak(self, text: str, delivery: Delivery | None = None) -> None:
        """Say `text` and wait for its end before anything goes on."""
        tag = self.tag()
        self.change(awaited=tag)
        self.do(Say(text, tag, RATES[self.state.pace], delivery or self.delivery))

    def reply(self, key: str, **slots: object) -> None:
        """Answer the user: cut what is being said, say this, and then go on from the same place."""
        self.hush()
        self.change(replying=True)
        self.effects = [effect for effect in self.effects if effect not in self._performed]
        text = self.content.replies.text(key, self.state.turn, **slots)
        self.speak(text[:1].upper() + text[1:])

    def take_back(self) -> None:
        """Say nothing of what this turn was going to say so far."""
        self.effects = [effect for effect in self.effects if not isinstance(effect, Say)]

    def aside(self, key: str, **slots: object) -> None:
        """Say something beside what goes on, without cutting it and without waiting for it."""
        text = self.content.replies.text(key, self.state.turn, **slots)
        self.do(Say(text, self.tag(), RATES[self.state.pace], self.delivery))

    def wait(self, seconds: float) -> None:
        """Ask to be told when `seconds` have passed; a later wait makes an earlier one stale."""
        tag = self.tag()
        self.change(timer=tag)
        self.do(Wait(seconds, tag))

    def perform(self, *, resumed: bool = False) -> None:
        """Do the present item of the score; `resumed` after something else was said meanwhile."""
        item = self.place.doing
        self.change(replying=False)
        if isinstance(item, SpokenLine):
            unspoken = self.state.wordless and item.kind != "caution"
            self.speak(item.text, "unspoken" if unspoken else None)
            self._performed.append(self.effects[-1])
            return
        tag = self.tag()
        self.change(awaited=tag)
        rate = RATES[self.state.pace]
        laid = track(
            replace(item, count=item.count + self.place.extra),
            done=self.place.stroke,
            pace=PACES[self.state.pace],
            rate=rate,
            resumed=resumed,
            counted=self.state.talk > LEAST and not self.state.wordless,
        )
        if self.state.sound == "silence":
            laid = replace(laid, sounds=())
        self.do(LayStrokes(laid, tag, rate, self.delivery))
        self._performed.append(self.effects[-1])

    def prepare(self, step: int) -> None:
        """Have the sentences and words of a step rendered ahead, if there is such a step."""
        if step < len(self.place.plan.steps):
            score = self.place.plan.steps[step].score
            said = (
                (item.text,) if isinstance(item, SpokenLine) else item.counting.texts
                for item in score
            )
            texts = tuple(dict.fromkeys(text for several in said for text in several))
            self.do(Prepare(texts, RATES[self.state.pace]))
