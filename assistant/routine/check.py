"""Checks a content file and says what a person must mend, line by line.

Every problem reads "path:line: field: found X; allowed: Y". YAML is composed to nodes first,
because only nodes remember their lines; pydantic then names the place of each wrong value.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from assistant.errors import ContentError
from assistant.routine.schema import Routine, Technique

Model = TypeVar("Model", bound=BaseModel)
Place = tuple[int | str, ...]

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_ALLOWED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "dict_type": "fields with values",
    "model_type": "fields with values",
    "string_too_short": "text that is not empty",
    "too_short": "a list that is not empty",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} or less",
    "literal_error": "{expected}",
    "value_error": "{error}",
}


@dataclass(frozen=True)
class Document:
    """A YAML file's values, and the line (from 1) on which each of them stands."""

    path: Path
    data: Any
    lines: dict[Place, int]

    def problem(self, place: Place, text: str) -> str:
        """Put path and line before `text`; an unknown place has its parent's line."""
        while place and place not in self.lines:
            place = place[:-1]
        return f"{self.path}:{self.lines.get(place, 1)}: {text}"


def check_file(path: Path, technique_folders: Collection[Path] | None = None) -> list[str]:
    """Return what is wrong with a routine or technique file; an empty list if nothing is.

    A routine may use the shipped techniques, those of the user's own folder, and those in a folder
    `techniques` beside it; `technique_folders` replaces the first two.
    """
    from assistant.routine.library import routine_folders, technique_names

    if technique_folders is None:
        technique_folders = [folder / "techniques" for folder in routine_folders()]
    try:
        document = read_document(path)
        if path.resolve().parent.name == "techniques" or (
            "stroke" in document.data and "steps" not in document.data
        ):
            validate(document, Technique)
        else:
            routine = validate(document, Routine)
            known = technique_names([path.parent / "techniques", *technique_folders])
            return unknown_techniques(document, routine, known)
    except ContentError as error:
        return str(error).split("\n")
    return []


def load(path: Path, model: type[Model]) -> Model:
    """Read `path` as a `model`; raises ContentError with its first problem."""
    try:
        return validate(read_document(path), model)
    except ContentError as error:
        raise ContentError(str(error).split("\n")[0]) from None


def read_document(path: Path) -> Document:
    """Read a YAML file whose top is a mapping; raises ContentError with one problem a line."""
    text = _text_of(path)
    for number, line in enumerate(text.split("\n"), start=1):
        if "\t" in line:
            raise ContentError(f"{path}:{number}: indentation: found a tab; allowed: spaces")
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            found = "nothing" if node is None else "no fields"
            raise ContentError(f"{path}:1: file: found {found}; allowed: fields with values")
        repeated = [
            f"{path}:{key_line}: {key}: found a second time; allowed: once"
            for key, key_line in _repeated_keys(node)
        ]
        if repeated:
            raise ContentError("\n".join(repeated))
        return Document(path, loader.construct_document(node), dict(_lines(node, ())))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = mark.line + 1 if mark else 1
        what = error.problem or "something else"
        raise ContentError(f"{path}:{where}: file: found {what}; allowed: YAML") from None
    except yaml.YAMLError as error:
        what = str(error).split("\n")[0]
        raise ContentError(f"{path}:1: file: found {what}; allowed: YAML") from None
    finally:
        loader.dispose()


def validate(document: Document, model: type[Model]) -> Model:
    """Make a `model` of the document; raises ContentError with one problem a line."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        problems = [_sentence(document, model, details) for details in error.errors()]
        raise ContentError("\n".join(problems)) from None


def unknown_techniques(document: Document, routine: Routine, known: Collection[str]) -> list[str]:
    """Name the steps that use a technique which is not `known`, offering the nearest."""
    return [
        document.problem(
            ("steps", index, "use"),
            f"use: found '{step.use}', an unknown technique; {offer(step.use, known)}",
        )
        for index, step in enumerate(routine.steps)
        if step.use not in known
    ]


def offer(word: str, choices: Collection[str]) -> str:
    """Say which of `choices` is nearest to `word`, or list them all if none is near."""
    from rapidfuzz import process

    nearest = process.extractOne(word, sorted(choices), score_cutoff=60)
    if nearest:
        return f"did you mean '{nearest[0]}'?"
    return f"allowed: {', '.join(sorted(choices))}"


def _text_of(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ContentError(f"{path}:1: file: found nothing; allowed: a file that exists") from None
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise ContentError(f"{path}:1: file: found {reason}; allowed: a readable file") from None
    if b"\0" in raw:
        raise ContentError(f"{path}:1: file: found binary data; allowed: YAML text") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        byte = f"0x{raw[error.start]:02x}"
        raise ContentError(f"{path}:{line}: file: found byte {byte}; allowed: UTF-8") from None


def _lines(node: yaml.Node, place: Place) -> Iterator[tuple[Place, int]]:
    yield place, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*place, str(key.value))
            yield from _lines(value, here)
            yield here, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _lines(item, (*place, index))


def _repeated_keys(node: yaml.Node) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                yield name, key.start_mark.line + 1
            seen.add(name)
            yield from _repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated_keys(item)


def _sentence(document: Document, model: type[BaseModel], details: ErrorDetails) -> str:
    place = details["loc"]
    names = [part for part in place if isinstance(part, str)]
    field = names[-1] if names else "file"
    owner = _owner(model, place)
    found = f"found {_shown(details['input'])}"
    match details["type"]:
        case "missing":
            wanted = owner.model_fields[field].description or "a value"
            text = f"{field}: found nothing; allowed: {wanted}"
        case "extra_forbidden":
            text = f"{field}: found an unknown field; {offer(field, owner.model_fields)}"
        case kind:
            allowed = _ALLOWED.get(kind, details["msg"]).format(**details.get("ctx", {}))
            text = f"{field}: {found}; allowed: {allowed}"
    return document.problem(place, text)


def _owner(model: type[BaseModel], place: Place) -> type[BaseModel]:
    """Return the model that has the last field of `place`, following lists and mappings."""
    for part in place[:-1]:
        info = model.model_fields.get(part) if isinstance(part, str) else None
        for annotation in (info.annotation, *get_args(info.annotation)) if info else ():
            if isinstance(annotation, type) and issubclass(annotation, BaseModel):
                model = annotation
    return model


def _shown(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case str():
            return f"'{value}'" if len(value) <= 60 else f"'{value[:57]}...'"
        case bool():
            return str(value).lower()
        case dict():
            return "fields with values"
        case list():
            return "a list" if value else "an empty list"
        case _:
            return str(value)
