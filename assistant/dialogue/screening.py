"""The health questions: a few that "yes" or "no" answers, with details only after a "yes".

The answers count from then on. They are stored, and the massage that was asked for is planned
without what they rule out; one that has begun keeps its place. The coach says what is left out and
why.

Of several answers in one breath ("I have acne, and botox last week"), each is noted, and only the
question after the last one is asked.
"""

from dataclasses import replace
from datetime import date

from assistant.dialogue import preparing
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
    """Return whether there is something to ask before a massage."""
    return bool(turn.content.health.due(turn.state.profile, turn.content.today))


def begin(turn: Turn, routine: str) -> None:
    """Ask the questions that are due, before going on with `routine`."""
    _begin(turn, routine, turn.content.health.due(turn.state.profile, turn.content.today))


def check_health(turn: Turn, _: Intent) -> None:
    """Ask about health again; a massage that was already chosen is kept."""
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
    if not _more_answers(turn):
        turn.reply("health opening", opening=health.repeat if profile else health.opening)
    _ask(turn)


def volunteer(turn: Turn, intent: Intent) -> None:
    """Note a condition that the coach did not ask about; earlier answers stay."""
    state, health = turn.state, turn.content.health
    asked = health.due(state.profile, turn.content.today)
    answers = state.profile.answers if state.profile else {}
    if str(intent.slots["condition"]) not in health.conditions:
        turn.reply("health unknown")
        return
    turn.enter("screening")
    asked = asked or (health.conditions[str(intent.slots["condition"])].question,)
    turn.change(screening=Screening(asked, asked, answers), asked_about=_chosen(turn))
    tell(turn, intent)


def _chosen(turn: Turn) -> str:
    place = turn.state.place
    return place.plan.routine if place else ""


def yes(turn: Turn, _: Intent) -> None:
    """Ask what it is."""
    turn.change(screening=replace(_now(turn), telling=True))
    _ask(turn)


def no(turn: Turn, _: Intent) -> None:
    """Ask the next question; after the last one, go on with the massage."""
    if _now(turn).undated:
        _date(turn, None)  # "no" to "When was that?": the user does not remember
        return
    left = _now(turn).left[1:]
    if left:
        turn.change(screening=replace(_now(turn), left=left, telling=False))
        _ask(turn)
    else:
        _finish(turn)


def tell(turn: Turn, intent: Intent) -> None:
    """Note a condition; ask for the date if it matters and was not said, else for more."""
    name, now = str(intent.slots["condition"]), _now(turn)
    if name not in turn.content.health.conditions:
        turn.change(screening=replace(now, telling=True))
        turn.reply("health unknown")
        _ask(turn, after=True)
        return
    condition = turn.content.health.conditions[name]
    when = date_told(intent.slots, turn.content.today) if condition.needs_date else None
    undated = now.undated
    if condition.needs_date and when is None and name not in undated:
        undated = (*undated, name)
    answers = {**now.answers, name: when}
    turn.change(screening=replace(now, answers=answers, undated=undated, telling=True))
    _ask(turn, noted=condition.spoken)


def tell_not(turn: Turn, intent: Intent) -> None:
    """Note that the user does not have a condition; the current question stays open."""
    name = str(intent.slots["condition"])
    now, health = _now(turn), turn.content.health
    if name not in health.conditions:
        ask_again(turn, intent)
        return
    answers = {other: when for other, when in now.answers.items() if other != name}
    undated = tuple(other for other in now.undated if other != name)
    turn.change(screening=replace(now, answers=answers, undated=undated))
    if undated:
        _ask(turn)
    elif not _more_answers(turn):
        more = health.anything_else if now.telling else health.questions[now.left[0]].ask
        turn.reply("health not noted", condition=health.conditions[name].spoken, more=more)


def tell_when(turn: Turn, intent: Intent) -> None:
    """Note the date of a treatment; if no date was asked for, the user is not sure."""
    if _now(turn).undated:
        _date(turn, date_told(intent.slots, turn.content.today))
    else:
        turn.reply("health unsure")
        _ask(turn)


def skip(turn: Turn, _: Intent) -> None:
    """Go on without answers; they are not stored, so the questions come again next time."""
    state = turn.state
    turn.change(profile=state.profile or Profile(turn.content.today), screening=None)
    turn.reply("health skipped")
    _go_on(turn, changed=False)


def why(turn: Turn, _: Intent) -> None:
    """Say what the health questions are for, and ask again."""
    turn.reply("why health")
    _ask(turn)


def ask_again(turn: Turn, _: Intent) -> None:
    """Ask the current question again."""
    _ask(turn)


def _more_answers(turn: Turn) -> bool:
    """Return whether another answer follows in the same breath; then it is too early to ask."""
    return any(intent.name in ("tell", "tell_not") for intent in turn.still_to_come)


def _date(turn: Turn, when: date | None) -> None:
    now = _now(turn)
    name, *others = now.undated
    answers = {**now.answers, name: when}
    turn.change(screening=replace(now, answers=answers, undated=tuple(others)))
    _ask(turn, noted=turn.content.health.conditions[name].spoken)


def _ask(turn: Turn, noted: str = "", *, after: bool = False) -> None:
    """Ask for what is missing: a date, a detail, anything else, or the answer to the question.

    `after`: something has been said in this turn, and the question follows it.
    """
    if _more_answers(turn):
        return
    now, health = _now(turn), turn.content.health
    question = health.questions[now.left[0]]
    if after:
        turn.add("health question", ask=health.anything_else)
    elif now.undated:
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
    """Go on with a massage of an earlier day, without what health rules out by now."""
    turn.change(asked_about=turn.place.plan.routine)
    _go_on(turn, changed=bool(turn.restrictions.parts))


def _go_on(turn: Turn, *, changed: bool) -> None:
    """Go on with the massage that the user wants; a changed answer means a new plan."""
    routine, place = turn.state.asked_about, turn.state.place
    begun = place and place != Place(place.plan)
    if place and not changed:
        preparing.get_ready_again(turn)
    elif place and begun and (plan := _replanned(turn, place.plan)):
        after = moved(place, plan)
        turn.change(place=after)
        new = [note for note in plan.notes if note not in place.plan.notes]
        preparing.get_ready_again(turn, [*new, *missed_cautions(place, after)])
    elif routine:
        if place and place.plan.asked:
            turn.change(minutes=preparing.minutes_asked(place.plan, turn.state.pace))
        if place:
            turn.change(tool_named=place.plan.preferred)
        preparing.plan_massage(turn, routine)
    else:
        preparing.offer(turn)


def _replanned(turn: Turn, plan: Plan) -> Plan | None:
    """Return the same massage, planned for the present answers, or None if they rule it out."""
    minutes = plan.asked and plan.asked / 60
    try:
        return turn.content.plan(
            plan.routine, minutes, plan.at_hand, turn.restrictions, plan.preferred
        )
    except (PlanRefused, UnknownRoutine, ContentError):
        return None


def _now(turn: Turn) -> Screening:
    assert turn.state.screening is not None
    return turn.state.screening
