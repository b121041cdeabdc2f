"""The dialogue as one visible table: what is done about what happens, and where it may lead.

`TABLE` has a row for each mode. A cell stands under the name of an intent, or of an event other
than `Heard`, and names the handler and the modes that it may lead to. `respond` holds it to those.
A change to the conversation begins here; `script/docs` draws the table as docs/dialogue.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from assistant.dialogue import (
    answers,
    asking_back,
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
from assistant.dialogue.state import Mode
from assistant.dialogue.turn import Turn

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

# Rows that several modes share; a mode's own cells override them.

ALWAYS: Row = {
    "louder": Cell(answers.louder),
    "quieter": Cell(answers.quieter),
    "help": Cell(answers.help_here),
    "ask": Cell(answers.topic),
    "less_talking": Cell(talk.less_talking),
    "more_detail": Cell(talk.more_detail),
    "Called": Cell(turn_taking.called),
    "NotUnderstood": Cell(turn_taking.not_understood),
    "Unsure": Cell(asking_back.unsure),
    "DeviceChanged": Cell(turn_taking.changed),
    "VoiceChanged": Cell(turn_taking.changed),
    "PlaceNotSaved": Cell(ending.not_saved),
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
        "yes": Cell(preparing.begin, ("here", "guiding")),
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
        "lighter": Cell(answers.lighter),
        "firmer": Cell(answers.firmer),
        "TimePassed": Cell(asking_back.drop),
        "Unsure": Cell(asking_back.unsure, ("here", "confirming")),
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
        "yes": Cell(
            confirming.yes,
            ("here", "choosing", "screening", "preparing", "hurting", "finished"),
        ),
        "no": Cell(confirming.no, ("here", "choosing", "guiding")),
        "restart": Cell(confirming.begin_again, ("choosing", "guiding")),
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
        "yes": Cell(choosing.next_of_several, ("choosing", "preparing")),
        "no": Cell(choosing.no_more),
    },
}
