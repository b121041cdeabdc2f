"""The massage itself: moving through the score, from step to step, to the end.

Nothing here says the current item of the score. Handlers only move the place; `respond` performs
the item at the end of the turn, when it is clear that no answer comes first.
"""

from assistant.dialogue.effects import Earcon, Forget, Save
from assistant.dialogue.events import Said, StrokeDone
from assistant.dialogue.performing import prepare
from assistant.dialogue.state import LEAST, MOST
from assistant.dialogue.talk import is_lead_in, unsaid
from assistant.dialogue.turn import Turn
from assistant.routine.plan import Item, SpokenLine, Strokes

STEPS_WITH_A_MIDDLE = 4
"""A massage must have at least this many steps for "half way" to be worth saying."""


def go_on(turn: Turn) -> None:
    """Go on with the massage from its place."""
    turn.enter("guiding")
    turn.reply("resumed")
    prepare(turn, turn.place.step)


def explain(turn: Turn, score: tuple[Item, ...]) -> None:
    """Say again how to do the step, as far as `score` has it."""
    for item in score:
        if isinstance(item, SpokenLine) and item.kind in ("title", "what", "cue"):
            turn.speak(item.text)


def go_to(turn: Turn, step: int) -> None:
    """Begin the step with this index; after the last one, the massage is over."""
    turn.hush()
    if step >= len(turn.place.plan.steps):
        _finish(turn)
        return
    turn.enter("guiding")
    onward = step == turn.place.step + 1
    turn.move(step=max(step, 0), item=0, stroke=0, extra=0)
    turn.do(Save(turn.place))
    if onward:
        _announce_progress(turn)
    else:
        # Only the next step has been rendered ahead; after a jump this one may not be.
        prepare(turn, turn.place.step)
    prepare(turn, turn.place.step + 1)


def _announce_progress(turn: Turn) -> None:
    """Say that half is done, or that this is the last step; at every step it would be chatter."""
    steps = len(turn.place.plan.steps)
    if turn.state.talk == LEAST or turn.state.wordless:
        return
    if turn.place.last:
        turn.aside("last step")
    elif turn.place.step == steps // 2 and steps >= STEPS_WITH_A_MIDDLE:
        turn.aside("half way")


def said(turn: Turn, _: Said) -> None:
    """Go on with the next item of the score; after an answer, with the one it interrupted."""
    turn.change(awaited=0)
    if not turn.state.replying:
        _advance(turn)


def stroke_done(turn: Turn, _: StrokeDone) -> None:
    """Count a stroke; after the last one of a run, go on with the next item of the score."""
    place = turn.place
    assert isinstance(place.doing, Strokes)
    turn.move(stroke=place.stroke + 1)
    if turn.place.stroke >= place.doing.count + place.extra:
        turn.change(awaited=0)
        _advance(turn)


def _advance(turn: Turn) -> None:
    """Move to the next item of the score that is to be said or done, or to the next step."""
    place = turn.place
    score = place.now.score
    ahead = range(place.item + 1, len(score))
    item = next((i for i in ahead if not unsaid(score[i], turn.state)), None)
    if item is None:
        go_to(turn, place.step + 1)
        return
    # Strokes that were added belong to the next run until that run has been done.
    extra = 0 if isinstance(place.doing, Strokes) else place.extra
    turn.move(item=item, stroke=0, extra=extra)
    if turn.state.talk == MOST and is_lead_in(score[item]) and not turn.state.wordless:
        turn.change(replying=True)  # so that the lead-in follows when this has been said
        turn.speak(place.now.why)


def _finish(turn: Turn) -> None:
    """Say the closing words; there is no place to keep any more."""
    plan, then = turn.place.plan, turn.state.then
    turn.enter("finished")
    turn.change(place=None, done=plan)
    turn.reply("finished", title=plan.title)
    if then:
        turn.add("next massage?", title=turn.content.titles[then[0]].lower())
    turn.do(Earcon("done"))
    turn.do(Forget())
