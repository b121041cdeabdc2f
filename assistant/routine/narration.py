"""Turns a technique's fields into lines to say.

Every step says its area, contact, direction, pressure and timing, whatever its author wrote
besides: they are composed from the fields with the phrases of `narration.yaml`. No sentence is
longer than `schema.MOST_WORDS` words unless a field by itself is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from pydantic import Field

from assistant.numbers import in_words
from assistant.routine.plan import Counting, Item, SpokenLine, Strokes
from assistant.routine.schema import (
    ContentModel,
    Pressure,
    RoutineStep,
    Speech,
    StepRole,
    StrokeKind,
    Technique,
    Tempo,
    TurningPoint,
    Words,
    sentences,
)

Entry = TypeVar("Entry")
Telling = Literal["full", "brief", "again"]
"""How much is told: all; all but the colour, for want of time; only the title, direction, pressure
and timing of what was done before."""

CHANGE_SIDES = 2.0
"""Seconds between the announcement of the other side and its first stroke."""

OTHER = "other"
"""In a table by kind of stroke: what is said for all that are not listed."""


class Timing(ContentModel):
    """How a run of strokes is described; `{tempo}` and `{times}` or `{length}` are filled in."""

    few: Words = Field(description="up to `countable` strokes; {Times} opens a sentence")
    many: Words = Field(description="more strokes than anybody counts")


class CountingWords(ContentModel):
    """What is said on strokes of a kind; a word or two, since it must fit between two of them."""

    first: str = Field(default="", description="on the first stroke")
    half: str = Field(default="", description="on the one with which the second half begins")
    last: tuple[Words, ...] = Field(default=(), description="on the last, the one before it, …")
    each: str = Field(default="", description="on all others")
    turn: str = Field(default="", description="where a stroke turns back")
    again: str = Field(default="", description="before the strokes, after the hands had to move")


class Turns(ContentModel):
    """Which strokes have a sound where they turn back."""

    shortest: Tempo = Field(description="seconds per stroke from which on it helps")
    told: Speech = Field(description="said once, before the first strokes that have it")
    at: dict[StrokeKind, TurningPoint] = Field(description="as a share of the stroke, by kind")


class Amounts(ContentModel):
    """Numbers as they are spoken; singular and plural as lists of two."""

    half: Words = Field(description="{whole} and a half")
    second: tuple[Words, Words]
    minute: tuple[Words, Words]
    every_second: Words = Field(description="a tempo of one second, as said after 'every'")
    times: tuple[Words, Words] = Field(description="once, {count} times")
    on_each_side: Words
    about: Words = Field(description="a length that is not exact")


class Notes(ContentModel):
    """What is said, before it begins, about a massage that is not as it was asked for."""

    shortest: Words = Field(description="asked for less time")
    longest: Words = Field(description="asked for more time")
    instead: Words = Field(description="a missing {tool} is replaced by {contact}")
    without: Words = Field(description="for want of a {tool}, {title} is left out")
    needs: Words = Field(description="nothing can be done without the {tool}")
    nothing_left: Words = Field(description="after the reasons, when they leave no {title}")


class NarrationTemplates(ContentModel):
    """The words between the fields: the file `narration.yaml`."""

    title: dict[StepRole, Words]
    area: dict[str, Words]
    direction: dict[StrokeKind, Words]
    pressure: dict[Pressure, Speech]
    timing: dict[str, Timing]
    countable: int = Field(description="the most strokes that are worth announcing as a number")
    side: dict[str, Speech]
    lead_in: dict[str, Speech]
    counting: dict[str, CountingWords]
    turns: Turns
    close: dict[str, Speech]
    before: dict[str, Speech] = Field(
        description="said once a massage, before the first step that has the tag"
    )
    over_oil: Speech = Field(description="before the first dry work on skin that has oil on it")
    rounds: tuple[Words, ...] = Field(min_length=1, description="First round., Second round., …")
    notes: Notes
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class Facts:
    """The four sentences that every step says, some of them also given as answers."""

    area: str
    direction: str
    pressure: str
    timing: str


def facts(
    phrases: NarrationTemplates, technique: Technique, step: RoutineStep, count: int
) -> Facts:
    """Compose area with contact, direction, pressure, and timing of `count` strokes."""
    kind = technique.stroke
    area = _of(phrases.area, kind).format(contact=technique.contact, area=technique.area)
    direction = phrases.direction[kind].format(direction=technique.direction)
    pressure = phrases.pressure[step.pressure or technique.pressure]
    return Facts(area, direction, pressure, timing(phrases, technique, step, count))


def score(
    phrases: NarrationTemplates,
    technique: Technique,
    step: RoutineStep,
    count: int,
    said: set[str],
    telling: Telling = "full",
) -> tuple[Item, ...]:
    """Return all that is said and done in one step.

    Cues, cautions and safety sentences that are in `said` are not said again; new ones are added
    to it.
    """
    spoken = facts(phrases, technique, step, count)
    again, full = telling == "again", telling == "full"
    lines = [
        SpokenLine(phrases.title[step.role].format(title=technique.title), "title"),
        *_new(_before(phrases, technique), "caution", said),
        *([] if again else [SpokenLine(spoken.area, "what")]),
        SpokenLine(spoken.direction, "what"),
        *(SpokenLine(text, "what") for text in sentences(spoken.pressure)),
        *_new(technique.caution, "caution", said),
        *_new(technique.cue if full else "", "cue", said),
        SpokenLine(spoken.timing, "what"),
        *_new(_about_turns(phrases, technique, step) if full else "", "cue", said),
    ]
    close = [SpokenLine(_of(phrases.close, technique.stroke), "close")] if full else []
    return (*lines, *_performance(phrases, technique, step, count), *close)


def _performance(
    phrases: NarrationTemplates, technique: Technique, step: RoutineStep, count: int
) -> Iterator[Item]:
    kind = technique.stroke
    lead_in = SpokenLine(_of(phrases.lead_in, kind), "lead in")
    run = Strokes(
        count,
        step.tempo or technique.tempo,
        earcons=kind != "hold",
        turn=_turn(phrases, technique, step),
        counting=Counting(**_of(phrases.counting, kind).model_dump()),
    )
    match step.sides:
        case "both":
            yield lead_in
            yield run
        case "each":
            yield SpokenLine(phrases.side["first"], "side")
            yield lead_in
            yield replace(run, side="left")
            yield SpokenLine(phrases.side["second"], "side")
            yield replace(run, side="right", lead=CHANGE_SIDES)
        case "left" | "right" as side:
            yield SpokenLine(phrases.side[side], "side")
            yield lead_in
            yield replace(run, side=side)


def _about_turns(phrases: NarrationTemplates, technique: Technique, step: RoutineStep) -> str:
    """Return what the sound of a turn means, where no word is said along with it."""
    worded = _of(phrases.counting, technique.stroke).turn
    return phrases.turns.told if _turn(phrases, technique, step) and not worded else ""


def _turn(phrases: NarrationTemplates, technique: Technique, step: RoutineStep) -> float:
    """Return where each stroke turns back; 0 if it is too short for that, or does not turn."""
    if (step.tempo or technique.tempo) < phrases.turns.shortest:
        return 0.0
    of_its_kind = phrases.turns.at.get(technique.stroke, 0.0)
    return of_its_kind if technique.turn is None else technique.turn


def _before(phrases: NarrationTemplates, technique: Technique) -> str:
    tags = technique.tags
    return " ".join(text for tag, text in phrases.before.items() if tag in tags)


def _new(text: str, kind: str, said: set[str]) -> Iterator[SpokenLine]:
    for sentence in sentences(text):
        if sentence not in said:
            said.add(sentence)
            yield SpokenLine(sentence, "cue" if kind == "cue" else "caution")


def _of(table: dict[str, Entry], kind: StrokeKind) -> Entry:
    return table.get(kind, table[OTHER])


def timing(phrases: NarrationTemplates, technique: Technique, step: RoutineStep, count: int) -> str:
    """Compose how often and how long: the only sentence that depends on `count`."""
    kind, tempo = technique.stroke, step.tempo or technique.tempo
    amounts = phrases.amounts
    wording = phrases.timing.get(kind, phrases.timing[OTHER])
    times = amounts.times[count > 1].format(count=in_words(count))
    length = _length(amounts, count * tempo, exact=kind == "hold")
    if step.sides == "each":
        times += amounts.on_each_side
        length += amounts.on_each_side
    template = wording.few if count <= phrases.countable else wording.many
    said = template.format(
        tempo=amounts.every_second if tempo == 1 else _seconds(amounts, tempo),
        count=in_words(count),
        times=times,
        length=length,
    )
    return said[0].upper() + said[1:]


def _length(amounts: Amounts, seconds: float, exact: bool) -> str:
    if seconds < 60:
        said = _seconds(amounts, seconds)
    else:
        halves = round(seconds / 30)
        said = _with_unit(amounts, halves / 2, amounts.minute)
        exact = exact and seconds == halves * 30
    return said if exact else amounts.about.format(length=said)


def _seconds(amounts: Amounts, seconds: float) -> str:
    return _with_unit(amounts, round(seconds * 2) / 2, amounts.second)


def _with_unit(amounts: Amounts, value: float, unit: tuple[str, str]) -> str:
    whole = int(value)
    said = in_words(whole)
    if value != whole:
        said = amounts.half.format(whole=said)
    return f"{said} {unit[value != 1]}"
