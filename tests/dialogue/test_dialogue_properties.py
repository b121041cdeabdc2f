"""Whatever is said and whatever happens, in any order, the coach keeps its promises.

Hypothesis makes conversations of 200 moves; a small world stands for the session: it says what is
to be said, counts strokes, and lets time pass. A conversation that ends is followed by the next
one, which takes up the place that was kept. Every failure shrinks to the moves that matter.
"""

from collections import deque
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from assistant.dialogue.effects import (
    Effect,
    Expect,
    Forget,
    Hush,
    LayStrokes,
    Quit,
    Save,
    Say,
    Wait,
)
from assistant.dialogue.events import (
    Event,
    Heard,
    NotUnderstood,
    Said,
    Started,
    StrokeDone,
    TimePassed,
    Unsure,
)
from assistant.dialogue.respond import respond
from assistant.dialogue.state import Place, State
from assistant.dialogue.status import seconds_left
from assistant.dialogue.table import ENDING
from assistant.dialogue.turn import DialogueContent
from assistant.routine.health import Profile
from assistant.routine.plan import Strokes
from assistant.understanding.intent import Intent
from tests.dialogue.moves import Move, content, moves

CONVERSATIONS, MOVES = 480, 200
EVENTS = 100_000
"""At least so many are to happen: what is let go on for long makes several of one move."""
SECONDS_PER_LINE = 3.0
LENGTHENS = (
    *("start", "previous", "go_to_step", "restart", "repeat", "more_time", "slower", "resume"),
    *("yes", "no", "change_tool", "more_detail", "switch_side"),
)
"""Intents after which the massage may take longer than before; no other may make it longer."""
PUFFY_EYES = Intent("start", {"routine": "puffy-eyes"})
AHEAD = {"choosing": PUFFY_EYES, "finished": PUFFY_EYES, "screening": Intent("no")}
"""What leads on to a massage and through it, where yes does not."""
STATE: TypeAdapter[State] = TypeAdapter(State)


@dataclass
class World:
    """Performs effects as a session does, and holds the dialogue to its promises."""

    content: DialogueContent
    state: State = field(default_factory=State)
    clock: float = 0.0
    to_say: deque[Say] = field(default_factory=deque)
    said_at: float = 0.0
    """When the sentence that is being said ends."""
    strokes: LayStrokes | None = None
    stroke: int = 0
    """Done of those that were laid."""
    stroke_at: float = 0.0
    timers: list[tuple[float, int]] = field(default_factory=list)
    listens_for: str = "choosing"
    kept: Place | None = None
    over: bool = False
    spoke_up: int = 0
    """Sentences begun by itself, while paused or finished, since the user was last heard."""
    happened: deque[Event] = field(default_factory=lambda: deque(maxlen=20))
    handled: int = 0

    def go_on(self) -> None:
        """Let the next thing happen that was announced; if nothing was, it is silent."""
        coming: list[tuple[float, int, Event]] = []
        if self.to_say:
            coming.append((self.said_at, 0, Said(self.to_say[0].tag)))
        if self.strokes:
            done = StrokeDone(self.strokes.tag, self.stroke + 1)
            coming.append((self.stroke_at, 1, done))
        if self.timers:
            due, tag = min(self.timers)
            coming.append((due, 2, TimePassed(tag)))
        if not coming:
            return
        due, which, event = min(coming, key=lambda one: one[:2])
        self.clock = max(self.clock, due)
        self._take_away(which)
        self.handle(event)

    def _take_away(self, which: int) -> None:
        if which == 0:
            self.to_say.popleft()
            self.said_at = self.clock + SECONDS_PER_LINE
        elif which == 1:
            assert self.strokes is not None
            self.stroke += 1
            self.stroke_at += self.strokes.track.tempo
            if self.stroke == self.strokes.track.count:
                self.strokes = None
        else:
            self.timers.remove(min(self.timers))

    def handle(self, event: Event) -> None:
        """Let one event happen, perform what follows, and check all promises."""
        before = self.state
        self.happened.append(event)
        self.handled += 1
        self.state, effects = respond(self.content, before, event)
        self._tags_are_fresh(before, effects)
        self._stop_and_pain_hush(before, event, effects)
        self._speaks_up_seldom(before, event, effects)
        for effect in effects:
            self._perform(effect)
        assert self.listens_for == self.state.mode, "it listens for another mode's sentences"
        if not self.over:
            self._strokes_are_wanted()
            self._gets_no_longer(before, event)
            self._is_never_stuck()

    def _perform(self, effect: Effect) -> None:
        match effect:
            case Say():
                if not self.to_say:
                    self.said_at = self.clock + SECONDS_PER_LINE
                self.to_say.append(effect)
            case Hush():
                self.to_say.clear()
                self.strokes = None
            case LayStrokes():
                self.strokes, self.stroke = effect, 0
                self.stroke_at = self.clock + effect.track.begins(1)
            case Wait(seconds, tag):
                self.timers.append((self.clock + seconds, tag))
            case Expect(mode):
                self.listens_for = mode
            case Save(place):
                self.kept = place
            case Forget():
                self.kept = None
            case Quit():
                self.over = True

    def _tags_are_fresh(self, before: State, effects: tuple[Effect, ...]) -> None:
        tags = [e.tag for e in effects if isinstance(e, Say | LayStrokes | Wait)]
        assert len(set(tags)) == len(tags), "a tag was given out twice"
        assert all(before.tags < tag <= self.state.tags for tag in tags), "a tag is not fresh"

    def _stop_and_pain_hush(self, before: State, event: Event, effects: tuple[Effect, ...]) -> None:
        if not isinstance(event, Heard):
            return
        urgent = event.intents[0].name
        if urgent == "pain" or (urgent == "stop" and not before.leaving):
            kinds = [type(effect) for effect in effects]
            assert Hush in kinds, f"{urgent} does not silence it"
            said = kinds.index(Say) if Say in kinds else len(kinds)
            assert kinds.index(Hush) < said, f"{urgent} silences its own answer"
            assert LayStrokes not in kinds, f"{urgent} is answered with strokes"
            assert self.state.mode != "guiding", f"{urgent} does not stop the massage"

    def _speaks_up_seldom(self, before: State, event: Event, effects: tuple[Effect, ...]) -> None:
        """Paused or finished, it speaks up seldom: that a break is over, to ask, or for goodbye."""
        if isinstance(event, Heard | NotUnderstood | Started | Unsure):
            self.spoke_up = 0
        by_itself = isinstance(event, Said | StrokeDone | TimePassed)
        if by_itself and before.mode in ("paused", "finished"):
            says = sum(isinstance(effect, Say) for effect in effects)
            assert not (says and before.leaving), "it has said goodbye, and goes on talking"
            self.spoke_up += says
            most = 2 if before.mode == "paused" else 1
            assert self.spoke_up <= most, f"it does not stay silent while {before.mode}"

    def _strokes_are_wanted(self) -> None:
        place = self.state.place
        if place is None:
            return
        of = place.doing.count if isinstance(place.doing, Strokes) else 0
        assert 0 <= place.stroke <= of + place.extra, "more strokes done than wanted"
        if self.strokes and self.strokes.tag == self.state.awaited:
            still = place.stroke + self.strokes.track.count - self.stroke
            assert still == of + place.extra, "other strokes laid than wanted"

    def _gets_no_longer(self, before: State, event: Event) -> None:
        heard = event.intents if isinstance(event, Heard) else ()
        # To an open question most things are an answer, and it may be yes to another massage.
        wanted = before.mode == "confirming" or any(one.name in LENGTHENS for one in heard)
        if before.place is None or (heard and wanted):
            return
        if self.state.place is not None:
            extra = before.place.extra if self.state.place.step == before.place.step else 0
            assert self.state.place.extra <= extra, "strokes were added that nobody asked for"
        assert seconds_left(self.state) <= seconds_left(before) + 1e-6, "the time left grew"

    def _is_never_stuck(self) -> None:
        awaited = self.state.awaited
        coming = {say.tag for say in self.to_say}
        if self.strokes:
            coming.add(self.strokes.tag)
        if awaited:
            assert awaited in coming, "it waits for the end of something that does not go on"
        elif self.state.mode == "guiding":
            pytest.fail("it guides without saying or counting anything")
        elif self.state.leaving:
            pytest.fail("it would leave and never goes")
        elif self.state.timer:
            assert self.state.timer in {tag for _, tag in self.timers}, "its wait never ends"
        else:
            assert self.state.silences, "it waits for an answer for ever and never asked again"


def make(world: World, move: Move) -> None:  # noqa: C901 - one case per kind
    """Make a move."""
    match move:
        case "on", _:
            world.go_on()
        case "far on", _:
            for _ in range(15):
                if not world.over:
                    world.go_on()
        case "ahead", _:
            world.handle(Heard((AHEAD.get(world.state.mode, Intent("yes")),)))
        case (("unclear" | "changed"), event):
            world.handle(event)
        case "saved and loaded", _:
            loaded = STATE.validate_json(STATE.dump_json(world.state))
            assert loaded == world.state, "saving and loading changed the state"
            world.state = loaded
        case "stale", kind:
            state = world.state
            given_out = range(state.tags, 0, -1)
            stale = [tag for tag in given_out if tag not in (state.awaited, state.timer)]
            for tag in stale[:1]:
                world.handle(kind(tag, 1) if kind is StrokeDone else kind(tag))
        case "heard", breath:
            # The interpreter puts what is urgent in front.
            urgent_first = sorted(breath, key=lambda intent: intent.name not in ENDING)
            world.handle(Heard(tuple(urgent_first)))


def begun(kept: Place | None = None, profile: Profile | None = None) -> World:
    """Return a conversation that begins where an earlier one left place and answers, if it did."""
    world = World(content(), State(place=kept, profile=profile), kept=kept)
    world.handle(Started())
    return world


def test_any_conversation_keeps_every_promise() -> None:
    handled = 0

    @settings(
        max_examples=CONVERSATIONS,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(conversation=st.lists(st.sampled_from(moves()), min_size=MOVES, max_size=MOVES))
    def converse(conversation: list[Move]) -> None:
        nonlocal handled
        world = begun()
        try:
            for move in conversation:
                make(world, move)
                if world.over:
                    handled += world.handled
                    world = begun(world.kept, world.state.profile)
        except Exception:
            note("\n".join(["What happened last:", *map(str, world.happened)]))
            raise
        handled += world.handled

    converse()
    assert handled >= EVENTS, handled
