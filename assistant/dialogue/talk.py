"""How much the coach says: less, as usual, or more. What keeps a person safe is always said."""

from assistant.dialogue.state import LEAST, MOST
from assistant.dialogue.turn import Turn
from assistant.routine.plan import Item, Line
from assistant.understanding.intent import Intent

COLOUR = ("cue", "close")
"""Kinds of lines without which one can still follow."""


def less_talking(turn: Turn, _: Intent) -> None:
    """Say less: no colour, no progress, no counting."""
    turn.change(talk=max(turn.state.talk - 1, LEAST))
    turn.reply("less talking")


def more_detail(turn: Turn, _: Intent) -> None:
    """Say more: what each step is for, and now what this one is for."""
    turn.change(talk=min(turn.state.talk + 1, MOST))
    turn.reply("more detail")
    if turn.state.mode in ("guiding", "paused"):
        turn.speak(turn.place.now.why)


def unsaid(item: Item, talk: int) -> bool:
    """Tell whether to leave out `item` when the coach is to say this much."""
    return talk == LEAST and isinstance(item, Line) and item.kind in COLOUR


def is_lead_in(item: Item) -> bool:
    """Tell whether strokes follow right after `item`."""
    return isinstance(item, Line) and item.kind == "lead in"
