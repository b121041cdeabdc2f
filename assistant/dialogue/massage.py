"""The massage itself: beginning, moving through the score, breaking off and ending."""

from assistant.dialogue.effects import Earcon, Forget, Save
from assistant.dialogue.state import NORMAL, Place
from assistant.dialogue.turn import Turn
from assistant.dialogue.wording import choice, duration, number
from assistant.errors import UnknownRoutine
from assistant.routine.plan import Strokes

FAREWELL_AFTER = 30.0
"""Seconds of silence after a finished massage before the coach says goodbye."""


def choose(turn: Turn, routine: str) -> None:
    """Plan a routine and ask whether everything is ready for it."""
    state = turn.state
    try:
        plan = turn.content.plan(routine, state.minutes, state.tools)
    except UnknownRoutine:
        offer(turn)
        return
    turn.change(place=Place(plan), pains=0, question="", asked_about="", pace=NORMAL)
    turn.enter("preparing")
    length = duration(turn.content.replies, plan.seconds)
    turn.reply("chosen", title=plan.title, length=length, steps=number(len(plan.steps)))
    turn.speak(plan.prepare)
    turn.speak(turn.content.replies.text("ready?", state.turn))
    turn.prepare(0)


def offer(turn: Turn) -> None:
    """Say which massages there are."""
    titles = [title.lower() for title in turn.content.titles.values()]
    turn.enter("choosing")
    turn.change(place=None, question="", asked_about="")
    turn.reply("offer", titles=choice(turn.content.replies, titles))


def begin(turn: Turn) -> None:
    """Start the first step."""
    turn.enter("guiding")
    turn.reply("begin")
    turn.do(Save())
    turn.prepare(1)


def go_on(turn: Turn) -> None:
    """Take the massage up where it stands."""
    turn.enter("guiding")
    turn.reply("resumed")
    turn.prepare(turn.place.step)


def go_to(turn: Turn, step: int) -> None:
    """Begin the step with this index; past the last one the massage is over."""
    turn.hush()
    if step >= len(turn.place.plan.steps):
        finish(turn)
        return
    turn.enter("guiding")
    turn.move(step=max(step, 0), item=0, stroke=0, extra=0)
    turn.do(Save())
    turn.perform()
    turn.prepare(turn.place.step + 1)


def advance(turn: Turn) -> None:
    """Go on to the next item of the score, or to the next step."""
    place = turn.place
    if place.item + 1 < len(place.now.score):
        extra = 0 if isinstance(place.doing, Strokes) else place.extra
        turn.move(item=place.item + 1, stroke=0, extra=extra)
        turn.perform()
    else:
        go_to(turn, place.step + 1)


def stroke_done(turn: Turn) -> None:
    """Count a stroke; the last one of the run moves the score on."""
    place = turn.place
    assert isinstance(place.doing, Strokes)
    turn.move(stroke=place.stroke + 1)
    if turn.place.stroke >= place.doing.count + place.extra:
        advance(turn)


def finish(turn: Turn) -> None:
    """Say the closing words; the place is of no use any more."""
    title = turn.place.plan.title
    turn.enter("finished")
    turn.change(place=None)
    turn.reply("finished", title=title)
    turn.do(Earcon("done"))
    turn.do(Forget())


def break_off(turn: Turn) -> None:
    """Stop at the user's wish, keeping the place, and end the conversation."""
    under_way = turn.state.place is not None and turn.state.mode in ("guiding", "paused", "hurting")
    if under_way:
        turn.do(Save())
    turn.enter("finished")
    turn.reply("stopped" if under_way else "goodbye")
    turn.change(place=None, timer=0, leaving=True)
