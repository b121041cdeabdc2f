"""The dialogue: one pure function over one visible table.

`respond(content, state, event)` looks the user's intent up in the table, in the row of the present
mode, and lets the handler that stands there write the new state and the effects. Whatever the row
does not list gets the answer that helps here. `pain` and `stop` stand above all rows.
"""

from collections.abc import Callable, Mapping

from assistant.dialogue import (
    answers,
    ending,
    equipment,
    flow,
    leaving_out,
    massage,
    screening,
    sides,
    talk,
)
from assistant.dialogue.effects import Earcon, Effect
from assistant.dialogue.events import (
    Called,
    DeviceChanged,
    Event,
    Heard,
    NotUnderstood,
    Said,
    Started,
    StrokeDone,
    TimePassed,
    VoiceChanged,
)
from assistant.dialogue.state import Mode, State
from assistant.dialogue.turn import DialogueContent, Turn
from assistant.routine.plan import SpokenLine
from assistant.understanding.intent import Intent

Handler = Callable[[Turn, Intent], None]
Row = Mapping[str, Handler]

ALWAYS: Row = {
    "pain": flow.pain,
    "stop": ending.stop,
    "louder": answers.louder,
    "quieter": answers.quieter,
    "help": answers.help_here,
    "list_routines": flow.list_routines,
    "ask": answers.topic,
    "less_talking": talk.less_talking,
    "more_detail": talk.more_detail,
    "sound": talk.sound,
    "change_voice": talk.change_voice,
}
ENDING = ("pain", "stop")

QUESTIONS: Row = {
    "ask_pressure": answers.pressure,
    "ask_direction": answers.direction,
    "ask_area": answers.area,
    "ask_tool": answers.tool,
    "ask_why": answers.why,
    "time_left": answers.time_left,
    "where_am_i": answers.where_am_i,
    "slower": answers.slower,
    "faster": answers.faster,
    "more_time": answers.more_time,
    "switch_side": sides.switch_side,
    "change_tool": equipment.change,
    "start": flow.start_another,
}

STEPS: Row = {
    "next": flow.next_step,
    "skip": leaving_out.skip,
    "previous": flow.previous,
    "go_to_step": flow.go_to_step,
    "restart": flow.restart,
}

HEALTH: Row = {
    "check_health": screening.check_health,
    "tell": screening.volunteer,
}

TABLE: Mapping[Mode, Row] = {
    "choosing": {
        "start": flow.start,
        "yes": flow.list_routines,
        **HEALTH,
    },
    "screening": {
        "yes": screening.yes,
        "no": screening.no,
        "tell": screening.tell,
        "tell_not": screening.tell_not,
        "tell_when": screening.tell_when,
        "repeat": screening.ask_again,
        "skip": screening.skip,
        "ask_why": screening.why,
    },
    "preparing": {
        **HEALTH,
        "start": flow.start,
        "yes": flow.ready,
        "next": flow.ready,
        "resume": flow.ready,
        "no": flow.not_ready,
        "skip": leaving_out.skip_before_beginning,
        "pause": flow.not_ready,
        "more_time": flow.not_ready,
        "time_left": answers.time_left,
        "ask_tool": answers.preparations,
        "change_tool": equipment.change,
        "slower": answers.slower,
        "faster": answers.faster,
    },
    "guiding": {
        **QUESTIONS,
        **STEPS,
        **HEALTH,
        "repeat": answers.repeat_step,
        "pause": flow.pause,
        "resume": flow.already_going,
        "yes": flow.already_going,
        "no": flow.pause,
    },
    "paused": {
        **QUESTIONS,
        **STEPS,
        **HEALTH,
        "repeat": answers.repeat_step,
        "resume": flow.resume,
        "yes": flow.resume,
        "pause": flow.still_paused,
        "more_time": flow.longer_away,
        "no": flow.still_paused,
    },
    "hurting": {
        **STEPS,
        "resume": flow.go_on_lighter,
        "yes": flow.go_on_lighter,
        "no": ending.stop,
        "pause": flow.pause,
        "ask_pressure": answers.pressure,
        "ask_why": answers.why,
    },
    "confirming": {
        "yes": flow.yes,
        "resume": flow.resume_after_all,
        "next": flow.yes,
        "no": flow.no,
        "restart": flow.no,
        "start": flow.start,
    },
    "finished": {
        "start": flow.start,
        "restart": flow.once_more,
        "yes": flow.list_routines,
        **HEALTH,
    },
}


def respond(
    content: DialogueContent, state: State, event: Event
) -> tuple[State, tuple[Effect, ...]]:
    """Return the state after `event` and what is to be done about it."""
    turn = Turn(content, state)
    match event:
        case Started():
            flow.greet(turn)
        case Heard(intents):
            _heard(turn, intents)
        case Called():
            turn.do(Earcon("heard"))
        case NotUnderstood():
            if not state.leaving:
                flow.not_understood(turn, event)
        case Said(tag) if tag == state.awaited:
            _said(turn)
        case StrokeDone(tag) if tag == state.awaited:
            massage.stroke_done(turn)
        case TimePassed(tag) if tag == state.timer and not state.awaited:
            flow.silence(turn)
        case DeviceChanged(change) | VoiceChanged(change):
            turn.aside(change)
        case _:
            pass  # what it announced has been hushed since
    return turn.state, tuple(turn.effects)


def _heard(turn: Turn, intents: tuple[Intent, ...]) -> None:
    """Obey what was said. After pain or stop nothing else of the same breath counts."""
    guess = turn.state.suggested
    meant = _meant(turn.state, intents)
    if not meant:
        return
    turn.change(turn=turn.state.turn + 1, misses=0, silences=0, timer=0, suggested=())
    turn.do(Earcon("heard"))
    for intent in meant:
        handler = ALWAYS.get(intent.name) or TABLE[turn.state.mode].get(intent.name)
        if guess and intent.name == "no":
            handler = flow.not_that  # it is the guess that is denied, nothing that goes on
        if handler is None:
            turn.reply(f"not now {turn.state.mode}")
        else:
            handler(turn, intent)
        if intent.name in ENDING:
            return
    if not turn.state.awaited:
        flow.after_reply(turn)  # nothing had to be said: what was waited for is waited for again


def _meant(state: State, intents: tuple[Intent, ...]) -> list[Intent]:
    """Return what is to be obeyed of one breath.

    A "no" that something else follows ("no, go back") only leads up to it; but in "no, goodbye" it
    is the answer, where one was asked for.
    """
    meant = [intent for intent in intents if intent.name != "backchannel"]
    if state.leaving:
        heeded = ("pain", "resume") if state.mode == "confirming" else ("pain",)
        return [intent for intent in meant if intent.name in heeded]
    match [intent.name for intent in meant]:
        case ["yes", *_]:
            return [*(state.suggested or meant[:1]), *meant[1:]]
        case ["stop", "no"] if state.question == "keep place":
            return meant[1:]
        case ["no", other, *_] if other != "yes":
            return meant[1:]
    return meant


def _said(turn: Turn) -> None:
    if not turn.state.replying and turn.state.mode == "guiding":
        assert isinstance(turn.place.doing, SpokenLine)
        massage.advance(turn)
    else:
        flow.after_reply(turn)
