"""Performs the score of a step: says a sentence, or lays a run of strokes in time."""

from dataclasses import replace

from assistant.dialogue.effects import LayStrokes, Prepare
from assistant.dialogue.state import LEAST, PACES, RATES
from assistant.dialogue.turn import Turn
from assistant.routine.plan import SpokenLine
from assistant.routine.track import track


def perform(turn: Turn) -> None:
    """Say or lay the current item of the score.

    If it was interrupted by an answer, strokes start a little later: the hands must come back.
    """
    item, state = turn.place.doing, turn.state
    turn.change(replying=False)
    if isinstance(item, SpokenLine):
        # A caution is spoken even when the user wants sounds only: it prevents harm.
        unspoken = state.wordless and item.kind != "caution"
        turn.speak(item.text, "unspoken" if unspoken else None)
        return
    tag = turn.new_tag()
    turn.change(awaited=tag)
    rate = RATES[state.pace]
    laid = track(
        replace(item, count=item.count + turn.place.extra),
        done=turn.place.stroke,
        pace=PACES[state.pace],
        rate=rate,
        resumed=state.replying,
        counted=state.talk > LEAST and not state.wordless,
    )
    if state.sound == "silence":
        laid = replace(laid, sounds=())
    turn.do(LayStrokes(laid, tag, rate, turn.delivery))


def prepare(turn: Turn, step: int) -> None:
    """Have the sentences and words of a step rendered ahead, if there is such a step."""
    if step < len(turn.place.plan.steps):
        score = turn.place.plan.steps[step].score
        said = ((i.text,) if isinstance(i, SpokenLine) else i.counting.texts for i in score)
        texts = tuple(dict.fromkeys(text for several in said for text in several))
        turn.do(Prepare(texts, RATES[turn.state.pace]))
