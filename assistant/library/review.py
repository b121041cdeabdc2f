"""What a careful reader would object to in a content file whose form is right.

That is: unknown sources, techniques and areas, promises that no source supports, strokes that pull
the face down, too much pressure or a device where the body is delicate, sentences that could be
taken for a command, cues that go on too long, and massages without an opening, work or a closing
that is more than putting oil on. Every objection comes with the place in the file to which it
belongs.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from assistant.content.reader import FieldPath
from assistant.nearest import offer
from assistant.routine.health import Health
from assistant.routine.knowledge import Knowledge
from assistant.routine.plan import SpokenLine
from assistant.routine.restrictions import lighter
from assistant.routine.routine_schema import Routine, RoutineStep
from assistant.routine.schema import PRESSURES, Pressure, Technique, sentences

Objection = tuple[FieldPath, str]

MOST_CUE_SECONDS = 12.0
"""The longest cue, caution or own words, spoken: while they last, hands are in place and wait."""
HANDS_WAIT = ("cue", "caution", "say", "say_only")

CLAIMS = re.compile(
    r"""\b(
        lifts|lifted|lifting | slim(s|ming|mer)? | de-?tox\w* | toxins? | cur(es?|ed|ing) | heals
      | (remov|melt|eras|eliminat)(es?|ing) | burns?\ fat | tighten(s|ing) | firms
      | rejuvenat\w* | anti-?\ ?age?ing | reverses? | miracle\w* | guarantee\w* | permanent(ly)?
      | boosts?\ collagen
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""Words that promise what no source supports."""

COMMANDS = frozenset(
    {
        *("next", "stop", "pause", "skip", "resume", "repeat", "again", "back", "continue", "done"),
        *("slower", "faster", "louder", "quieter", "help", "restart", "ready", "yes", "no", "okay"),
        *("go on", "go back", "next step", "hold on", "wait", "previous", "start"),
    }
)
"""Texts that are a command when said alone. The microphone could take them for the user's, and
users could not ask for a massage of that name."""

FACE = frozenset({"jaw", "cheeks", "eyes", "forehead", "temples"})
TRAVELLING = frozenset({"glide", "stretch", "roll", "scrape"})
"""Strokes that pull the skin along."""

FIRMEST: Mapping[str, Pressure] = {"neck": "light", "eyes": "light"}
"""The firmest pressure where arteries, the windpipe or the eyeball lie under the skin."""
NO_DEVICE = ("neck", "eyes", "temples")
"""Where a device must not go: its makers say so, and injuries of the neck's arteries are known."""


@dataclass(frozen=True)
class Known:
    """What a content file may name."""

    techniques: Mapping[str, Technique]
    technique_names: Collection[str]
    """Those with a broken file too."""
    areas: Collection[str]
    sources: Collection[str] | None
    """None if they cannot be read: then any may be cited."""


def objections(content: BaseModel, known: Known) -> Iterator[Objection]:
    """Yield what to object to in `content`, which may name what is `known`."""
    for place, key in _cited(content):
        if known.sources is not None and key not in known.sources:
            yield place, f"source: found '{key}', an unknown source; {offer(key, known.sources)}"
    if isinstance(content, Technique):
        yield from _in_texts(content, (), "title", "cue", "why", "caution")
        yield from unknown_areas(content, known.areas)
        yield from _in_technique(content, known.technique_names)
    if isinstance(content, Routine):
        yield from _in_texts(content, (), "title", "summary", "prepare")
        yield from unknown_techniques(content, known.technique_names)
        yield from _in_routine(content, known.techniques)


def _cited(content: BaseModel) -> Iterator[tuple[FieldPath, str]]:
    """Yield every source key with its place."""
    match content:
        case Technique():
            owners: list[tuple[FieldPath, tuple[str, ...]]] = [((), content.source)]
        case Health():
            owners = [(("conditions", n), each.source) for n, each in content.conditions.items()]
        case Knowledge():
            owners = [(("questions", n), each.source) for n, each in content.questions.items()]
        case _:
            owners = []
    for place, keys in owners:
        for index, key in enumerate(keys):
            yield (*place, "source", index), key


def _in_texts(
    content: Technique | Routine | RoutineStep, place: FieldPath, *fields: str
) -> Iterator[Objection]:
    for field in fields:
        text: str = getattr(content, field)
        if claim := CLAIMS.search(text):
            allowed = "what its sources support, such as 'may ease for a while'"
            yield (*place, field), f"{field}: found the promise '{claim[0]}'; allowed: {allowed}"
        for sentence in () if field == "title" else sentences(text):
            if sentence.strip(" .?!").lower() in COMMANDS:
                found = f"{field}: found '{sentence}', which is a command when said alone"
                yield (*place, field), f"{found}; allowed: a longer sentence"
        seconds = sum(SpokenLine(sentence, "cue").seconds for sentence in sentences(text))
        if field in HANDS_WAIT and seconds > MOST_CUE_SECONDS:
            found = f"{field}: found {seconds:.0f} seconds of speech"
            yield (*place, field), f"{found}; allowed: {MOST_CUE_SECONDS:g} seconds or less"


def _in_technique(technique: Technique, techniques: Collection[str]) -> Iterator[Objection]:
    yield from _too_firm(technique, technique.pressure, ())
    for area in NO_DEVICE if technique.tool == "device" else ():
        if area in technique.area_tags:
            found = f"tool: found a device where area_tags name the {area}"
            yield ("tool",), f"{found}; allowed: another tool, or another area"
    down = re.search(r"\bdown(wards?)?\b", technique.direction)
    on_face = technique.stroke in TRAVELLING and FACE & set(technique.area_tags)
    if down and on_face and not technique.lymph:
        allowed = "up or outward on the face, unless lymph is true"
        found = f"found '{down[0]}' for a {technique.stroke}"
        yield ("direction",), f"direction: {found}; allowed: {allowed}"
    others = [*technique.with_tool.items()]
    named: list[tuple[FieldPath, str]] = [(("with_tool", tool), name) for tool, name in others]
    if technique.stand_in is not None:
        named.append((("stand_in",), technique.stand_in))
    for place, name in named:
        if name not in techniques:
            found = f"{place[-1]}: found '{name}', an unknown technique"
            yield place, f"{found}; {offer(name, techniques)}"


def unknown_techniques(routine: Routine, known: Collection[str]) -> Iterator[Objection]:
    """Yield an objection for each step whose technique is not `known`, offering the nearest."""
    for index, step in enumerate(routine.steps):
        if step.use not in known:
            found = f"use: found '{step.use}', an unknown technique"
            yield ("steps", index, "use"), f"{found}; {offer(step.use, known)}"


def unknown_areas(technique: Technique, known: Collection[str]) -> Iterator[Objection]:
    """Yield an objection for each area that is not `known`, offering the nearest."""
    for index, area in enumerate(technique.area_tags):
        if area not in known:
            found = f"area_tags: found '{area}', which neither we nor an areas.yaml declares"
            yield ("area_tags", index), f"{found}; {offer(area, known)}"


def _too_firm(technique: Technique, pressure: Pressure, place: FieldPath) -> Iterator[Objection]:
    """Object to `pressure` where `technique` works, if the body is too delicate for it there."""
    for area in technique.area_tags:
        firmest = FIRMEST.get(area, "firm")
        if lighter(pressure, firmest) != pressure:
            allowed = ", ".join(PRESSURES[: PRESSURES.index(firmest) + 1])
            found = f"pressure: found '{pressure}' where area_tags name the {area}"
            yield (*place, "pressure"), f"{found}; allowed: {allowed}"


def _in_routine(routine: Routine, techniques: Mapping[str, Technique]) -> Iterator[Objection]:
    for index, step in enumerate(routine.steps):
        yield from _in_texts(step, ("steps", index), "say", "say_only")
        if step.pressure and step.use in techniques:
            yield from _too_firm(techniques[step.use], step.pressure, ("steps", index))
    for index, template in enumerate(routine.heard_as):
        if template.lower() in COMMANDS:
            found = f"heard_as: found '{template}', which is a command"
            yield ("heard_as", index), f"{found}; allowed: other words"
    roles = {step.role for step in routine.steps}
    # Oil alone is no part of a massage: the planner refuses one whose opening is nothing more.
    oil = {name for name, technique in techniques.items() if technique.spreads_oil}
    done = {step.role for step in routine.steps if step.use not in oil}
    for role in ("opening", "work", "closing"):
        allowed = f"at least one with role: {role}"
        if role in roles and role not in done:
            yield ("steps",), f"steps: found only oil as {role}; allowed: {allowed} that does more"
        elif role not in roles and role != "work":
            yield ("steps",), f"steps: found no {role}; allowed: {allowed}"
