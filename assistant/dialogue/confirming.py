"""Answers to a question that the coach asked: yes, no, or going on after all."""

from assistant.dialogue import choosing, ending, hurting, massage, preparing, screening
from assistant.dialogue.effects import Forget
from assistant.dialogue.turn import Turn
from assistant.understanding.intent import Intent


def yes(turn: Turn, _: Intent) -> None:
    """Yes: leave this massage for the other, keep the place, or go on with the earlier massage.

    Where something is wrong, it is a report of what was asked about.
    """
    match turn.state.question:
        case "change routine":
            choosing.choose(turn, turn.state.asked_about)
        case "keep place":
            ending.keep_place(turn)
        case "something wrong":
            hurting.pain(turn, Intent("pain", {"symptom": turn.state.asked_about}))
        case _ if screening.due(turn):
            screening.begin(turn, turn.place.plan.routine)
        case _:
            screening.take_up(turn)


def no(turn: Turn, _: Intent) -> None:
    """No: go on with this massage, drop the place, or choose a new massage."""
    match turn.state.question:
        case "change routine" | "something wrong":
            _stay(turn)
        case "keep place":
            ending.drop_place(turn)
        case _:
            turn.do(Forget())
            preparing.offer(turn)


def go_on_after_all(turn: Turn, intent: Intent) -> None:
    """Go on with the massage that was to be stopped or left, or with the earlier one."""
    turn.change(leaving=False)
    if turn.state.question == "go on from the place":
        yes(turn, intent)
    else:
        _stay(turn)


def begin_again(turn: Turn, intent: Intent) -> None:
    """Begin the present massage again; instead of an earlier one, choose a new massage."""
    if turn.state.question == "go on from the place":
        no(turn, intent)
    else:
        _forget_the_other(turn)
        massage.go_to(turn, 0)


def _stay(turn: Turn) -> None:
    """Go on with this massage; what was said about another one no longer counts."""
    _forget_the_other(turn)
    massage.go_on(turn)


def _forget_the_other(turn: Turn) -> None:
    if turn.state.question == "change routine":
        turn.change(minutes=None, tool_named="", then=(), minutes_then=None)
    turn.change(question="", leaving=False)
