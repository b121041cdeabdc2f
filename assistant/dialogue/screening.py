"""The health questions: a few that yes or no answers, details only after a yes.

What is told counts from then on: the profile is kept, and the massage that was asked for is planned
without what the answers forbid; one that goes on keeps its place. It says what it leaves out, and
why.
"""

from dataclasses import replace

from assistant.dialogue import massage
from assistant.dialogue.dates import date_told
from assistant.dialogue.effects import SaveProfile
from assistant.dialogue.replanning import missed_cautions, moved
from assistant.dialogue.state import Place, Screening
from assistant.dialogue.turn import Turn
from assistant.errors import ContentError, PlanRefused, UnknownRoutine
from assistant.routine.health import Profile
from assistant.routine.plan import Plan
from assistant.understanding.intent import Intent


def due(turn: Turn) -> bool:
    """Tell whether there is something to ask before a massage."""
    return bool(turn.content.health.due(turn.state.profile, turn.content.today))


def begin(turn: Turn, routine: str) -> None:
    """Ask what is due, and then go on with `routine`."""
    _begin(turn, routine, turn.content.health.due(turn.state.profile, turn.content.today))


def check_health(turn: Turn, _: Intent) -> None:
    """Ask about health again, since something has changed; a massage chosen already is kept."""
    _begin(turn, _chosen(turn), tuple(turn.content.health.questions))


def _begin(turn: Turn, routine: str, asked: tuple[str, ...]) -> None:
    health, profile = turn.content.health, turn.state.profile
    kept = {
        name: when
        for name, when in (profile.answers.items() if profile else ())
        if health.conditions[name].question not in asked
    }
    turn.enter("screening")
    turn.change(screening=Screening(asked, asked, kept), asked_about=routine)
    turn.reply("health opening", opening=health.repeat if profile else health.opening)
    _ask(turn)


def volunteer(turn: Turn, intent: Intent) -> None:
    """Note a condition that nobody asked for, beside what was answered before."""
    state, health = turn.state, turn.content.health
    asked = health.due(state.profile, turn.content.today)
    condition = health.conditions.get(str(intent.slots.get("condition", "")))
    if condition is None:
        return
    answers = state.profile.answers if state.profile else {}
    turn.enter("screening")
    asked = asked or (condition.question,)
    turn.change(screening=Screening(asked, asked, answers), asked_about=_chosen(turn))
    tell(turn, intent)


def _chosen(turn: Turn) -> str:
    place = turn.state.place
    return place.plan.routine if place else ""


def yes(turn: Turn, _: Intent) -> None:
    """There is something: ask what."""
    turn.change(screening=replace(_now(turn), telling=True))
    _ask(turn)


def no(turn: Turn, _: Intent) -> None:
    """There is nothing, or nothing else: the next question, or the end of them."""
    if _now(turn).undated:
        _dated(turn, Intent("tell_when", {}))
        return
    left = _now(turn).left[1:]
    if left:
        turn.change(screening=replace(_now(turn), left=left, telling=False))
        _ask(turn)
    else:
        _finish(turn)


def tell(turn: Turn, intent: Intent) -> None:
    """Note a condition, with the date if it matters; ask for the date, or for more."""
    name = str(intent.slots.get("condition", ""))
    condition = turn.content.health.conditions.get(name)
    if condition is None:
        _ask(turn)
        return
    now = _now(turn)
    when = date_told(intent.slots, turn.content.today) if condition.needs_date else None
    undated = now.undated
    if condition.needs_date and when is None and name not in undated:
        undated = (*undated, name)
    answers = {**now.answers, name: when}
    turn.change(screening=replace(now, answers=answers, undated=undated, telling=True))
    turn.take_back()  # of two conditions in one breath, only the question after the second counts
    _ask(turn, noted=condition.spoken)


def tell_not(turn: Turn, intent: Intent) -> None:
    """Note that a condition is not there, even if it was told before; what was asked stays open."""
    name = str(intent.slots.get("condition", ""))
    condition = turn.content.health.conditions.get(name)
    now, health = _now(turn), turn.content.health
    answers = {other: when for other, when in now.answers.items() if other != name}
    undated = tuple(other for other in now.undated if other != name)
    turn.change(screening=replace(now, answers=answers, undated=undated))
    turn.take_back()
    if undated or condition is None:
        _ask(turn)
        return
    more = health.anything_else if now.telling else health.questions[now.left[0]].ask
    turn.reply("health not noted", condition=condition.spoken, more=more)


def tell_when(turn: Turn, intent: Intent) -> None:
    """Note the date of a treatment; where none was asked for, it is a "not sure"."""
    if _now(turn).undated:
        _dated(turn, intent)
    else:
        turn.reply("health unsure")
        _ask(turn)


def skip(turn: Turn, _: Intent) -> None:
    """Go on without answers; nothing is kept, so that it is asked again next time."""
    state = turn.state
    turn.change(profile=state.profile or Profile(turn.content.today), screening=None)
    turn.reply("health skipped")
    _go_on(turn, changed=False)


def why(turn: Turn, _: Intent) -> None:
    """Say what the questions are for, and ask again."""
    turn.reply("why health")
    _ask(turn)


def ask_again(turn: Turn, _: Intent) -> None:
    """Say the present question again."""
    _ask(turn)


def _dated(turn: Turn, intent: Intent) -> None:
    now = _now(turn)
    name, *others = now.undated
    answers = {**now.answers, name: date_told(intent.slots, turn.content.today)}
    turn.change(screening=replace(now, answers=answers, undated=tuple(others)))
    _ask(turn, noted=turn.content.health.conditions[name].spoken)


def _ask(turn: Turn, noted: str = "") -> None:
    """Ask what is open: a date, a detail or anything else, or the present question."""
    now, health = _now(turn), turn.content.health
    question = health.questions[now.left[0]]
    if now.undated:
        spoken = health.conditions[now.undated[0]].spoken
        turn.reply("health date", condition=spoken, when=health.when)
    elif noted:
        turn.reply("health noted", condition=noted, more=health.anything_else)
    else:
        turn.reply("health question", ask=question.detail if now.telling else question.ask)


def _finish(turn: Turn) -> None:
    before, now, today = turn.state.profile, _now(turn), turn.content.today
    if before and set(now.asked) < set(turn.content.health.questions):
        profile = replace(before, answers=now.answers, asked_again=today)
    else:
        profile = Profile(today, now.answers)
    turn.change(profile=profile, screening=None)
    turn.do(SaveProfile(profile))
    turn.reply("health done")
    _go_on(turn, changed=profile.answers != (before.answers if before else {}))


def take_up(turn: Turn) -> None:
    """Go on with a massage of an earlier day, without what health forbids since."""
    turn.change(asked_about=turn.place.plan.routine)
    _go_on(turn, changed=bool(turn.restrictions.parts))


def _go_on(turn: Turn, *, changed: bool) -> None:
    """Take up the massage that is wanted; a plan made before is only good for the same answers."""
    routine, place = turn.state.asked_about, turn.state.place
    begun = place and place != Place(place.plan)
    if place and not changed:
        massage.get_ready_again(turn)
    elif place and begun and (plan := _replanned(turn, place.plan)):
        after = moved(place, plan)
        turn.change(place=after)
        new = [note for note in plan.notes if note not in place.plan.notes]
        massage.get_ready_again(turn, [*new, *missed_cautions(place, after)])
    elif routine:
        if place and place.plan.asked:
            turn.change(minutes=massage.minutes_asked(turn))
        massage.choose(turn, routine)
    else:
        massage.offer(turn)


def _replanned(turn: Turn, plan: Plan) -> Plan | None:
    """Return the same massage for the answers that there are now, if they leave one."""
    minutes = plan.asked and plan.asked / 60
    try:
        return turn.content.plan(plan.routine, minutes, plan.at_hand, turn.restrictions)
    except (PlanRefused, UnknownRoutine, ContentError):
        return None


def _now(turn: Turn) -> Screening:
    assert turn.state.screening is not None
    return turn.state.screening
