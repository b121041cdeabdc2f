"""Walks through what a conversation can do: every event in every kind of reachable state.

Nothing is assumed about the table; `respond` is driven, breadth first. Two states are of a kind
when neither a field of one is new in its mode nor what is open in it, so the walk ends although
conversations need not.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any, get_args

from assistant.audio.device import DeviceChange
from assistant.dialogue.effects import Quit
from assistant.dialogue.events import (
    DeviceChanged,
    Event,
    Heard,
    NotUnderstood,
    Said,
    Started,
    StrokeDone,
    TimePassed,
)
from assistant.dialogue.state import Place, State
from assistant.dialogue.table import respond
from assistant.dialogue.turn import DialogueContent
from assistant.routine.health import Profile
from assistant.routine.plan import Item, Plan, Strokes
from assistant.routine.restrictions import Restrictions
from docs.sayable import Sayable

OUTSIDE = "[*]"
"""Before the conversation and after it."""
FEW = 2
MANY = 5
"""Numbers from here on count as the same: a state can be misunderstood for ever."""
_TAGS = ("awaited", "timer")
_FIELDS = tuple(field.name for field in fields(State) if field.name not in ("tags", "turn"))
"""Those that matter: the others only count."""


@dataclass(frozen=True, slots=True, order=True)
class Transition:
    """What one event did: an intent's name or an event's class, and the modes before and after."""

    before: str
    cause: str
    after: str


def explore(content: DialogueContent, asks: Iterable[Sayable]) -> frozenset[Transition]:
    """Return every transition found, those that stay in a mode included.

    Massages are shortened to two steps of few lines and strokes, which loses no kind of state.
    """
    asks = _some_of_each(asks)
    content = replace(content, plan=cache(_short(content)))
    found: set[Transition] = set()
    seen: set[tuple[Any, ...]] = set()
    waiting: deque[State] = deque()

    def take(before: str, cause: str, state: State, event: Event) -> None:
        after, effects = respond(content, state, event)
        over = any(isinstance(effect, Quit) for effect in effects)
        if after != state or effects:
            found.add(Transition(before, cause, OUTSIDE if over else after.mode))
        news = set(_features(after)) - seen
        if news and not over:
            seen.update(news)
            waiting.append(after)

    for start in _starts(content):
        take(OUTSIDE, "Started", start, Started())
    while waiting:
        state = waiting.popleft()
        for cause, event in _events(state, asks):
            take(state.mode, cause, state, event)
    return frozenset(found)


def _some_of_each(asks: Iterable[Sayable]) -> list[Sayable]:
    """Return few samples of every intent: of many heard in the same modes, the first and last."""
    samples: dict[tuple[str, frozenset[str]], list[Sayable]] = {}
    for ask in asks:
        samples.setdefault((ask.intent.name, ask.modes), []).append(ask)
    return [
        ask
        for same in samples.values()
        for ask in (same if len(same) <= 2 * FEW else (*same[:FEW], *same[-FEW:]))
    ]


def _starts(content: DialogueContent) -> Iterator[State]:
    """Yield what a conversation can begin with: nothing, answers, or the place of another one."""
    known = Profile(content.today)
    routine = next(iter(content.titles))
    yield State()
    yield State(profile=known)
    yield State(profile=known, place=Place(content.plan(routine, None, None, Restrictions())))


def _events(state: State, asks: list[Sayable]) -> Iterator[tuple[str, Event]]:
    """Yield all that can happen in a state: what was announced, then what comes from outside."""
    place = state.place
    if state.awaited:
        massaging = state.mode == "guiding" and not state.replying and place is not None
        if massaging and place is not None and isinstance(place.doing, Strokes):
            yield "StrokeDone", StrokeDone(state.awaited, place.stroke + 1)
        else:
            yield "Said", Said(state.awaited)
    elif state.timer:
        yield "TimePassed", TimePassed(state.timer)
    yield "NotUnderstood", NotUnderstood()
    for change in get_args(DeviceChange):
        yield "DeviceChanged", DeviceChanged(change)
    for ask in asks:
        if state.mode in ask.modes:
            yield ask.intent.name, Heard((ask.intent,))


def _short(content: DialogueContent) -> Any:
    def plan(*wishes: Any) -> Plan:
        whole = content.plan(*wishes)
        steps = [
            replace(step, score=_shorter(step.score)) for step in (whole.steps[0], whole.steps[-1])
        ]
        return replace(whole, steps=tuple(steps))

    return plan


def _shorter(score: tuple[Item, ...]) -> tuple[Item, ...]:
    """Keep one line of each kind between strokes, and few strokes."""
    kept: list[Item] = []
    kinds: set[str] = set()
    for item in score:
        if isinstance(item, Strokes):
            kept.append(replace(item, count=FEW))
            kinds.clear()
        elif item.kind not in kinds:
            kept.append(item)
            kinds.add(item.kind)
    return tuple(kept)


def _features(state: State) -> Iterator[tuple[Any, ...]]:
    """Yield what makes a state worth looking at: each field, and all that is open together."""
    where = (state.mode, bool(state.awaited))
    open_now = []
    for name in _FIELDS:
        value = getattr(state, name)
        match value:
            case Place():
                value = (value.step, value.item, value.stroke, bool(value.extra))
            case bool() | float() | tuple() | Profile():
                value = bool(value)
            case int():
                value = bool(value) if name in _TAGS else min(value, MANY)
            case _:
                open_now.append(value if name == "question" else _shape(value))
                continue
        yield *(where if name != "place" else where[:1]), name, value
    yield *where, *open_now


def _shape(value: Any) -> Any:
    """Return how much of something there is, whatever it is."""
    if is_dataclass(value):
        return tuple(_shape(getattr(value, field.name)) for field in fields(value))
    return min(len(value), FEW + 1) if isinstance(value, tuple | dict) else bool(value)
