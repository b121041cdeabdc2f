"""Changing sides in the middle of a step, and leaving one of them out.

After a change, the rest of the first side is done after the other.
"""

from dataclasses import replace

from assistant.dialogue.massage import go_to
from assistant.dialogue.state import Place
from assistant.dialogue.turn import Turn
from assistant.routine.plan import Item, Side, SpokenLine, Strokes
from assistant.understanding.intent import Intent


def switch_side(turn: Turn, intent: Intent) -> None:
    """Change to the other side, or to the one that was named; the rest of this one comes later."""
    place = turn.place
    present, other = _present_and_other(place)
    if present is None or other is None:
        turn.reply("no sides")
        return
    wanted = intent.slots.get("side", _run(place, other).side)
    if wanted == _run(place, present).side:
        turn.reply("this side", side=_named(turn, _run(place, present).side))
        return
    turn.reply("other side", side=_named(turn, _run(place, other).side))
    if other < present:
        turn.change(place=_back_to(place, present, other))
    else:
        turn.change(place=_exchanged(turn, place, present, other))


def done_with_side(turn: Turn) -> bool:
    """Go on to the side that comes next in this step; return False if there is none."""
    place = turn.place
    present, other = _present_and_other(place)
    if present is None or other is None or other < present:
        return False
    turn.hush()
    turn.enter("guiding")
    turn.move(item=_announcement(place, other), stroke=0, extra=0)
    return True


def leave_out(turn: Turn, intent: Intent) -> None:
    """Do only the other side of this step; if nothing is left of it, go to the next one."""
    place = turn.place
    runs = _sided(place)
    coming = [index for index in runs if index >= place.item]
    if not runs:
        turn.reply("no side to leave out")
        return
    side = _unwanted(place, coming or runs, intent)
    unwanted = next((index for index in coming if _run(place, index).side == side), None)
    if unwanted is None:
        turn.reply("no such side", side=_named(turn, side))
        return
    others = [index for index in coming if index != unwanted]
    if not others:
        go_to(turn, place.step + 1)
        return
    turn.reply("side left out", side=_named(turn, side))
    if unwanted == place.item:  # its strokes have begun
        turn.enter("guiding")
        turn.move(item=_announcement(place, others[0]), stroke=0, extra=0)
    else:
        turn.change(place=_only(turn, place, others[0], unwanted))


def _unwanted(place: Place, coming: list[int], intent: Intent) -> Side:
    """Return the side to leave out: named, or this or the other one, or all but the one named."""
    opposite: dict[Side, Side] = {"left": "right", "right": "left", "both": "both"}
    named: dict[object, Side] = {"left": "left", "right": "right"}
    if "only" in intent.slots:
        return opposite[named[intent.slots["only"]]]
    present = _run(place, coming[0]).side
    return named.get(
        intent.slots["side"], present if intent.slots["side"] == "this" else opposite[present]
    )


def _only(turn: Turn, place: Place, wanted: int, unwanted: int) -> Place:
    """Return `place` without a run that has not begun and without the line that names its side."""
    score = list(place.now.score)
    first, second = sorted([wanted, unwanted])
    announcement = _announcement(place, first)
    if place.item <= announcement < first:
        only = turn.text("this side only", side=_named(turn, _run(place, wanted).side))
        score[announcement] = SpokenLine(only[:1].upper() + only[1:], "side")
    score[first] = replace(_run(place, wanted), lead=_run(place, first).lead)
    del score[_announcement(place, second) : second + 1]
    return _with_score(place, score, place.item, place.extra, place.stroke)


def _sided(place: Place) -> list[int]:
    """Return the indices of the runs on one side."""
    score = enumerate(place.now.score)
    return [index for index, item in score if isinstance(item, Strokes) and item.side != "both"]


def _present_and_other(place: Place) -> tuple[int | None, int | None]:
    """Return the indices of the current or next run, and of the one on the other side."""
    runs = _sided(place)
    present = next((index for index in runs if index >= place.item), None)
    return present, next((index for index in runs if index != present), None)


def _exchanged(turn: Turn, place: Place, present: int, other: int) -> Place:
    """Return `place` with the two runs of its step swapped, at the beginning of the other one."""
    score = list(place.now.score)
    now, later = _run(place, other), _rest(place, present)
    score[present] = replace(now, lead=_run(place, present).lead)
    score[other] = replace(later, lead=now.lead)  # the pause to move the hands stays where it was
    left = turn.text("now this side", side=_named(turn, _run(place, present).side))
    announcement = _announcement(place, other)
    if announcement < other:
        score[announcement] = SpokenLine(left, "side")
    item = place.item
    if item < present:  # before the strokes: the narration goes on and names the new side
        first = _announcement(place, present)
        named = turn.text("this side first", side=_named(turn, _run(place, other).side))
        score[first] = SpokenLine(named[:1].upper() + named[1:], "side")
    return _with_score(place, score, item, place.extra if item < present else 0)


def _back_to(place: Place, present: int, other: int) -> Place:
    """Return `place` at the other run, which came before; the rest of this one follows it."""
    score = list(place.now.score)
    score[present] = _rest(place, present)
    return _with_score(place, score, other, 0)


def _rest(place: Place, present: int) -> Strokes:
    run = _run(place, present)
    if place.item < present:
        return run
    return replace(run, count=run.count + place.extra - place.stroke)


def _with_score(place: Place, score: list[Item], item: int, extra: int, stroke: int = 0) -> Place:
    steps = list(place.plan.steps)
    steps[place.step] = replace(place.now, score=tuple(score))
    plan = replace(place.plan, steps=tuple(steps))
    return replace(place, plan=plan, item=item, stroke=stroke, extra=extra)


def _announcement(place: Place, run: int) -> int:
    """Return the index of the line that names the side of a run or, without one, of the run."""
    before = range(run, -1, -1)
    lines = (i for i in before if _kind(place.now.score[i]) == "side")
    return next(lines, run)


def _kind(item: Item) -> str:
    return item.kind if isinstance(item, SpokenLine) else ""


def _run(place: Place, index: int) -> Strokes:
    run = place.now.score[index]
    assert isinstance(run, Strokes)
    return run


def _named(turn: Turn, side: Side) -> str:
    return turn.text(side)
