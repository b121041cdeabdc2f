"""Changing sides in the middle of a step; the rest of the first side is done after the other."""

from dataclasses import replace

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


def _present_and_other(place: Place) -> tuple[int | None, int | None]:
    """Return the indices of the current or next run, and of the one on the other side."""
    runs = [
        index
        for index, item in enumerate(place.now.score)
        if isinstance(item, Strokes) and item.side != "both"
    ]
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


def _with_score(place: Place, score: list[Item], item: int, extra: int) -> Place:
    steps = list(place.plan.steps)
    steps[place.step] = replace(place.now, score=tuple(score))
    plan = replace(place.plan, steps=tuple(steps))
    return replace(place, plan=plan, item=item, stroke=0, extra=extra)


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
