"""What moves the conversation from one mode to another."""

from assistant.dialogue import answers, ending, equipment, massage, screening, sides
from assistant.dialogue.effects import Forget, Save
from assistant.dialogue.events import NotUnderstood
from assistant.dialogue.state import UNDER_WAY, OpenQuestion, lightened
from assistant.dialogue.turn import Turn
from assistant.numbers import in_words
from assistant.understanding.intent import Intent

ANSWER_WITHIN = 12.0
"""Seconds until a question is asked again; people with oil on their hands take their time."""
CHECK_IN_AFTER = 180.0
"""Seconds of pause after which the coach asks, once, whether all is well."""
SILENCES_BEFORE_QUIET = 2
"""How often in a row it asks again before it only waits."""
SECOND_PAIN = 2
"""The report of pain that ends the massage."""


def start(turn: Turn, intent: Intent) -> None:
    """Choose the massage that was asked for, with its length and tool if they were said."""
    if "minutes" in intent.slots:
        turn.change(minutes=float(intent.slots["minutes"]))
    made_for_it = equipment.prefer(turn, intent)
    routine = intent.slots.get("routine", made_for_it)
    if routine is None and turn.state.mode == "preparing":
        routine = turn.place.plan.routine  # with other minutes
    if routine is None:
        massage.offer(turn)
    else:
        choose(turn, str(routine))


def choose(turn: Turn, routine: str) -> None:
    """Choose a massage; the health questions come first when they are due."""
    if screening.due(turn):
        turn.change(place=None)  # what was broken off earlier is not what is wanted now
        screening.begin(turn, routine)
    else:
        massage.choose(turn, routine)


def once_more(turn: Turn, _: Intent) -> None:
    """Choose the massage that has just been done once more."""
    choose(turn, turn.state.done)


def start_another(turn: Turn, intent: Intent) -> None:
    """Ask whether to leave this massage for another one."""
    routine = str(intent.slots.get("routine", ""))
    if routine not in turn.content.titles:
        turn.reply("in the middle", title=turn.place.plan.title)
        return
    new = turn.content.titles[routine].lower()
    ask(turn, "change routine", "change routine?", about=routine, title=new)


def list_routines(turn: Turn, _: Intent) -> None:
    """Say which massages there are; in the middle of one only as an answer."""
    if turn.state.mode in ("choosing", "preparing", "finished"):
        massage.offer(turn)
    elif turn.state.place is None:
        turn.reply(f"not now {turn.state.mode}")
    else:
        turn.reply("in the middle", title=turn.place.plan.title)


def ready(turn: Turn, _: Intent) -> None:
    """Everything is at hand: begin."""
    massage.begin(turn)


def not_ready(turn: Turn, _: Intent) -> None:
    """Something is still missing: wait for the word."""
    turn.reply("take your time")


def pause(turn: Turn, intent: Intent) -> None:
    """Fall silent, for as long as was said; the strokes done are kept."""
    turn.enter("paused")
    _pause_for(turn, intent, "paused")
    turn.do(Save(turn.place))


def still_paused(turn: Turn, intent: Intent) -> None:
    """Pause while paused: confirm it, or take the time that was said."""
    _pause_for(turn, intent, "still paused")


def longer_away(turn: Turn, intent: Intent) -> None:
    """While paused, more minutes are minutes away; strokes are still strokes."""
    if "seconds" in intent.slots:
        still_paused(turn, intent)
    else:
        answers.more_time(turn, intent)


def _pause_for(turn: Turn, intent: Intent, without_end: str) -> None:
    seconds = float(intent.slots.get("seconds", 0))
    turn.change(break_seconds=seconds)
    if seconds:
        turn.reply("paused for", length=turn.content.replies.duration(seconds))
    else:
        turn.reply(without_end)


def resume(turn: Turn, _: Intent) -> None:
    """Go on where it stands."""
    massage.go_on(turn)


def already_going(turn: Turn, _: Intent) -> None:
    """Resume while going: nothing to do, so say nothing."""


def next_step(turn: Turn, intent: Intent) -> None:
    """Leave this step for the next one; after "I've done that side", for the other side."""
    if intent.slots.get("what") != "side" or not sides.done_with_side(turn):
        massage.go_to(turn, turn.place.step + 1)


def previous(turn: Turn, intent: Intent) -> None:
    """Go back, by one step or as many as were said."""
    massage.go_to(turn, turn.place.step - int(intent.slots.get("steps", 1)))


def go_to_step(turn: Turn, intent: Intent) -> None:
    """Go to a step by its number."""
    steps = len(turn.place.plan.steps)
    if intent.slots.get("which") == "last":
        turn.reply("which last step?", steps=in_words(steps))
        return
    wanted = int(intent.slots.get("number", 0))
    if 1 <= wanted <= steps:
        massage.go_to(turn, wanted - 1)
    else:
        turn.reply("no such step", steps=in_words(steps))


def restart(turn: Turn, _: Intent) -> None:
    """Begin the massage again."""
    massage.go_to(turn, 0)


def pain(turn: Turn, intent: Intent) -> None:
    """Stop at once; then, by how serious it sounds, ask, advise, or send for help."""
    under_way = turn.state.mode in UNDER_WAY or turn.state.question == "change routine"
    tier = turn.content.safety.tier(str(intent.slots.get("symptom", "hurts")))
    turn.hush()
    turn.change(pains=turn.state.pains + 1, replying=True, timer=0)
    for sentence in tier.say:
        turn.speak(sentence, "aloud")  # whatever was wished before: it must not be missed
    if tier.ends:
        ending.end_for_today(turn)
    elif under_way and turn.state.pains >= SECOND_PAIN:
        turn.speak(turn.content.replies.text("enough for today"))
        ending.end_for_today(turn)
    elif under_way:
        turn.enter("hurting")
        turn.change(question="")
        turn.speak(turn.content.replies.text("lighter or skip?"))
    elif turn.state.mode == "screening":
        screening.ask_again(turn, intent)


def go_on_lighter(turn: Turn, _: Intent) -> None:
    """After pain: the same step, with less pressure."""
    pressures = turn.content.pressures
    turn.change(place=lightened(turn.place, pressures))
    turn.enter("guiding")
    turn.reply("lighter", pressure=pressures[turn.place.now.pressure])


def ask(turn: Turn, question: OpenQuestion, key: str, about: str = "", **slots: object) -> None:
    """Put a question that yes or no answers."""
    turn.enter("confirming")
    turn.change(question=question, asked_about=about)
    turn.reply(key, **slots)


def yes(turn: Turn, intent: Intent) -> None:
    """Yes to the open question."""
    match turn.state.question:
        case "change routine":
            choose(turn, turn.state.asked_about)
        case "keep place":
            ending.keep_place(turn, intent)
        case _ if screening.due(turn):
            screening.begin(turn, turn.place.plan.routine)
        case _:
            screening.take_up(turn)


def no(turn: Turn, intent: Intent) -> None:
    """No to the open question."""
    match turn.state.question:
        case "change routine":
            resume_after_all(turn, intent)
        case "keep place":
            ending.drop_place(turn)
        case _:
            turn.do(Forget())
            massage.offer(turn)


def resume_after_all(turn: Turn, intent: Intent) -> None:
    """Go on with the massage that was to be stopped or left; else it is a yes."""
    turn.change(leaving=False)
    if turn.state.question in ("keep place", "drop place", "change routine"):
        turn.change(question="")
        resume(turn, intent)
    else:
        yes(turn, intent)


def greet(turn: Turn) -> None:
    """Say hello; where a massage was broken off, offer to go on with it."""
    if turn.state.place is None:
        turn.reply("hello")
        turn.speak(turn.content.replies.text("not a clinician"))
        turn.speak(turn.content.replies.text("what would you like?"))
        return
    place = turn.place
    title = place.plan.title.lower()
    ask(turn, "go on from the place", "go on from the place?", title=title)


def after_reply(turn: Turn) -> None:
    """Go on, once the coach has spoken: with the massage, out of the door, or to an answer."""
    turn.change(replying=False, awaited=0)
    if turn.state.leaving:
        ending.leave(turn)
    elif turn.state.mode == "guiding":
        turn.perform(resumed=True)
    else:
        await_answer(turn)


def await_answer(turn: Turn) -> None:
    """Give the user time to say something, unless it has been asked for often enough."""
    if turn.state.mode == "paused":
        if not turn.state.silences:
            turn.wait(turn.state.break_seconds or CHECK_IN_AFTER)
    elif turn.state.mode == "finished":
        turn.wait(massage.FAREWELL_AFTER)
    elif turn.state.question == "keep place":
        turn.wait(ending.KEPT_AFTER)
    elif turn.state.silences < SILENCES_BEFORE_QUIET:
        turn.wait(ANSWER_WITHIN)


def silence(turn: Turn) -> None:
    """Nothing was answered: ask again in other words, then wait without talking."""
    mode = turn.state.mode
    turn.change(timer=0)
    if mode == "paused" and turn.state.break_seconds:
        turn.change(break_seconds=0.0)
        turn.reply("break over")
        return
    if turn.state.question == "keep place":
        ending.keep_place(turn)
        return
    turn.change(silences=turn.state.silences + 1)
    if mode == "paused":
        turn.reply("check in")
    elif mode == "finished":
        turn.reply("goodbye")
        turn.change(leaving=True)
    else:
        turn.reply(f"silence {turn.state.silences} {mode}")


def not_understood(turn: Turn, event: NotUnderstood) -> None:
    """Say sorry, then what can be said, then nothing: each miss is answered by less, not louder.

    Where a sentence is near, ask for that one instead.
    """
    if event.nearest:
        turn.change(suggested=event.meant)
        turn.aside("did you mean?", sentence=event.nearest)
        return
    turn.change(misses=turn.state.misses + 1)
    if turn.state.misses == 1:
        turn.aside("sorry?")
        if not turn.state.awaited:
            await_answer(turn)
    elif turn.state.misses == 2:
        turn.reply(f"help {turn.state.mode}")


def not_that(turn: Turn, _: Intent) -> None:
    """Drop the sentence that was asked for instead; what goes on, goes on."""
    turn.reply("not that")
