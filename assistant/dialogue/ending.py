"""Ending a massage before its end: at the user's wish, with the place kept or not, or for today."""

from assistant.dialogue.effects import Forget, Save
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
        _leave(turn, "goodbye")


def keep_place(turn: Turn, _: Intent | None = None) -> None:
    """Say goodbye; the place is kept for next time."""
    turn.do(Save(turn.place))
    _leave(turn, "kept")


def drop_place(turn: Turn) -> None:
    """Say goodbye; next time begins anew."""
    turn.do(Forget())
    _leave(turn, "not kept")


def end_for_today(turn: Turn) -> None:
    """End it for the sake of health: there is nothing to go on with."""
    turn.enter("finished")
    turn.change(place=None, question="", leaving=True)
    turn.do(Forget())


def _leave(turn: Turn, words: str) -> None:
    turn.enter("finished")
    turn.reply(words)
    turn.change(place=None, question="", timer=0, leaving=True)
