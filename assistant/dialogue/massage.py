"""The massage itself: beginning, moving through the score, breaking off and ending."""

from collections.abc import Iterable

from assistant.dialogue.effects import Earcon, Forget, Save
from assistant.dialogue.state import LEAST, MOST, NORMAL, Place
from assistant.dialogue.status import paced_seconds, seconds_left
from assistant.dialogue.talk import is_lead_in, unsaid
from assistant.dialogue.turn import Turn
from assistant.errors import PlanRefused, UnknownRoutine
from assistant.numbers import in_words
from assistant.routine.plan import Item, Plan, SpokenLine, Strokes

OFFERED_AT_ONCE = 5
"""Titles in one answer: more are not remembered."""
STEPS_WITH_A_MIDDLE = 4
"""From so many steps on it is worth saying that half of them are done."""
FAREWELL_AFTER = 30.0
"""Seconds of silence after a finished massage before the coach says goodbye."""


def choose(turn: Turn, routine: str) -> None:
    """Plan a routine and ask whether everything is ready for it."""
    state, restrictions = turn.state, turn.restrictions
    turn.change(minutes=None, wished_tool="")
    if restrictions.refused:
        turn.change(place=None)
        turn.enter("choosing")
        turn.reply("no massage", why=" ".join(restrictions.refused))
        return
    try:
        plan = _planned(turn, routine, state.minutes)
    except UnknownRoutine:
        offer(turn)
        return
    except PlanRefused as refusal:
        turn.change(place=None)
        turn.enter("choosing")
        turn.reply("refused", why=str(refusal))
        return
    turn.change(place=Place(plan), pains=0, question="", asked_about="")
    turn.enter("preparing")
    length = turn.content.replies.duration(seconds_left(turn.state))
    turn.reply("chosen", title=plan.title, length=length, steps=in_words(len(plan.steps)))
    for note in plan.notes:
        turn.speak(note)
    if state.pace != NORMAL:
        key = "slower than usual" if state.pace < NORMAL else "quicker than usual"
        turn.speak(turn.content.replies.text(key))
    if state.wished_tool and state.wished_tool not in plan.tools:
        turn.speak(turn.content.replies.text("tool has no part", tool=state.wished_tool))
    turn.speak(plan.prepare)
    turn.speak(turn.content.replies.text("ready?", state.turn))
    turn.prepare(0)


def _planned(turn: Turn, routine: str, minutes: float | None) -> Plan:
    """Return the plan that takes `minutes` at the user's pace, as near as it can."""
    tools, restrictions, pace = turn.state.tools, turn.restrictions, turn.state.pace
    plan = turn.content.plan(routine, minutes, tools, restrictions)
    if minutes is None or pace == NORMAL:
        return plan
    at_normal_pace = minutes * plan.seconds / paced_seconds(plan, pace)
    return turn.content.plan(routine, at_normal_pace, tools, restrictions)


def minutes_asked(turn: Turn) -> float | None:
    """Return the minutes at the user's pace that the present plan was asked to take, if any."""
    plan = turn.place.plan
    if plan.asked is None:
        return None
    return plan.asked / 60 * paced_seconds(plan, turn.state.pace) / plan.seconds


def offer(turn: Turn) -> None:
    """Say which massages there are, some at a time."""
    titles = [title.lower() for title in turn.content.titles.values()]
    first = turn.state.offered if turn.state.offered < len(titles) else 0
    some = titles[first : first + OFFERED_AT_ONCE]
    turn.enter("choosing")
    turn.change(place=None, question="", asked_about="", offered=first + len(some))
    others = turn.state.offered < len(titles)
    turn.reply("offer" if others else "offer the last", titles=turn.content.replies.choice(some))


def begin(turn: Turn) -> None:
    """Start the massage, or go on where it was broken off, with the step explained again."""
    turn.enter("guiding")
    turn.reply("begin")
    explain(turn, turn.place.now.score[: turn.place.item])
    turn.do(Save(turn.place))
    turn.prepare(turn.place.step + 1)


def get_ready_again(turn: Turn, news: Iterable[str] = ()) -> None:
    """Take up a massage that was broken off: what was at hand then may not be now.

    `news` are sentences about what is not as it was.
    """
    turn.enter("preparing")
    turn.reply("taken up", title=turn.place.plan.title)
    for text in news:
        turn.speak(text)
    turn.speak(turn.place.plan.prepare)
    turn.speak(turn.content.replies.text("ready?", turn.state.turn))
    turn.prepare(turn.place.step)


def explain(turn: Turn, score: tuple[Item, ...]) -> None:
    """Say again how to do the step, as far as `score` tells."""
    for item in score:
        if isinstance(item, SpokenLine) and item.kind in ("title", "what", "cue"):
            turn.speak(item.text)


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
    onward = step == turn.place.step + 1
    turn.move(step=max(step, 0), item=0, stroke=0, extra=0)
    turn.do(Save(turn.place))
    if onward:
        _announce_progress(turn)
    else:
        turn.prepare(turn.place.step)
    turn.perform()
    turn.prepare(turn.place.step + 1)


def _announce_progress(turn: Turn) -> None:
    """Say how far it is half way and before the last step; at every step it would be chatter."""
    steps = len(turn.place.plan.steps)
    if turn.state.talk == LEAST or turn.state.wordless:
        return
    if turn.place.last:
        turn.aside("last step")
    elif turn.place.step == steps // 2 and steps >= STEPS_WITH_A_MIDDLE:
        turn.aside("half way")


def advance(turn: Turn) -> None:
    """Go on to the next item of the score that is to be said or done, or to the next step."""
    place = turn.place
    score = place.now.score
    ahead = range(place.item + 1, len(score))
    item = next((i for i in ahead if not unsaid(score[i], turn.state)), None)
    if item is None:
        go_to(turn, place.step + 1)
        return
    extra = 0 if isinstance(place.doing, Strokes) else place.extra
    turn.move(item=item, stroke=0, extra=extra)
    if turn.state.talk == MOST and is_lead_in(score[item]) and not turn.state.wordless:
        turn.change(replying=True)  # the lead-in follows when this is said
        turn.speak(place.now.why)
    else:
        turn.perform()


def stroke_done(turn: Turn) -> None:
    """Count a stroke; the last one of the run moves the score on."""
    place = turn.place
    assert isinstance(place.doing, Strokes)
    turn.move(stroke=place.stroke + 1)
    if turn.place.stroke >= place.doing.count + place.extra:
        advance(turn)


def finish(turn: Turn) -> None:
    """Say the closing words; the place is of no use any more."""
    title, routine = turn.place.plan.title, turn.place.plan.routine
    turn.enter("finished")
    turn.change(place=None, done=routine)
    turn.reply("finished", title=title)
    turn.do(Earcon("done"))
    turn.do(Forget())
