"""Choosing a massage, or several one after the other, before one has begun and in the middle."""

from collections.abc import Iterable, Sequence

from assistant.dialogue import ending, equipment, preparing, screening
from assistant.dialogue.preparing import minutes_asked
from assistant.dialogue.turn import Turn
from assistant.understanding.intent import Intent, Slot

_LATER = ("second", "third")
"""Slots for the massages that were named after the first."""


def together(intents: Sequence[Intent]) -> list[Intent]:
    """Return what was said in one breath, with all that is about choosing a massage as one wish.

    "My jawline, with my roller, and no oil" is one massage; "puffy eyes and my jaw" are two, but
    "puffy eyes, no, my jaw" is only the latter.
    """
    names = [intent.name for intent in intents]
    if "start" not in names:
        return list(intents)
    for at in range(len(intents) - 1, 0, -1):
        if names[at] == "no" and names[at - 1] == "start" and "start" in names[at:]:
            intents, names = intents[at + 1 :], names[at + 1 :]
            break
    about = [intent for intent in intents if intent.name in ("start", "change_tool")]
    slots: dict[str, Slot] = {}
    for intent in about:
        slots.update(intent.slots)
    slots.update(_numbered(("routine", *_LATER), (i.slots.get("routine") for i in about)))
    missing = (intent.slots.get(name) for intent in about for name in equipment.MISSING)
    slots.update(_numbered(equipment.MISSING, missing))
    at = intents.index(about[0])
    others = [intent for intent in intents if intent not in about]
    return [*others[:at], Intent("start", slots), *others[at:]]


def _numbered(names: Sequence[str], values: Iterable[Slot | None]) -> dict[str, Slot]:
    """Return the different values under as many names as there are."""
    different = dict.fromkeys(value for value in values if value is not None)
    return dict(zip(names, different, strict=False))


MOST_SAID_OF_CONCERN = 2
"""Sentences that say how little massage changes; who wants to know more can ask."""


def start(turn: Turn, intent: Intent) -> None:
    """Choose the massage that was asked for, with its length and tool if they were said."""
    concern = str(intent.slots.get("concern", ""))
    if concern in turn.content.concerns and turn.state.mode in ("choosing", "finished"):
        _say_what_can_be_done(turn, intent)
        return
    made_for_it = _note_wishes(turn, intent)
    routine = intent.slots.get("routine", made_for_it)
    if routine is None and turn.state.mode == "preparing":
        _plan_again(turn)
    elif routine is None and turn.state.then:
        next_of_several(turn, intent)
    elif routine is None:
        preparing.offer(turn)
    else:
        choose(turn, str(routine))


def _say_what_can_be_done(turn: Turn, intent: Intent) -> None:
    """Be honest about what no massage changes, and offer the nearest one."""
    topic = turn.content.concerns[str(intent.slots["concern"])]
    routine = str(intent.slots["routine"])
    first, *others = turn.content.topic(topic)[:MOST_SAID_OF_CONCERN]
    turn.reply("about", answer=first)
    for sentence in others:
        turn.speak(sentence)
    turn.add("nearest massage", title=turn.content.titles[routine].lower())
    slots = {name: value for name, value in intent.slots.items() if name != "concern"}
    turn.change(suggested=(Intent("start", slots),))


def _note_wishes(turn: Turn, intent: Intent) -> str | None:
    """Remember minutes, tools, and what is to follow; return the routine made for the tool."""
    later = tuple(str(intent.slots[name]) for name in _LATER if name in intent.slots)
    if "routine" in intent.slots:
        turn.change(then=later, minutes_then=None)
    if "minutes" in intent.slots:  # for all of them together
        to_come = len(turn.state.then)
        over = turn.state.mode == "finished" and "routine" not in intent.slots
        each = float(intent.slots["minutes"]) / max(1, to_come if over else to_come + 1)
        turn.change(minutes=each, minutes_then=each if to_come else None)
    return equipment.prefer(turn, intent)


def _plan_again(turn: Turn) -> None:
    """Plan the same massage, only longer, shorter or with other tools."""
    plan = turn.place.plan
    turn.change(tool_named=turn.state.tool_named or plan.preferred)
    choose(turn, plan.routine)


def choose(turn: Turn, routine: str) -> None:
    """Choose a massage; if health questions are due, ask them first."""
    if screening.due(turn):
        turn.change(place=None)  # the user wants another massage than the one broken off earlier
        screening.begin(turn, routine)
    else:
        preparing.plan_massage(turn, routine)


def once_more(turn: Turn, _: Intent) -> None:
    """Choose the massage that has just been done once more, as long and with the same tool."""
    plan = turn.state.done
    if plan is None:
        preparing.offer(turn)
        return
    turn.change(minutes=minutes_asked(plan, turn.state.pace), tool_named=plan.preferred)
    choose(turn, plan.routine)


def next_of_several(turn: Turn, _: Intent) -> None:
    """Choose the next of several massages; if there is none, say which massages there are."""
    if not turn.state.then:
        preparing.offer(turn)
        return
    routine, *others = turn.state.then
    turn.change(then=tuple(others), minutes=turn.state.minutes_then)
    choose(turn, routine)


def no_more(turn: Turn, intent: Intent) -> None:
    """Say goodbye instead of going on with the next of several massages."""
    if turn.state.then:
        turn.change(then=())
        ending.stop(turn, intent)
    else:
        turn.reply("not now finished")


def start_another(turn: Turn, intent: Intent) -> None:
    """Ask whether to leave this massage for another one, or for several."""
    routine = str(intent.slots.get("routine", ""))
    if routine not in turn.content.titles:
        turn.reply("in the middle", title=turn.place.plan.title)
        return
    _note_wishes(turn, intent)
    turn.ask(
        "change routine",
        "change routine?",
        about=routine,
        title=preparing.in_turn(turn, routine),
    )


def keep_to_this_one(turn: Turn, _: Intent) -> None:
    """Say that a massage is going on; the others are not listed in the middle of one."""
    turn.reply("in the middle", title=turn.place.plan.title)
