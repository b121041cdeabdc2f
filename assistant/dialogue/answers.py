"""Answers to questions and small requests; the massage stays where it was."""

from assistant.dialogue import massage
from assistant.dialogue.effects import SavePace, SetVolume
from assistant.dialogue.hurting import lightened
from assistant.dialogue.performing import prepare
from assistant.dialogue.state import GAINS, PACES
from assistant.dialogue.status import seconds_left, step_seconds_left
from assistant.dialogue.turn import Turn
from assistant.numbers import in_words
from assistant.routine.plan import Strokes
from assistant.understanding.intent import Intent

A_FEW_SECONDS = 20.0
"""How much is added if the user asks for more time without saying how much."""


def pressure(turn: Turn, _: Intent) -> None:
    """Answer how hard to press."""
    step = turn.place.now
    turn.reply("pressure", pressure=turn.content.pressures[step.pressure], contact=step.contact)
    if step.caution:
        turn.speak(step.caution)


def direction(turn: Turn, _: Intent) -> None:
    """Answer which way to go."""
    turn.reply("direction", direction=turn.place.now.direction_line)


def area(turn: Turn, _: Intent) -> None:
    """Answer where on the face to work."""
    turn.reply("area", area=turn.place.now.area_line)


def tool(turn: Turn, _: Intent) -> None:
    """Answer which part of the hand or which tool to use."""
    turn.reply("contact", contact=turn.place.now.contact)


def why(turn: Turn, _: Intent) -> None:
    """Answer what the step is for."""
    turn.reply("why", why=turn.place.now.why)


def time_left(turn: Turn, _: Intent) -> None:
    """Answer how much longer the massage takes."""
    replies = turn.content.replies
    whole, step = seconds_left(turn.state), step_seconds_left(turn.state)
    if turn.place.last:
        turn.reply("time left in last step", whole=replies.duration(whole))
    else:
        turn.reply("time left", whole=replies.duration(whole), step=replies.duration(step))


def where_am_i(turn: Turn, _: Intent) -> None:
    """Answer which step, stroke, and side it is."""
    place = turn.place
    run = place.strokes
    turn.reply(
        "where" if run and place.stroke else "where before strokes",
        step=in_words(place.step + 1),
        steps=in_words(len(place.plan.steps)),
        title=place.now.title.lower(),
        stroke=in_words(place.stroke),
        strokes=in_words(run.count + place.extra if run else 0),
    )
    if run and run.side != "both":
        turn.add("this side", side=turn.text(run.side))


def repeat_step(turn: Turn, _: Intent) -> None:
    """Explain the step again; strokes that are done still count."""
    turn.reply("again")
    place = turn.place
    before = place.now.score[: place.item]
    explained = any(isinstance(item, Strokes) for item in (*before, place.doing))
    if turn.state.mode == "guiding" and not explained:
        turn.move(item=0)  # its explanation begins again after the reply
    else:
        massage.explain(turn, before if explained else place.now.score)


def preparations(turn: Turn, _: Intent) -> None:
    """Answer what to have ready."""
    turn.reply("to have ready", prepare=turn.place.plan.prepare)


def topic(turn: Turn, intent: Intent) -> None:
    """Answer a question about massage in general."""
    answer = turn.content.topic(str(intent.slots.get("topic", "")))
    if not answer:
        turn.reply("no answer")
        return
    turn.reply("about", answer=answer[0])
    for sentence in answer[1:]:
        turn.speak(sentence)


def more_time(turn: Turn, intent: Intent) -> None:
    """Add strokes to the current run, or to the next one in this step."""
    run = turn.place.strokes
    if run is None:
        turn.reply("no more to add")
        return
    tempo = run.tempo * PACES[turn.state.pace]
    strokes = int(intent.slots.get("strokes", 0))
    if not strokes:
        seconds = float(intent.slots.get("seconds", 0)) or A_FEW_SECONDS
        strokes = max(1, round(seconds / tempo))
    turn.move(extra=turn.place.extra + strokes)
    turn.reply("more strokes" if strokes > 1 else "one more stroke", count=in_words(strokes))


def slower(turn: Turn, _: Intent) -> None:
    """Make strokes and speech slower, now and next time."""
    _change_pace(turn, -1, "slower", "slowest")


def faster(turn: Turn, _: Intent) -> None:
    """Make strokes and speech faster, now and next time."""
    _change_pace(turn, +1, "faster", "fastest")


def lighter(turn: Turn, _: Intent) -> None:
    """Press less in this step."""
    before, pressures = turn.place, turn.content.pressures
    turn.change(place=lightened(before, pressures))
    if turn.place == before:
        turn.reply("lightest")
    else:
        turn.reply("lighter", pressure=pressures[turn.place.now.pressure])


def firmer(turn: Turn, _: Intent) -> None:
    """Keep to the pressure of the step, which is the most that is good for it."""
    turn.reply("firmest", pressure=turn.content.pressures[turn.place.now.pressure])


def louder(turn: Turn, _: Intent) -> None:
    """Raise the volume."""
    _change_volume(turn, +1, "louder", "loudest")


def quieter(turn: Turn, _: Intent) -> None:
    """Lower the volume."""
    _change_volume(turn, -1, "quieter", "quietest")


def help_here(turn: Turn, _: Intent) -> None:
    """Say what the user can say now."""
    turn.reply(f"help {turn.state.mode}")


def _change_pace(turn: Turn, by: int, done: str, at_the_end: str) -> None:
    pace = turn.state.pace + by
    if pace not in range(len(PACES)):
        turn.reply(at_the_end)
        return
    turn.change(pace=pace)
    turn.do(SavePace(pace))
    prepare(turn, turn.place.step)
    turn.reply(done)


def _change_volume(turn: Turn, by: int, done: str, at_the_end: str) -> None:
    volume = turn.state.volume + by
    if volume not in range(len(GAINS)):
        turn.reply(at_the_end)
        return
    turn.change(volume=volume)
    turn.do(SetVolume(GAINS[volume]))
    turn.reply(done)
