"""Moving from step to step at the user's request, and leaving steps out."""

from dataclasses import replace

from assistant.dialogue import sides
from assistant.dialogue.massage import go_to
from assistant.dialogue.turn import Turn
from assistant.numbers import in_words
from assistant.understanding.intent import Intent


def next_step(turn: Turn, intent: Intent) -> None:
    """Go to the next step; after "I've done that side", to the other side."""
    if intent.slots.get("what") != "side" or not sides.done_with_side(turn):
        go_to(turn, turn.place.step + 1)


def previous(turn: Turn, intent: Intent) -> None:
    """Go back one step, or as many as were said."""
    go_to(turn, turn.place.step - int(intent.slots.get("steps", 1)))


def go_to_step(turn: Turn, intent: Intent) -> None:
    """Go to a step by its number."""
    steps = len(turn.place.plan.steps)
    if intent.slots.get("which") == "last":  # the final step, or the one before this one?
        turn.reply("which last step?", steps=in_words(steps))
        return
    wanted = int(intent.slots.get("number", 0))
    if 1 <= wanted <= steps:
        go_to(turn, wanted - 1)
    else:
        turn.reply("no such step", steps=in_words(steps))


def restart(turn: Turn, _: Intent) -> None:
    """Begin the massage again."""
    go_to(turn, 0)


def skip(turn: Turn, intent: Intent) -> None:
    """Go to the next step, or leave out every step to come that works on an area."""
    if "area" in intent.slots:
        _skip_area(turn, str(intent.slots["area"]))
    else:
        go_to(turn, turn.place.step + 1)


def skip_before_beginning(turn: Turn, intent: Intent) -> None:
    """Leave out an area; before the massage has begun there is no step to skip."""
    if "area" in intent.slots:
        _skip_area(turn, str(intent.slots["area"]))
    else:
        turn.reply("not now preparing")


def _skip_area(turn: Turn, area: str) -> None:
    place = turn.place
    steps, at = place.plan.steps, place.step
    kept = [step for step in steps[at:] if area not in step.areas]
    if len(kept) == len(steps) - at:
        turn.reply("nothing there", area=area)
        return
    if not kept:
        turn.reply("nothing else left", area=area)
        return
    titles = (step.title for step in steps[at:] if area in step.areas)
    plan = replace(
        place.plan,
        steps=(*steps[:at], *kept),
        unwanted=(*place.plan.unwanted, area),
        left_out=tuple(dict.fromkeys([*place.plan.left_out, *titles])),
    )
    turn.change(place=replace(place, plan=plan))
    turn.reply("left out", area=area)
    if area not in steps[at].areas:
        return
    # The current step is gone; the next one now has its index.
    if turn.state.mode == "preparing":  # a massage that was broken off in the middle of a step
        turn.move(item=0, stroke=0, extra=0)
    else:
        go_to(turn, at)
