"""The dialogue: one pure function over one visible table, `table.TABLE`.

`respond` looks up the cell for what happened, lets its handler change the state and add effects,
and checks that it led where the table says.
"""

from assistant.dialogue import asking_back, table, turn_taking
from assistant.dialogue.choosing import together
from assistant.dialogue.effects import Earcon, Effect, Quit
from assistant.dialogue.events import (
    Event,
    Heard,
    NotUnderstood,
    Said,
    StrokeDone,
    TimePassed,
    Unsure,
)
from assistant.dialogue.performing import perform
from assistant.dialogue.state import State
from assistant.dialogue.turn import DialogueContent, Turn
from assistant.understanding.intent import Intent

NOT_THAT = table.Cell(asking_back.not_that)
"""For a "no" that answers what was asked back; it says nothing about what is going on."""


def respond(
    content: DialogueContent, state: State, event: Event
) -> tuple[State, tuple[Effect, ...]]:
    """Return the state after `event`, and what is to be done about it."""
    turn = Turn(content, state)
    match event:
        case Heard(intents):
            _obey(turn, intents)
        case Said(tag) | StrokeDone(tag) if tag != state.awaited:
            pass  # it has been hushed since
        case TimePassed(tag) if tag != state.timer:
            pass  # the user has answered since
        case TimePassed() if state.awaited and state.mode != "guiding":
            pass  # the coach is speaking
        case NotUnderstood() | Unsure() if state.leaving:
            pass  # the coach is saying goodbye and asks nothing more
        case _:
            name = type(event).__name__
            if name in table.TABLE[state.mode]:
                _follow(turn, name, table.TABLE[state.mode][name], event)
    # While guiding, something is always being said or done. If this turn leaves nothing, it is time
    # for the current item of the score; if the turn answers, that item comes after the answer.
    if turn.state.mode == "guiding" and not turn.state.awaited:
        perform(turn)
    return turn.state, tuple(turn.effects)


def _obey(turn: Turn, intents: tuple[Intent, ...]) -> None:
    """Do what the user said in one breath."""
    suggestion = turn.state.suggested
    meant = together(_meant(turn.state, intents))
    if not meant:
        return
    if len(suggestion) > 1 and intents[0].name == "yes":
        asking_back.unsure(turn, Unsure(suggestion[:1]))  # "yes" to "this, or that?"
        return
    understood = turn.state.understood + 1
    turn.change(understood=understood, misses=0, silences=0, timer=0, suggested=())
    turn.do(Earcon("heard"))
    for index, intent in enumerate(meant):
        turn.still_to_come = tuple(meant[index + 1 :])
        cell = table.TABLE[turn.state.mode].get(intent.name)
        if suggestion and intent.name == "no":
            cell = NOT_THAT
        if cell is None:
            turn.reply(f"not now {turn.state.mode}")
        else:
            _follow(turn, intent.name, cell, intent)
        if intent.name in table.ENDING:
            return
    if not turn.state.awaited and turn.state.mode != "guiding":
        turn_taking.await_answer(turn)  # nothing had to be said: go on waiting


def _follow(turn: Turn, name: str, cell: table.Cell, cause: Intent | Event) -> None:
    """Run the handler of a cell, and check that it leads where the table says."""
    before = turn.state.mode
    cell.handler(turn, cause)
    after = "over" if Quit() in turn.effects else turn.state.mode
    allowed = [before if mode == "here" else mode for mode in cell.leads_to]
    assert after in allowed, (
        f'The cell "{name}" of the mode {before} led to {after}; dialogue/table.py says '
        f"{' or '.join(allowed)}. Correct the handler or the cell."
    )


def _meant(state: State, intents: tuple[Intent, ...]) -> list[Intent]:
    """Return the intents to obey.

    A "no" before something else only leads up to it ("no, go back"), except for "no, goodbye" as
    the answer to a question. Before something about health, so do other small words ("wait, I have
    acne").
    """
    meant = [intent for intent in intents if intent.name != "backchannel"]
    if state.leaving:  # goodbye is being said
        heeded = ("pain", "resume") if state.mode == "confirming" else ("pain",)
        return [intent for intent in meant if intent.name in heeded]
    match [intent.name for intent in meant]:
        case ["yes" | "pause" | "resume", "tell" | "tell_not" as answer, *_] if (
            answer in table.TABLE[state.mode] and not state.suggested
        ):
            return meant[1:]
        case ["yes", *_]:
            return [*(state.suggested[:1] or meant[:1]), *meant[1:]]
        case ["stop", "no"] if state.question == "keep place":
            return meant[1:]  # urgent intents come first, whatever the order of the words
        case ["no", other, *_] if other != "yes":
            return meant[1:]
    return meant
