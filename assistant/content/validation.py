"""Makes a model of a content file; every problem in it gets a line of its own.

Every problem reads "path:line: field: found X; allowed: Y": pydantic names the place of each wrong
value, and the document has the line of each place.
"""

from pathlib import Path
from typing import TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from assistant.content.reader import Document, FieldPath, read_document
from assistant.errors import ContentError
from assistant.nearest import offer

Model = TypeVar("Model", bound=BaseModel)
_ALLOWED = {  # pydantic's own sentences are for programmers
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "dict_type": "fields with values",
    "model_type": "fields with values",
    "string_too_short": "text that is not empty",
    "too_short": "a list that is not empty",
    "greater_than_equal": "{ge:g} or more",
    "less_than_equal": "{le:g} or less",
    "literal_error": "{expected}",
    "value_error": "{error}",
}


def load(path: Path, model: type[Model]) -> Model:
    """Read `path` as a `model`; raises ContentError with its first problem."""
    try:
        return validate(read_document(path), model)
    except ContentError as error:
        raise ContentError(str(error).split("\n")[0]) from None


def validate(document: Document, model: type[Model]) -> Model:
    """Make a `model` of the document; raises ContentError with one problem a line."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        problems = [
            _sentence(document, model, details)
            for details in error.errors()
            # A list that holds nothing right is "too short" as well: that would only confuse.
            if not (details["type"] == "too_short" and details["input"])
        ]
        raise ContentError("\n".join(problems)) from None


def shown(value: object) -> str:
    """Return a value as it is quoted in a problem; long text is cut."""
    match value:
        case None:
            return "nothing"
        case str():
            text = " ".join(value.split())
            return f"'{text}'" if len(text) <= 60 else f"'{text[:57]}...'"
        case bool():
            return str(value).lower()
        case dict():
            return "fields with values"
        case list():
            return "a list" if value else "an empty list"
        case _:
            return str(value)


def field_of(place: FieldPath) -> str:
    """Return the field that a problem at `place` is reported for; of a list's item, the list."""
    return next((part for part in reversed(place) if isinstance(part, str)), "file")


def _sentence(document: Document, model: type[BaseModel], details: ErrorDetails) -> str:
    place = details["loc"]
    field = field_of(place)
    owner = _owner(model, place)
    found = f"found {shown(details['input'])}"
    match details["type"]:
        case "missing":
            info = owner.model_fields.get(field)
            wanted = info.description if info else None
            text = f"{field}: found nothing; allowed: {wanted or 'a value'}"
        case "extra_forbidden":
            text = f"{field}: found an unknown field; {offer(field, owner.model_fields)}"
        case kind:
            allowed = _ALLOWED.get(kind, details["msg"]).format(**details.get("ctx", {}))
            text = f"{field}: {found}; allowed: {allowed}"
    return document.problem(place, text)


def _owner(model: type[BaseModel], place: FieldPath) -> type[BaseModel]:
    """Return the model that has the last field of `place`, following lists and mappings."""
    for part in place[:-1]:
        info = model.model_fields.get(part) if isinstance(part, str) else None
        for annotation in (info.annotation, *get_args(info.annotation)) if info else ():
            if isinstance(annotation, type) and issubclass(annotation, BaseModel):
                model = annotation
    return model
