"""Ending a massage early: because the user wants to, with the place kept or not, or for health."""

from assistant.dialogue.effects import Forget, Quit, Save
from assistant.dialogue.events import PlaceNotSaved
from assistant.dialogue.state import UNDER_WAY
from assistant.dialogue.turn import Turn
from assistant.understanding.intent import Intent

KEPT_AFTER = 6.0
"""Seconds of silence after "Should I save your place?" that count as a yes."""


def stop(turn: Turn, _: Intent) -> None:
    """End the conversation; in the middle of a massage, ask once whether to keep the place."""
    state = turn.state
    if state.place is not None and state.mode in UNDER_WAY:
        turn.do(Save(state.place))  # in case the user closes the program instead of answering
        turn.change(timer=0)
        turn.ask("keep place", "keep place?")
    elif state.mode == "confirming":
        keep_place(turn)
    else:
        turn.enter("finished")
        turn.reply("goodbye")
        turn.change(place=None, timer=0, leaving=True)


def keep_place(turn: Turn) -> None:
    """Say goodbye and keep the place; until that has been said, the user can still go on."""
    turn.do(Save(turn.place))
    turn.reply("kept")
    turn.change(timer=0, leaving=True)


def not_saved(turn: Turn, _: PlaceNotSaved) -> None:
    """Take back that the place is saved; before the end, warn once that it will not be."""
    if turn.state.leaving:
        turn.reply("not saved")
    elif not turn.state.warned_of_saving:
        turn.change(warned_of_saving=True)
        turn.aside("cannot save")


def drop_place(turn: Turn) -> None:
    """Say goodbye; the place is dropped afterwards, so that the user can still go on until then."""
    turn.reply("not kept")
    turn.change(question="drop place", timer=0, leaving=True)


def leave(turn: Turn) -> None:
    """End the conversation, after goodbye has been said."""
    if turn.state.question == "drop place":
        turn.do(Forget())
    turn.enter("finished")
    turn.change(replying=False, awaited=0, place=None, question="")
    turn.do(Quit())


def end_for_today(turn: Turn) -> None:
    """End the massage for the sake of health and keep no place."""
    turn.enter("finished")
    turn.change(place=None, question="", leaving=True)
    turn.do(Forget())
