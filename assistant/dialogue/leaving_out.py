"""Leaving out: a step, or every step that is still to come for one part of the face."""

from dataclasses import replace

from assistant.dialogue import massage
from assistant.dialogue.turn import Turn
from assistant.understanding.intent import Intent


def skip(turn: Turn, intent: Intent) -> None:
    """Leave this step for the next one, or leave out what is still to come for an area."""
    if "area" in intent.slots:
        _skip_area(turn, str(intent.slots["area"]))
    else:
        massage.go_to(turn, turn.place.step + 1)


def skip_before_beginning(turn: Turn, intent: Intent) -> None:
    """Leave out an area; a step cannot be skipped yet."""
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
    if turn.state.mode == "preparing":  # of a massage that was taken up, in the middle of a step
        turn.move(item=0, stroke=0, extra=0)
    else:
        massage.go_to(turn, at)
