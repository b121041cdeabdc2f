"""Moving from step to step at the user's request, and leaving steps out."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.dialogue import sides
from assistant.dialogue.massage import go_to
from assistant.dialogue.replanning import skipped_cautions
from assistant.dialogue.turn import Turn
from assistant.numbers import in_words
from assistant.routine.plan import Step
from assistant.understanding.intent import Intent


def next_step(turn: Turn, intent: Intent) -> None:
    """Go to the next step; after "I've done that side", to the other side."""
    if intent.slots.get("what") != "side" or not sides.done_with_side(turn):
        go_to(turn, turn.place.step + 1)


def previous(turn: Turn, intent: Intent) -> None:
    """Go back one step, or as many as were said."""
    go_to(turn, turn.place.step - int(intent.slots.get("steps", 1)))


def go_to_step(turn: Turn, intent: Intent) -> None:
    """Go to the step with this number, the final one, or the nearest that works on an area."""
    if "area" in intent.slots:
        _go_to_area(turn, str(intent.slots["area"]), back=intent.slots.get("where") == "back")
        return
    steps = len(turn.place.plan.steps)
    if intent.slots.get("which") == "last":  # the final step, or the one before this one?
        turn.reply("which last step?", steps=in_words(steps))
        return
    wanted = steps if intent.slots.get("which") == "final" else int(intent.slots.get("number", 0))
    if 1 <= wanted <= steps:
        _jump(turn, wanted - 1)
    else:
        turn.reply("no such step", steps=in_words(steps))


def _go_to_area(turn: Turn, area: str, *, back: bool) -> None:
    """Go to the next step for an area or, if there is none or `back` is wanted, to an earlier one.

    The step that puts oil on is for no area of its own.
    """
    place = turn.place
    areas = {i: s.areas for i, s in enumerate(place.plan.steps) if not s.spreads_oil}
    found = [index for index, worked_on in areas.items() if area in worked_on]
    # Of those on one side, one for which the area comes first; of these, the nearest.
    found.sort(key=lambda index: (areas[index][0] != area, abs(index - place.step)))
    ahead = [index for index in found if index > place.step]
    here = [index for index in found if index == place.step]
    behind = [index for index in found if index < place.step]
    if not found:
        names = list(dict.fromkeys(name for worked_on in areas.values() for name in worked_on))
        turn.reply("no part for it", area=area, areas=turn.content.replies.choice(names))
    elif here and not back and not ahead:
        turn.reply("already there", area=area)
    else:
        _jump(turn, [*behind, *here, *ahead][0] if back else [*ahead, *behind][0])


def _jump(turn: Turn, step: int) -> None:
    """Go to the step with this index; say first what the steps in between would have said for it.

    That is the cautions, and that there must be oil on the skin.
    """
    before = turn.place
    go_to(turn, step)
    skipped = before.plan.steps[before.step + 1 : step]
    if not skipped:
        return
    turn.change(replying=True)  # so that the step begins when this has been said
    if turn.place.now.needs_oil and any(each.spreads_oil for each in skipped):
        turn.add("needs oil")
    for caution in skipped_cautions(before, turn.place):
        turn.speak(caution)


def restart(turn: Turn, _: Intent) -> None:
    """Begin the massage again."""
    go_to(turn, 0)


def skip(turn: Turn, intent: Intent) -> None:
    """Go to the next step, or leave out one side, or every step to come that works on an area."""
    if {"side", "only"} & intent.slots.keys():
        sides.leave_out(turn, intent)
    elif "area" in intent.slots:
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
    kept = _without(area, steps[at:])
    if len(kept) == len(steps) - at:
        turn.reply("nothing there", area=area)
        return
    if not kept:
        turn.reply("nothing else left", area=area)
        return
    titles = (step.title for step in steps[at:] if step not in kept)
    plan = replace(
        place.plan,
        steps=(*steps[:at], *kept),
        unwanted=(*place.plan.unwanted, area),
        left_out=tuple(dict.fromkeys([*place.plan.left_out, *titles])),
    )
    turn.change(place=replace(place, plan=plan))
    turn.reply("left out", area=area)
    if kept[0] == steps[at]:
        return
    # The current step is gone; the next one now has its index.
    if turn.state.mode == "preparing":  # a massage that was broken off in the middle of a step
        turn.move(item=0, stroke=0, extra=0)
    else:
        go_to(turn, at)


def _without(area: str, steps: Sequence[Step]) -> list[Step]:
    """Return the steps that do not work on `area`, with the oil as long as one of them needs it."""
    kept = [step for step in steps if step.spreads_oil or area not in step.areas]
    oil_is_needed = any(step.needs_oil for step in kept)
    return [step for step in kept if oil_is_needed or not step.spreads_oil]
