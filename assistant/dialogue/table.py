"""The dialogue: one pure function over one visible table.

`TABLE` has a row for each mode. A cell stands under the name of an intent, or of an event other
than `Heard`, and names the handler and the modes that it may lead to. `respond` looks up the cell,
lets its handler change the state and add effects, and holds it to those modes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from assistant.dialogue import (
    answers,
    choosing,
    confirming,
    ending,
    equipment,
    hurting,
    massage,
    pausing,
    preparing,
    screening,
    sides,
    steps,
    talk,
    turn_taking,
)
from assistant.dialogue.effects import Earcon, Effect, Quit
from assistant.dialogue.events import (
    Event,
    Heard,
    NotUnderstood,
    Said,
    StrokeDone,
    TimePassed,
)
from assistant.dialogue.performing import perform
from assistant.dialogue.state import Mode, State
from assistant.dialogue.turn import DialogueContent, Turn
from assistant.understanding.intent import Intent

Handler = Callable[[Turn, Any], None]
"""Takes the intent or event that its cell stands under."""
Destination = Mode | Literal["here", "over"]
"""A mode, the same mode as before, or the end of the conversation."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What is done about an intent or event in a mode, and where that may lead."""

    handler: Handler
    leads_to: tuple[Destination, ...] = ("here",)


Row = Mapping[str, Cell]

ENDING = ("pain", "stop")
"""Intents after which nothing else of the same breath counts."""

ALWAYS: Row = {
    "louder": Cell(answers.louder),
    "quieter": Cell(answers.quieter),
    "help": Cell(answers.help_here),
    "ask": Cell(answers.topic),
    "less_talking": Cell(talk.less_talking),
    "more_detail": Cell(talk.more_detail),
    "Called": Cell(turn_taking.called),
    "NotUnderstood": Cell(turn_taking.not_understood),
    "DeviceChanged": Cell(turn_taking.changed),
    "VoiceChanged": Cell(turn_taking.changed),
}

VOICE: Row = {
    "sound": Cell(talk.sound),
    "change_voice": Cell(talk.change_voice),
}

WAITING: Row = {
    "Said": Cell(turn_taking.said),
    "TimePassed": Cell(turn_taking.silence),
}

NOT_UNDER_WAY: Row = {
    "pain": Cell(hurting.pain, ("here", "finished")),
    "stop": Cell(ending.stop, ("finished",)),
}

UNDER_WAY: Row = {
    "pain": Cell(hurting.pain, ("hurting", "finished")),
    "stop": Cell(ending.stop, ("confirming",)),
}

QUESTIONS: Row = {
    "ask_pressure": Cell(answers.pressure),
    "ask_direction": Cell(answers.direction),
    "ask_area": Cell(answers.area),
    "ask_tool": Cell(answers.tool),
    "ask_why": Cell(answers.why),
    "time_left": Cell(answers.time_left),
    "where_am_i": Cell(answers.where_am_i),
    "slower": Cell(answers.slower),
    "faster": Cell(answers.faster),
    "more_time": Cell(answers.more_time),
    "switch_side": Cell(sides.switch_side),
    "repeat": Cell(answers.repeat_step),
    "start": Cell(choosing.start_another, ("here", "confirming")),
}

STEPS: Row = {
    "next": Cell(steps.next_step, ("guiding", "finished")),
    "skip": Cell(steps.skip, ("here", "guiding", "finished")),
    "previous": Cell(steps.previous, ("guiding",)),
    "restart": Cell(steps.restart, ("guiding",)),
}

HEALTH: Row = {
    "check_health": Cell(screening.check_health, ("screening",)),
    "tell": Cell(screening.volunteer, ("screening",)),
}

TABLE: Mapping[Mode, Row] = {
    "choosing": {
        **ALWAYS,
        **VOICE,
        **WAITING,
        **NOT_UNDER_WAY,
        **HEALTH,
        "Started": Cell(turn_taking.greet, ("here", "confirming")),
        "start": Cell(choosing.start, ("here", "screening", "preparing")),
        "list_routines": Cell(preparing.offer),
        "yes": Cell(preparing.offer),
    },
    "screening": {
        **ALWAYS,
        **VOICE,
        **WAITING,
        **NOT_UNDER_WAY,
        "yes": Cell(screening.yes),
        "no": Cell(screening.no, ("here", "choosing", "preparing")),
        "tell": Cell(screening.tell),
        "tell_not": Cell(screening.tell_not),
        "tell_when": Cell(screening.tell_when),
        "repeat": Cell(screening.ask_again),
        "skip": Cell(screening.skip, ("choosing", "preparing")),
        "ask_why": Cell(screening.why),
    },
    "preparing": {
        **ALWAYS,
        **VOICE,
        **WAITING,
        **NOT_UNDER_WAY,
        **HEALTH,
        "start": Cell(choosing.start, ("here", "choosing")),
        "list_routines": Cell(preparing.offer, ("choosing",)),
        "yes": Cell(preparing.begin, ("guiding",)),
        "resume": Cell(preparing.begin, ("guiding",)),
        "no": Cell(preparing.not_ready),
        "pause": Cell(preparing.not_ready),
        "more_time": Cell(preparing.not_ready),
        "skip": Cell(steps.skip_before_beginning),
        "time_left": Cell(answers.time_left),
        "ask_tool": Cell(answers.preparations),
        "change_tool": Cell(equipment.change),
        "slower": Cell(answers.slower),
        "faster": Cell(answers.faster),
    },
    "guiding": {
        **ALWAYS,
        **VOICE,
        **UNDER_WAY,
        **QUESTIONS,
        **STEPS,
        **HEALTH,
        "Said": Cell(massage.said, ("here", "finished")),
        "StrokeDone": Cell(massage.stroke_done, ("here", "finished")),
        "list_routines": Cell(choosing.keep_to_this_one),
        "go_to_step": Cell(steps.go_to_step),
        "change_tool": Cell(equipment.change, ("here", "paused")),
        "pause": Cell(pausing.pause, ("paused",)),
        "no": Cell(pausing.pause, ("paused",)),
        "resume": Cell(pausing.already_going),
        "yes": Cell(pausing.already_going),
    },
    "paused": {
        **ALWAYS,
        **VOICE,
        **WAITING,
        **UNDER_WAY,
        **QUESTIONS,
        **STEPS,
        **HEALTH,
        "go_to_step": Cell(steps.go_to_step, ("here", "guiding")),
        "change_tool": Cell(equipment.change),
        "resume": Cell(pausing.resume, ("guiding",)),
        "yes": Cell(pausing.resume, ("guiding",)),
        "pause": Cell(pausing.still_paused),
        "no": Cell(pausing.still_paused),
        "more_time": Cell(pausing.longer_away),
    },
    "hurting": {
        **ALWAYS,
        **WAITING,
        **UNDER_WAY,
        **STEPS,
        "pain": Cell(hurting.pain, ("finished",)),
        "resume": Cell(hurting.go_on_lighter, ("guiding",)),
        "yes": Cell(hurting.go_on_lighter, ("guiding",)),
        "no": Cell(ending.stop, ("confirming",)),
        "pause": Cell(pausing.pause, ("paused",)),
        "ask_pressure": Cell(answers.pressure),
        "ask_why": Cell(answers.why),
    },
    "confirming": {
        **ALWAYS,
        **VOICE,
        **WAITING,
        "Said": Cell(turn_taking.said, ("here", "over")),
        "pain": Cell(hurting.pain, ("here", "hurting", "finished")),
        "stop": Cell(ending.stop),
        "yes": Cell(confirming.yes, ("here", "choosing", "screening", "preparing")),
        "no": Cell(confirming.no, ("here", "choosing", "guiding")),
        "restart": Cell(confirming.no, ("here", "choosing", "guiding")),
        "resume": Cell(
            confirming.go_on_after_all, ("choosing", "screening", "preparing", "guiding")
        ),
        "start": Cell(choosing.start, ("choosing", "screening", "preparing")),
    },
    "finished": {
        **ALWAYS,
        **VOICE,
        **WAITING,
        **NOT_UNDER_WAY,
        **HEALTH,
        "Said": Cell(turn_taking.said, ("here", "over")),
        "start": Cell(choosing.start, ("choosing", "preparing")),
        "restart": Cell(choosing.once_more, ("choosing", "preparing")),
        "list_routines": Cell(preparing.offer, ("choosing",)),
        "yes": Cell(preparing.offer, ("choosing",)),
    },
}

NOT_THAT = Cell(turn_taking.not_that)
"""For a "no" that answers a suggested sentence; it says nothing about what is going on."""


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
        case TimePassed(tag) if tag != state.timer or state.awaited:
            pass  # the user has answered since, or the coach is speaking
        case NotUnderstood() if state.leaving:
            pass
        case _:
            name = type(event).__name__
            if name in TABLE[state.mode]:
                _follow(turn, name, TABLE[state.mode][name], event)
    # While guiding, something is always being said or done. If this turn leaves nothing, it is time
    # for the current item of the score; if the turn answers, that item comes after the answer.
    if turn.state.mode == "guiding" and not turn.state.awaited:
        perform(turn)
    return turn.state, tuple(turn.effects)


def _obey(turn: Turn, intents: tuple[Intent, ...]) -> None:
    """Do what the user said in one breath."""
    suggestion = turn.state.suggested
    meant = _meant(turn.state, intents)
    if not meant:
        return
    understood = turn.state.understood + 1
    turn.change(understood=understood, misses=0, silences=0, timer=0, suggested=())
    turn.do(Earcon("heard"))
    for index, intent in enumerate(meant):
        turn.still_to_come = tuple(meant[index + 1 :])
        cell = TABLE[turn.state.mode].get(intent.name)
        if suggestion and intent.name == "no":
            cell = NOT_THAT
        if cell is None:
            turn.reply(f"not now {turn.state.mode}")
        else:
            _follow(turn, intent.name, cell, intent)
        if intent.name in ENDING:
            return
    if not turn.state.awaited and turn.state.mode != "guiding":
        turn_taking.await_answer(turn)  # nothing had to be said: go on waiting


def _follow(turn: Turn, name: str, cell: Cell, cause: Intent | Event) -> None:
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
            answer in TABLE[state.mode] and not state.suggested
        ):
            return meant[1:]
        case ["yes", *_]:
            return [*(state.suggested or meant[:1]), *meant[1:]]
        case ["stop", "no"] if state.question == "keep place":
            return meant[1:]  # urgent intents come first, whatever the order of the words
        case ["no", other, *_] if other != "yes":
            return meant[1:]
    return meant
