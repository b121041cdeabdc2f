"""What may happen next in a conversation: everything that can be said, and what devices do."""

from dataclasses import replace
from functools import cache
from typing import Any, get_args

from assistant.assembly import make_content, make_interpreter
from assistant.audio.device import DeviceChange
from assistant.dialogue.events import (
    Called,
    DeviceChanged,
    NotUnderstood,
    PlaceNotSaved,
    Said,
    StrokeDone,
    TimePassed,
    Unsure,
    VoiceChange,
    VoiceChanged,
)
from assistant.dialogue.turn import DialogueContent
from assistant.library.library import load_library
from assistant.understanding.intent import Intent
from tests.dialogue.sayable import ANY_DAY, sayable

GOES_ON, AGREES, FAR_ON = 120, 40, 15
"""How many of the moves that are drawn from let it go on, agree, and let it go on for long: without
them, no massage would get far."""

Move = tuple[str, Any]
"""What happens next, and to what: see `make` in the test."""


@cache
def content() -> DialogueContent:
    """Return the shipped content; the same wishes give the same plan, made once."""
    shipped = make_content(load_library(), ANY_DAY)
    return replace(shipped, plan=cache(shipped.plan))


@cache
def moves() -> tuple[Move, ...]:
    """Return every move; first the plainest, to which failures shrink."""
    templates = make_interpreter(load_library()).templates
    asked = [ask.intent for ask in sayable(templates) if ask.intent.name != "pain"]
    intents = [*asked, *pains(), *unheard_of()]
    return (
        *[("on", None)] * GOES_ON,
        *[("ahead", None)] * AGREES,
        *[("far on", None)] * FAR_ON,
        ("unclear", NotUnderstood()),
        ("unclear", Unsure((Intent("slower"),))),
        ("unclear", Unsure((Intent("slower"), Intent("faster")))),
        ("unclear", Unsure((Intent("start", {"routine": "glow"}), Intent("ask_why")))),
        ("unclear", Unsure((Intent("pain", {"symptom": "emergency"}),))),
        ("unclear", Called()),
        ("changed", PlaceNotSaved()),
        ("saved and loaded", None),
        *[("stale", kind) for kind in (Said, StrokeDone, TimePassed)],
        *[("changed", DeviceChanged(change)) for change in get_args(DeviceChange)],
        *[("changed", VoiceChanged(change)) for change in get_args(VoiceChange)],
        *[("heard", (intent,)) for intent in intents],
        *[("heard", (Intent("pain", {"symptom": "hurts"}),))] * 3,
        *[("heard", breath) for breath in zip(intents[:-7], intents[7:], strict=True)],
    )


def pains() -> list[Intent]:
    """Return a symptom of every tier."""
    symptoms = content().safety.symptoms
    tiers = {symptom.tier: name for name, symptom in symptoms.items()}
    return [Intent("pain", {"symptom": name}) for name in tiers.values()]


def unheard_of() -> list[Intent]:
    """Return intents that another template file could make of what was heard."""
    return [Intent("start", {"routine": "juggling"}), Intent("pain"), Intent("juggle")]
