"""Pausing a massage and going on with it."""

from assistant.dialogue import answers, massage
from assistant.dialogue.effects import Save
from assistant.dialogue.turn import Turn
from assistant.understanding.intent import Intent


def pause(turn: Turn, intent: Intent) -> None:
    """Pause, for as long as was said; strokes that are done still count."""
    turn.enter("paused")
    _pause_for(turn, intent, "paused")
    turn.do(Save(turn.place))


def still_paused(turn: Turn, intent: Intent) -> None:
    """Stay paused, for as long as was said."""
    _pause_for(turn, intent, "still paused")


def longer_away(turn: Turn, intent: Intent) -> None:
    """Take minutes as a longer pause, strokes as more strokes."""
    if "seconds" in intent.slots:
        still_paused(turn, intent)
    else:
        answers.more_time(turn, intent)


def _pause_for(turn: Turn, intent: Intent, without_end: str) -> None:
    seconds = float(intent.slots.get("seconds", 0))
    turn.change(break_seconds=seconds)
    if seconds:
        turn.reply("paused for", length=turn.content.replies.duration(seconds))
    else:
        turn.reply(without_end)


def resume(turn: Turn, _: Intent) -> None:
    """Go on with the massage from its place."""
    massage.go_on(turn)


def already_going(turn: Turn, _: Intent) -> None:
    """Say nothing: the massage is going on already."""
