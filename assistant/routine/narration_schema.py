"""The form of `narration.yaml`: the words between a technique's fields, as pydantic models.

In a table by kind of stroke, the entry `other` serves every kind that is not listed.
"""

from pydantic import Field

from assistant.routine.schema import (
    ContentModel,
    Pressure,
    Speech,
    StepRole,
    StrokeKind,
    Tempo,
    TurningPoint,
    Words,
)


class Timing(ContentModel):
    """How a run of strokes is described; {tempo}, {count}, {times} and {length} are filled in."""

    few: Words = Field(description="for up to `countable` strokes")
    many: Words = Field(description="for more strokes than anybody counts")


class CountingWords(ContentModel):
    """What is said on the strokes of a kind: a word or two, to fit between two strokes."""

    first: str = Field(default="", description="on the first stroke")
    half: str = Field(default="", description="on the stroke that begins the second half")
    last: tuple[Words, ...] = Field(default=(), description="on the last, the one before it, …")
    each: str = Field(default="", description="on all others")
    turn: str = Field(default="", description="where a stroke turns back")
    again: str = Field(default="", description="before the strokes, after the hands had to move")


class Turns(ContentModel):
    """Which strokes have a sound where they turn back."""

    shortest: Tempo = Field(description="seconds per stroke from which the sound helps")
    told: Speech = Field(description="said once, before the first strokes that have the sound")
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
    """What is said before a massage that is not as it was asked for."""

    shortest: Words = Field(description="when less time was asked for")
    longest: Words = Field(description="when more time was asked for")
    instead: Words = Field(description="when {contact} replaces a missing {tool}")
    without: Words = Field(description="when {title} is left out for lack of a {tool}")
    also: Words = Field(description="what to have ready when a {tool} is used instead")
    needs: Words = Field(description="when nothing can be done without the {tool}")
    nothing_left: Words = Field(description="after the reasons, when they leave no {title}")


class NarrationTemplates(ContentModel):
    """The file `narration.yaml`."""

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
        description="said once in a massage, before the first step that has the tag"
    )
    over_oil: Speech = Field(description="before the first dry work on skin that has oil on it")
    rounds: tuple[Words, ...] = Field(min_length=1, description="First round., Second round., …")
    notes: Notes
    amounts: Amounts
