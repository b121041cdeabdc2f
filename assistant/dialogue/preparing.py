"""Before the first step: the massages on offer, the plan of the chosen one, and getting ready."""

from collections.abc import Iterable

from assistant.dialogue import equipment
from assistant.dialogue.effects import Save
from assistant.dialogue.massage import explain
from assistant.dialogue.performing import prepare
from assistant.dialogue.state import NORMAL, Place
from assistant.dialogue.status import paced_seconds, seconds_left
from assistant.dialogue.turn import Turn
from assistant.errors import PlanRefused, UnknownRoutine
from assistant.numbers import in_words
from assistant.routine.plan import Plan
from assistant.understanding.intent import Intent

OFFERED_AT_ONCE = 5
"""Titles in one answer; listeners do not remember more."""


def offer(turn: Turn, _: Intent | None = None) -> None:
    """Say which massages there are, a few at a time."""
    titles = [title.lower() for title in turn.content.titles.values()]
    first = turn.state.offered if turn.state.offered < len(titles) else 0
    some = titles[first : first + OFFERED_AT_ONCE]
    turn.enter("choosing")
    turn.change(place=None, question="", asked_about="", then=(), offered=first + len(some))
    others = turn.state.offered < len(titles)
    turn.reply("offer" if others else "offer the last", titles=turn.content.replies.choice(some))


def plan_massage(turn: Turn, routine: str) -> None:
    """Plan a routine and ask whether everything is ready for it."""
    state, restrictions = turn.state, turn.restrictions
    turn.change(minutes=None, tool_named="")
    if restrictions.refused:
        _refuse(turn, "no massage", " ".join(restrictions.refused))
        return
    try:
        plan = _planned(turn, routine, state.minutes, state.tool_named)
    except UnknownRoutine:
        offer(turn)
        return
    except PlanRefused as refusal:
        _refuse(turn, "refused", str(refusal))
        return
    turn.change(place=Place(plan), pains=0, question="", asked_about="")
    turn.enter("preparing")
    length = turn.content.replies.duration(seconds_left(turn.state))
    if state.then:
        turn.reply("one after the other", titles=in_turn(turn, routine))
    turn.reply("chosen", title=plan.title, length=length, steps=in_words(len(plan.steps)))
    for note in plan.notes:
        turn.speak(note)
    if state.pace != NORMAL:
        turn.add("slower than usual" if state.pace < NORMAL else "quicker than usual")
    if state.tool_named and state.tool_named not in plan.tools:
        turn.add("tool has no part", tool=state.tool_named)
    turn.speak(plan.prepare)
    if turn.state.no_oil:
        needed = any(step.needs_oil for step in plan.steps)
        turn.add("instead of oil" if needed else "no oil needed")
    turn.add("ready?")
    prepare(turn, 0)


def in_turn(turn: Turn, routine: str) -> str:
    """Return the titles of a routine and of those that are to follow it: "a, then b"."""
    titles = turn.content.titles
    several = [titles[name].lower() for name in (routine, *turn.state.then)]
    return turn.content.replies.in_turn(several)


def _refuse(turn: Turn, key: str, why: str) -> None:
    turn.change(place=None, then=())
    turn.enter("choosing")
    turn.reply(key, why=why)


def _planned(turn: Turn, routine: str, minutes: float | None, tool: str) -> Plan:
    """Return the plan that comes nearest to `minutes` at the user's pace.

    The planner works at the normal pace, so it is asked twice: the first plan shows how much longer
    or shorter the user's pace makes this routine.
    """
    tools, restrictions, pace = turn.state.tools, turn.restrictions, turn.state.pace
    plan = turn.content.plan(routine, minutes, tools, restrictions, tool)
    if minutes is None or pace == NORMAL:
        return plan
    at_normal_pace = minutes * plan.seconds / paced_seconds(plan, pace)
    return turn.content.plan(routine, at_normal_pace, tools, restrictions, tool)


def minutes_asked(plan: Plan, pace: int) -> float | None:
    """Return the minutes, at the user's pace, that a plan was asked to take, if any."""
    if plan.asked is None:
        return None
    return plan.asked / 60 * paced_seconds(plan, pace) / plan.seconds


def get_ready_again(turn: Turn, changes: Iterable[str] = ()) -> None:
    """Ask whether everything is ready to go on with a massage that was broken off.

    `changes` are sentences about what is different from before.
    """
    turn.enter("preparing")
    turn.reply("taken up", title=turn.place.plan.title)
    for text in changes:
        turn.speak(text)
    turn.speak(turn.place.plan.prepare)
    turn.add("ready?")
    prepare(turn, turn.place.step)


def not_ready(turn: Turn, _: Intent) -> None:
    """Wait until the user says that everything is ready."""
    turn.reply("take your time")


def begin(turn: Turn, intent: Intent) -> None:
    """Begin the massage, or go on where it was broken off, explaining that step again.

    "I've got a roller" is not yet that if the massage has no use for a roller so far.
    """
    if equipment.is_new(turn, intent):
        equipment.change(turn, intent)
        return
    turn.enter("guiding")
    turn.reply("begin")
    explain(turn, turn.place.now.score[: turn.place.item])
    turn.do(Save(turn.place))
    prepare(turn, turn.place.step + 1)
