"""The form of routine files, as pydantic models.

A step is written in strokes or in seconds, and may be a rest. The field descriptions are for
authors: the message about a missing field quotes them.
"""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from assistant.routine.schema import (
    ContentModel,
    Count,
    OptionalSpeech,
    Pressure,
    Sides,
    Speech,
    StepRole,
    Template,
    Tempo,
    Tool,
    Words,
)

REST = "rest"
"""The technique of a step that is a rest."""
MOST_SECONDS = 600
"""The longest step that is written in seconds."""


def _in_seconds(value: object) -> object:
    """Return the seconds that a text such as `45 s` or `2 min` stands for; else the value."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"(\d{1,4}(?:\.\d)?) ?(s|seconds?|min|minutes?)", value.strip())
    if not found:
        raise ValueError("a time such as 45 s or 2 min")
    return round(float(found[1]) * (60 if found[2].startswith("m") else 1))


Seconds = Annotated[
    int,
    BeforeValidator(_in_seconds),
    Field(ge=2, le=MOST_SECONDS),
    WithJsonSchema({"type": ["string", "integer"], "examples": ["45 s", "2 min"]}),
]
"""A time, written as `45 s` or `2 min`."""


class RoutineStep(ContentModel):
    """One use of a technique in a routine, or a rest.

    How long it is to take is written in strokes or in seconds. The fields that others depend on
    come first: pydantic validates in this order.
    """

    rest: Seconds | None = Field(
        default=None, description="instead of a technique: rest for so long, such as 20 s"
    )
    use: Words = Field(
        default="",
        validate_default=True,
        description="a technique's identifier, its file name without .yaml",
    )
    duration: Seconds | None = Field(
        default=None,
        description="instead of strokes: how long, such as 45 s, on each side if sides is 'each'",
    )
    strokes: Count | None = Field(
        default=None,
        validate_default=True,
        description="how many, on each side if sides is 'each'; 1 to 200",
    )
    trim_to: Annotated[int, Field(ge=1, le=MOST_SECONDS)] | None = Field(
        default=None,
        description="fewest strokes when time is short, or the shortest duration, such as 20 s; "
        "left out means never trimmed",
    )
    role: StepRole = Field(default="work", description="opening and closing are never trimmed")
    sides: Sides = Field(default="both", description="'each' is left, then right")
    optional: bool = Field(default=False, description="may be left out when time is short")
    tempo: Tempo | None = Field(default=None, description="seconds per stroke here, 1 to 60")
    pressure: Pressure | None = Field(default=None, description="how hard here")
    say: OptionalSpeech = Field(
        default="", description="said as well, after the coach's own description"
    )
    say_only: OptionalSpeech = Field(
        default="",
        description="said instead of the coach's own description; cautions are said all the same",
    )

    @property
    def seconds(self) -> int | None:
        """How long it is to take, on each side; None where it is written in strokes."""
        return self.duration if self.rest is None else self.rest

    @field_validator("use", mode="before")
    @classmethod
    def _a_technique_or_a_rest(cls, use: object, info: ValidationInfo) -> object:
        if info.data.get("rest", 0) is None and not use:
            raise PydanticCustomError("missing", "Field required")
        if info.data.get("rest") and use:
            raise ValueError("either use or rest")
        return use or REST

    @field_validator("duration")
    @classmethod
    def _rest_has_a_time(cls, duration: int | None, info: ValidationInfo) -> int | None:
        if duration is not None and info.data.get("rest"):
            raise ValueError("nothing beside rest, which is a time already")
        return duration

    @field_validator("strokes")
    @classmethod
    def _strokes_or_seconds(cls, strokes: int | None, info: ValidationInfo) -> int | None:
        timed = [name for name in ("rest", "duration") if info.data.get(name, 0) is not None]
        if strokes is None and not timed:
            raise ValueError("a whole number, or a duration instead")
        if strokes is not None and timed:
            raise ValueError(f"either strokes or {timed[0]}")
        return strokes

    @field_validator("trim_to", mode="before")
    @classmethod
    def _trimmed_in_the_same_unit(cls, trim_to: object, info: ValidationInfo) -> object:
        if trim_to is not None and info.data.get("rest"):
            raise ValueError("nothing beside rest, unless optional: true")
        return _in_seconds(trim_to) if info.data.get("duration") else trim_to

    @field_validator("trim_to")
    @classmethod
    def _no_more_than_written(cls, trim_to: int | None, info: ValidationInfo) -> int | None:
        strokes, duration = info.data.get("strokes"), info.data.get("duration")
        if trim_to is not None and strokes is not None and trim_to > strokes:
            raise ValueError(f"at most the number of strokes, {strokes}")
        if trim_to is not None and duration is not None and trim_to > duration:
            raise ValueError(f"at most the duration, {duration} s")
        return trim_to

    @field_validator("optional")
    @classmethod
    def _only_work_is_optional(cls, optional: bool, info: ValidationInfo) -> bool:
        if optional and info.data.get("role") in ("opening", "closing"):
            raise ValueError("false for an opening or closing step")
        return optional

    @field_validator("sides")
    @classmethod
    def _rest_has_no_sides(cls, sides: Sides, info: ValidationInfo) -> Sides:
        if sides != "both" and info.data.get("rest"):
            raise ValueError("nothing beside rest")
        return sides

    @field_validator("say_only")
    @classmethod
    def _one_kind_of_own_words(cls, say_only: str, info: ValidationInfo) -> str:
        if say_only and info.data.get("say"):
            raise ValueError("either say or say_only")
        return say_only


class Routine(ContentModel):
    """A massage: one file, whose name is the identifier."""

    title: Words = Field(description="its name, as said and listed")
    summary: Speech = Field(description="one sentence: what it is for and what it does")
    heard_as: tuple[Template, ...] = Field(
        min_length=1, description="sentence templates: how people ask for it"
    )
    tools: tuple[Tool, ...] = Field(min_length=1, description="what to have at hand")
    made_for: Tool | None = Field(
        default=None, description="the tool whose name alone asks for it: 'with my roller'"
    )
    prepare: Speech = Field(description="what to have ready, said before the first step")
    prepare_without_tools: OptionalSpeech = Field(
        default="", description="said instead of prepare when none of its tools is used"
    )
    steps: tuple[RoutineStep, ...] = Field(min_length=1, description="its steps, in order")
