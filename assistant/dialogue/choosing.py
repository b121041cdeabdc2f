"""Choosing a massage, before one has begun and in the middle of one."""

from assistant.dialogue import equipment, preparing, screening
from assistant.dialogue.turn import Turn
from assistant.understanding.intent import Intent


def start(turn: Turn, intent: Intent) -> None:
    """Choose the massage that was asked for, with its length and tool if they were said."""
    if "minutes" in intent.slots:
        turn.change(minutes=float(intent.slots["minutes"]))
    made_for_it = equipment.prefer(turn, intent)
    routine = intent.slots.get("routine", made_for_it)
    if routine is None and turn.state.mode == "preparing":
        routine = turn.place.plan.routine  # the same one, only longer, shorter or with other tools
    if routine is None:
        preparing.offer(turn)
    else:
        choose(turn, str(routine))


def choose(turn: Turn, routine: str) -> None:
    """Choose a massage; if health questions are due, ask them first."""
    if screening.due(turn):
        turn.change(place=None)  # the user wants another massage than the one broken off earlier
        screening.begin(turn, routine)
    else:
        preparing.plan_massage(turn, routine)


def once_more(turn: Turn, _: Intent) -> None:
    """Choose the massage that has just been done once more."""
    choose(turn, turn.state.done)


def start_another(turn: Turn, intent: Intent) -> None:
    """Ask whether to leave this massage for another one."""
    routine = str(intent.slots.get("routine", ""))
    if routine not in turn.content.titles:
        turn.reply("in the middle", title=turn.place.plan.title)
        return
    new = turn.content.titles[routine].lower()
    turn.ask("change routine", "change routine?", about=routine, title=new)


def keep_to_this_one(turn: Turn, _: Intent) -> None:
    """Say that a massage is going on; the others are not listed in the middle of one."""
    turn.reply("in the middle", title=turn.place.plan.title)
