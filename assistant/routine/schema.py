"""The form of technique, area and source files, and the kinds of fields that all content has.

A file that passes is complete: every technique has an area, contact, pressure, direction, tempo and
source, so its narration cannot leave one out. The field descriptions are for authors: they say how
a value is used in a spoken sentence, and the message about a missing field quotes them.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
)

from assistant.template_size import BRACKETS, MOST_WORK_TO_ASK, size_of

StrokeKind = Literal[
    "glide",
    "stretch",
    "circle",
    "knead",
    "press",
    "pinch",
    "roll",
    "scrape",
    "hold",
    "breathe",
    "rest",
]
Pressure = Literal["rest", "feather", "light", "moderate", "firm"]
Tool = Literal["hands", "cloth", "gua sha", "roller", "chilled tool", "device"]
AreaTag = Literal[
    "belly",
    "neck",
    "ears",
    "jaw",
    "cheeks",
    "eyes",
    "forehead",
    "temples",
    "nose",
    "mouth",
    "scalp",
    "shoulders",
    "hands",
]
"""The areas that everybody may name; an `areas.yaml` beside routines may declare more."""
StepRole = Literal["opening", "work", "closing"]
Sides = Literal["both", "each", "left", "right"]

PRESSURES: tuple[Pressure, ...] = get_args(Pressure)
"""From lightest to firmest."""
AREAS: frozenset[str] = frozenset(get_args(AreaTag))

MOST_WORDS = 20
"""The longest spoken sentence, in words: a longer one is hard to follow with busy hands."""


def sentences(text: str) -> list[str]:
    """Split `text` after each full stop, question mark or exclamation mark."""
    return [part for part in re.split(r"(?<=[.?!])\s+", text.strip()) if part]


def _speakable(text: str) -> str:
    for sentence in sentences(text):
        if len(sentence.split()) > MOST_WORDS:
            raise ValueError(f"sentences of at most {MOST_WORDS} words")
    if text and text[-1] not in ".?!":
        raise ValueError("whole sentences, the last one ending with a full stop")
    return text


def _template(text: str) -> str:
    # Content other than sentence files has neither lists nor rules.
    if set(text) & set("{}<>") or re.search(r"[(\[]\s*[)\]]", text):
        raise ValueError(BRACKETS)
    if size_of(text, most_work=MOST_WORK_TO_ASK).silent or not re.search(r"\w", text):
        raise ValueError("words, at least one of them outside square brackets")
    return text


Words = Annotated[str, Field(min_length=1)]
Speech = Annotated[str, Field(min_length=1), AfterValidator(_speakable)]
OptionalSpeech = Annotated[str, AfterValidator(_speakable)]
Template = Annotated[str, Field(min_length=1), AfterValidator(_template)]
Tempo = Annotated[float, Field(ge=1, le=60, description="seconds per stroke, 1 to 60")]
TurningPoint = Annotated[float, Field(ge=0, le=0.9)]
Count = Annotated[int, Field(ge=1, le=200)]


class ContentModel(BaseModel):
    """Base of all content: frozen, and a field that is not declared is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Technique(ContentModel):
    """A reusable movement: one file under `techniques/`, whose name is the identifier."""

    title: Words = Field(description="a short name, as said after 'Next:'")
    area: Words = Field(description="where, as said after 'on': 'the bone under your eyes'")
    stroke: StrokeKind = Field(description="the kind of movement")
    contact: Words = Field(description="what touches the skin, as said after 'Put'")
    direction: Words = Field(
        description="which way, as said after the movement's verb: 'outward, to the temples'"
    )
    pressure: Pressure = Field(description="how hard")
    tempo: Tempo
    cue: OptionalSpeech = Field(default="", description="an image or hint that adds color")
    why: Speech = Field(description="the answer to 'why?', no more than the source supports")
    caution: OptionalSpeech = Field(default="", description="what never to do here")
    area_tags: tuple[Words, ...] = Field(
        min_length=1,
        description="the parts of the body by which the user or a health answer can rule it out",
        examples=[[area] for area in get_args(AreaTag)],
    )
    source: tuple[Words, ...] = Field(min_length=1, description="keys of sources.yaml")
    surface: Literal["dry", "oiled", "any"] = Field(
        default="any", description="the skin it needs; dry work comes before oiled work"
    )
    lymph: bool = Field(
        default=False, description="very light drainage, the only strokes that may go down the neck"
    )
    cold: bool = Field(default=False, description="chills the skin")
    tool: Tool = Field(default="hands", description="the tool to hold")
    turn: TurningPoint | None = Field(
        default=None,
        description="how far into a stroke the hands turn back, 0 to 0.9 of it; 0 means never, "
        "left out means as usual for this kind of stroke",
    )
    stand_in: Words | None = Field(
        default=None,
        description="the technique to use when the tool is missing or health rules this one out",
    )
    with_tool: Mapping[Tool, Words] = Field(
        default_factory=dict,
        description="techniques that do the same work with another tool, by the tool",
    )
    spreads_oil: bool = Field(
        default=False, description="puts oil on the skin, for the oiled work that follows"
    )
    most_seconds: Annotated[int, Field(ge=10)] | None = Field(
        default=None, description="the longest it may last in one massage, on each side"
    )

    @property
    def tags(self) -> frozenset[str]:
        """Everything by which a health rule can name it: areas, tool, "lymph", "cold".

        "hands" is the area: as a tool, nobody has to do without them.
        """
        flags = {name for name in ("lymph", "cold") if getattr(self, name)}
        tools = {self.tool} - {"hands"}
        return frozenset({*self.area_tags, *tools, *flags})


class Source(ContentModel):
    """Something that content cites for a claim."""

    title: Words = Field(description="what it is")
    url: Words = Field(description="where to read it")
    grade: Literal["A", "B", "C"] = Field(
        description="A trial, hospital or public health; B clinician or training; C vendor or blog"
    )


class Sources(ContentModel):
    """The file `sources.yaml`: everything that content may cite."""

    sources: dict[str, Source] = Field(description="by key")


def _area_name(text: str) -> str:
    if not re.fullmatch(r"[a-z]+( [a-z]+)*", text):
        raise ValueError("names in lowercase letters, such as feet")
    return text


class Areas(ContentModel):
    """An `areas.yaml` beside routines: areas of the author's own."""

    areas: dict[Annotated[str, AfterValidator(_area_name)], tuple[Template, ...]] = Field(
        description="by name, with the ways to say it: feet: [feet, foot, my soles]"
    )
