"""Pain: the massage stops at once, and goes on only more lightly or not at all."""

from collections.abc import Mapping
from dataclasses import replace

from assistant.dialogue import ending, screening
from assistant.dialogue.state import UNDER_WAY, Place
from assistant.dialogue.turn import Turn
from assistant.routine.plan import SpokenLine
from assistant.routine.schema import PRESSURES
from assistant.understanding.intent import Intent

SECOND_PAIN = 2
"""The report of pain that ends the massage: twice is no accident."""


def pain(turn: Turn, intent: Intent) -> None:
    """Stop at once; then, depending on how serious it sounds, ask, advise, or send for help."""
    state = turn.state
    under_way = state.mode in UNDER_WAY or state.question in ("change routine", "something wrong")
    under_way = under_way and not state.leaving  # then advice is enough: there is no going on
    # Pain without a known symptom still gets the advice for something that hurts.
    tier = turn.content.safety.tier(str(intent.slots.get("symptom", "hurts")))
    turn.hush()
    turn.change(pains=turn.state.pains + 1, replying=True, timer=0)
    for sentence in tier.say:
        turn.speak(sentence, "aloud")  # even if the user asked for whispering: it must be heard
    if tier.ends:
        ending.end_for_today(turn)
    elif under_way and turn.state.pains >= SECOND_PAIN:
        turn.add("enough for today")
        ending.end_for_today(turn)
    elif under_way:
        turn.enter("hurting")
        turn.change(question="")
        turn.add("lighter or skip?")
    elif turn.state.mode == "screening":
        screening.ask_again(turn, intent)


def go_on_lighter(turn: Turn, _: Intent) -> None:
    """Go on with the same step, with less pressure."""
    pressures = turn.content.pressures
    turn.change(place=lightened(turn.place, pressures))
    turn.enter("guiding")
    turn.reply("lighter", pressure=pressures[turn.place.now.pressure])


def lightened(place: Place, sentences: Mapping[str, str]) -> Place:
    """Return `place` with the current step one pressure lighter, but not lighter than feather.

    A step in which the hands only rest stays as it is. `sentences` are the narration's sentences by
    pressure; where the step says the old one, it says the new one.
    """
    step, old = place.now, place.now.pressure
    pressures: tuple[str, ...] = PRESSURES
    at = pressures.index(old)
    new = pressures[max(at - 1, min(at, 1))]
    score = tuple(
        replace(item, text=item.text.replace(sentences[old], sentences[new]))
        if isinstance(item, SpokenLine)
        else item
        for item in step.score
    )
    steps = list(place.plan.steps)
    steps[place.step] = replace(step, pressure=new, score=score)
    return replace(place, plan=replace(place.plan, steps=tuple(steps)))
