"""Who speaks next: hello, waiting for an answer, asking again, and what was not understood."""

from assistant.dialogue import ending
from assistant.dialogue.effects import Earcon
from assistant.dialogue.events import (
    Called,
    DeviceChanged,
    NotUnderstood,
    Said,
    Started,
    TimePassed,
    VoiceChanged,
)
from assistant.dialogue.turn import Turn

ANSWER_WITHIN = 12.0
"""Seconds until a question is asked again; people with oil on their hands take their time."""
CHECK_IN_AFTER = 180.0
"""Seconds of pause after which the coach asks, once, whether all is well."""
FAREWELL_AFTER = 30.0
"""Seconds of silence after a finished massage before the coach says goodbye."""
SILENCES_BEFORE_QUIET = 2
"""How often in a row the coach asks again before it only waits."""


def greet(turn: Turn, _: Started) -> None:
    """Say hello; if a massage was broken off, offer to go on with it."""
    if turn.state.place is None:
        turn.reply("hello")
        turn.add("not a clinician")
        turn.add("what would you like?")
    else:
        title = turn.place.plan.title.lower()
        turn.ask("go on from the place", "go on from the place?", title=title)


def said(turn: Turn, _: Said) -> None:
    """Wait for what the user says; after goodbye, end the conversation."""
    if turn.state.leaving:
        ending.leave(turn)
    else:
        turn.change(replying=False, awaited=0)
        await_answer(turn)


def await_answer(turn: Turn) -> None:
    """Give the user time to say something, unless the coach has asked often enough."""
    if turn.state.mode == "paused":
        if not turn.state.silences:
            turn.wait(turn.state.break_seconds or CHECK_IN_AFTER)
    elif turn.state.mode == "finished":
        turn.wait(FAREWELL_AFTER)
    elif turn.state.question == "keep place":
        turn.wait(ending.KEPT_AFTER)
    elif turn.state.silences < SILENCES_BEFORE_QUIET:
        turn.wait(ANSWER_WITHIN)


def silence(turn: Turn, _: TimePassed) -> None:
    """Ask again in other words; after that, wait without talking."""
    mode = turn.state.mode
    turn.change(timer=0, suggested=())
    if mode == "paused" and turn.state.break_seconds:
        turn.change(break_seconds=0.0)
        turn.reply("break over")
        return
    if turn.state.question == "keep place":
        ending.keep_place(turn)
        return
    turn.change(silences=turn.state.silences + 1)
    if mode == "paused":
        turn.reply("check in")
    elif mode == "finished":
        turn.reply("goodbye")
        turn.change(leaving=True)
    else:
        turn.reply(f"silence {turn.state.silences} {mode}")


def not_understood(turn: Turn, _: NotUnderstood) -> None:
    """Say sorry; the second time, say what can be said; after that, nothing.

    Talking more with every miss would only get in the user's way.
    """
    turn.change(misses=turn.state.misses + 1, suggested=())
    if turn.state.misses == 1:
        turn.aside("sorry?")
        if not turn.state.awaited:
            await_answer(turn)
    elif turn.state.misses == 2:
        turn.reply(f"help {turn.state.mode}")


def called(turn: Turn, _: Called) -> None:
    """Sound the earcon that says: I heard you, go on."""
    turn.do(Earcon("heard"))


def changed(turn: Turn, event: DeviceChanged | VoiceChanged) -> None:
    """Say what has changed, without interrupting anything."""
    turn.aside(event.change)
