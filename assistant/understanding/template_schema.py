"""The form of a hassil template file: the fields that are used here, and what they may hold.

Other fields of hassil's are allowed and ignored, so that any hassil file will do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, model_validator

from assistant.content.reader import Document, FieldPath
from assistant.template_size import check_numbers, check_text

Texts = tuple[str, ...]


def _bounded(text: str) -> str:
    check_text(text)  # the rest of its bounds depends on its lists and rules: `template_bounds`
    return text


Template = Annotated[str, Field(min_length=1), AfterValidator(_bounded)]


def _list_value(value: Any) -> Any:
    match value:
        case str(text) | {"in": str(text), "out": str() | int() | float()}:
            _bounded(text)
            return value
        case {"in": str(text)} if "out" not in value:
            _bounded(text)
            return value
    raise ValueError("text, or {in: template, out: text or a number}")


class ListRange(BaseModel):
    """A list of numbers."""

    first: int = Field(alias="from")
    last: int = Field(alias="to")
    step: int = Field(default=1, ge=1)
    type: Literal["number", "percentage", "temperature"] = "number"
    fractions: Literal["halves", "tenths"] | None = None
    multiplier: float | None = Field(default=None, allow_inf_nan=False)
    digits: bool = True
    words: bool = True

    @property
    def per_whole_number(self) -> int:
        """How many numbers begin with each whole one, itself included."""
        return {None: 1, "halves": 2, "tenths": 10}[self.fractions]

    @model_validator(mode="after")
    def _has_numbers(self) -> "ListRange":
        if self.first > self.last:
            raise ValueError("`from` up to `to`, the smaller one first")
        check_numbers(self.first, self.last, self.step, self.per_whole_number)
        if not (self.digits or self.words):
            raise ValueError("digits, words, or both")
        return self


class ListForm(BaseModel):
    """What a slot can be filled with."""

    values: tuple[Annotated[Any, AfterValidator(_list_value)], ...] | None = None
    range: ListRange | None = None
    wildcard: bool = False

    @model_validator(mode="after")
    def _has_values(self) -> "ListForm":
        if self.values is None and self.range is None and not self.wildcard:
            raise ValueError("{values: [..]}, {range: {from: 1, to: 9}} or {wildcard: true}")
        return self


class Metadata(BaseModel):
    """How a group of sentences is treated; see `templates`."""

    urgency: int = 0
    anywhere: bool = False
    aside: bool = False
    core: bool = False


class GroupForm(BaseModel):
    """Sentences of one intent that belong together."""

    sentences: tuple[Template, ...] = Field(min_length=1, description="a list of templates")
    slots: dict[str, Any] = {}
    requires_context: dict[str, Any] = {}
    excludes_context: dict[str, Any] = {}
    lists: dict[str, ListForm] = {}
    expansion_rules: dict[str, Template] = {}
    metadata: Metadata | None = None


class IntentForm(BaseModel):
    """All sentences of one intent."""

    data: tuple[GroupForm, ...] = Field(description="a list of groups, such as {sentences: [..]}")


class FileForm(BaseModel):
    """One file."""

    language: str = "en"
    intents: dict[str, IntentForm] = {}
    lists: dict[str, ListForm] = {}
    expansion_rules: dict[str, Template] = {}
    skip_words: Texts = ()
    connectors: Texts = ()
    corrections: Texts = ()
    negators: Texts = ()
    answers: Texts = ()
    denials: Texts = ()
    usual_state: str | None = None
    risky: Texts = ()


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """One file: what it holds, and where everything stands in it."""

    document: Document
    form: FileForm

    def groups(self) -> Iterator[tuple[str, FieldPath, GroupForm]]:
        """Yield every group of sentences with its intent and its place."""
        for intent, body in self.form.intents.items():
            for index, group in enumerate(body.data):
                yield intent, ("intents", intent, "data", index), group

    def templates(self) -> Iterator[tuple[FieldPath, str]]:
        """Yield every template with its place."""
        yield from _shared_templates((), self.form)
        for _, place, group in self.groups():
            for index, text in enumerate(group.sentences):
                yield (*place, "sentences", index), text
            yield from _shared_templates(place, group)


def _shared_templates(
    place: FieldPath, holder: FileForm | GroupForm
) -> Iterator[tuple[FieldPath, str]]:
    """Yield the templates of the rules and lists that the file or the group at `place` defines."""
    for name, text in holder.expansion_rules.items():
        yield (*place, "expansion_rules", name), text
    for name, form in holder.lists.items():
        for index, value in enumerate(form.values or ()):
            text = value if isinstance(value, str) else value["in"]
            yield (*place, "lists", name, "values", index), text
