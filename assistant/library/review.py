"""What a careful reader would object to in a content file whose form is right.

That is: unknown sources and techniques, promises that no source supports, strokes that pull the
face down, sentences that could be taken for a command, cues that go on too long, and massages
without an opening or a closing. Every objection comes with the place in the file to which it
belongs.
"""

import re
from collections.abc import Collection, Iterator

from pydantic import BaseModel

from assistant.content.reader import FieldPath
from assistant.nearest import offer
from assistant.routine.health import Health
from assistant.routine.knowledge import Knowledge
from assistant.routine.plan import SpokenLine
from assistant.routine.schema import Routine, Technique, sentences

Objection = tuple[FieldPath, str]

MOST_CUE_SECONDS = 12.0
"""The longest cue or caution, spoken: while it lasts, hands are in place and wait."""

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


def objections(
    content: BaseModel, techniques: Collection[str], sources: Collection[str]
) -> Iterator[Objection]:
    """Yield what to object to in `content`, which may use `techniques` and cite `sources`."""
    for place, key in _cited(content):
        if key not in sources:
            yield place, f"source: found '{key}', an unknown source; {offer(key, sources)}"
    if isinstance(content, Technique):
        yield from _in_texts(content, "title", "cue", "why", "caution")
        yield from _in_technique(content, techniques)
    if isinstance(content, Routine):
        yield from _in_texts(content, "title", "summary", "prepare")
        yield from unknown_techniques(content, techniques)
        yield from _in_routine(content)


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


def _in_texts(content: Technique | Routine, *fields: str) -> Iterator[Objection]:
    for field in fields:
        text: str = getattr(content, field)
        if claim := CLAIMS.search(text):
            allowed = "what its sources support, such as 'may ease for a while'"
            yield (field,), f"{field}: found the promise '{claim[0]}'; allowed: {allowed}"
        for sentence in () if field == "title" else sentences(text):
            if sentence.strip(" .?!").lower() in COMMANDS:
                found = f"{field}: found '{sentence}', which is a command when said alone"
                yield (field,), f"{found}; allowed: a longer sentence"


def _in_technique(technique: Technique, techniques: Collection[str]) -> Iterator[Objection]:
    for field, text in (("cue", technique.cue), ("caution", technique.caution)):
        seconds = sum(SpokenLine(sentence, "cue").seconds for sentence in sentences(text))
        if seconds > MOST_CUE_SECONDS:
            allowed = f"{MOST_CUE_SECONDS:g} seconds or less"
            yield (field,), f"{field}: found {seconds:.0f} seconds of speech; allowed: {allowed}"
    down = re.search(r"\bdown(wards?)?\b", technique.direction)
    on_face = technique.stroke in TRAVELLING and FACE & set(technique.area_tags)
    if down and on_face and not technique.lymph:
        allowed = "up or outward on the face, unless lymph is true"
        found = f"found '{down[0]}' for a {technique.stroke}"
        yield ("direction",), f"direction: {found}; allowed: {allowed}"
    if technique.stand_in is not None and technique.stand_in not in techniques:
        name = technique.stand_in
        found = f"stand_in: found '{name}', an unknown technique"
        yield ("stand_in",), f"{found}; {offer(name, techniques)}"


def unknown_techniques(routine: Routine, known: Collection[str]) -> Iterator[Objection]:
    """Yield an objection for each step whose technique is not `known`, offering the nearest."""
    for index, step in enumerate(routine.steps):
        if step.use not in known:
            found = f"use: found '{step.use}', an unknown technique"
            yield ("steps", index, "use"), f"{found}; {offer(step.use, known)}"


def _in_routine(routine: Routine) -> Iterator[Objection]:
    for index, template in enumerate(routine.heard_as):
        if template.lower() in COMMANDS:
            found = f"heard_as: found '{template}', which is a command"
            yield ("heard_as", index), f"{found}; allowed: other words"
    roles = {step.role for step in routine.steps}
    for role in ("opening", "closing"):
        if role not in roles:
            allowed = f"at least one with role: {role}"
            yield ("steps",), f"steps: found no {role}; allowed: {allowed}"
