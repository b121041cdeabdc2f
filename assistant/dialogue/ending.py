"""Ending a massage before its end: at the user's wish, with the place kept or not, or for today."""

from assistant.dialogue.effects import Forget, Quit, Save
from assistant.dialogue.state import UNDER_WAY
from assistant.dialogue.turn import Turn
from assistant.understanding.intent import Intent

KEPT_AFTER = 6.0
"""Seconds of silence after the question whether to keep the place, which are taken for a yes."""


def stop(turn: Turn, _: Intent) -> None:
    """End it. In the middle of a massage, ask once whether to keep the place; keep it meanwhile."""
    state = turn.state
    if state.place is not None and state.mode in UNDER_WAY:
        turn.do(Save(state.place))
        turn.enter("confirming")
        turn.change(question="keep place", timer=0)
        turn.reply("keep place?")
    elif state.mode == "confirming":
        keep_place(turn)
    else:
        turn.enter("finished")
        turn.reply("goodbye")
        turn.change(place=None, timer=0, leaving=True)


def keep_place(turn: Turn, _: Intent | None = None) -> None:
    """Say goodbye; the place is kept for next time. Until it is said, one can still go on."""
    turn.do(Save(turn.place))
    turn.reply("kept")
    turn.change(timer=0, leaving=True)


def drop_place(turn: Turn) -> None:
    """Say goodbye; next time begins anew, unless one goes on before it is said."""
    turn.reply("not kept")
    turn.change(question="drop place", timer=0, leaving=True)


def leave(turn: Turn) -> None:
    """Goodbye has been said: the conversation is over."""
    if turn.state.question == "drop place":
        turn.do(Forget())
    turn.enter("finished")
    turn.change(place=None, question="")
    turn.do(Quit())


def end_for_today(turn: Turn) -> None:
    """End it for the sake of health: there is nothing to go on with."""
    turn.enter("finished")
    turn.change(place=None, question="", leaving=True)
    turn.do(Forget())
