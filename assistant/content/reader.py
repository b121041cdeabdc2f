"""Reads YAML files and remembers on which line everything stands.

Every refusal reads "path:line: field: found X; allowed: Y". YAML is composed to nodes first,
because only nodes know their lines. Quick: naming the routines needs nothing heavier than this.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import ContentError

FieldPath = tuple[int | str, ...]
"""Where a value stands: the field names and list positions that lead to it."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Document:
    """A YAML file's values, and the line (from 1) on which each of them stands."""

    path: Path
    data: Any
    lines: dict[FieldPath, int]

    def problem(self, place: FieldPath, text: str) -> str:
        """Put path and line before `text`; an unknown place has its parent's line."""
        while place and place not in self.lines:
            place = place[:-1]
        return f"{self.path}:{self.lines.get(place, 1)}: {text}"


def read_document(path: Path) -> Document:
    """Read a YAML file whose top is a mapping; raises ContentError with one problem."""
    text = _text_of(path)
    for number, line_text in enumerate(text.split("\n"), start=1):
        if "\t" in line_text:
            raise ContentError(f"{path}:{number}: indentation: found a tab; allowed: spaces")
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            found = "nothing" if node is None else "no fields"
            raise ContentError(f"{path}:1: file: found {found}; allowed: fields with values")
        lines: dict[FieldPath, int] = {}
        for place, line in _lines(node, (), set()):
            if place in lines:
                key = place[-1]
                raise ContentError(f"{path}:{line}: {key}: found a second time; allowed: once")
            lines[place] = line
        return Document(path, loader.construct_document(node), lines)
    except RecursionError:
        raise ContentError(f"{path}:1: file: found endless nesting; allowed: YAML") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        number = mark.line + 1 if mark else 1
        what = error.problem or "something else"
        raise ContentError(f"{path}:{number}: file: found {what}; allowed: YAML") from None
    except yaml.YAMLError as error:
        what = str(error).split("\n")[0]
        raise ContentError(f"{path}:1: file: found {what}; allowed: YAML") from None
    finally:
        loader.dispose()


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


def _lines(node: yaml.Node, place: FieldPath, walked: set[int]) -> Iterator[tuple[FieldPath, int]]:
    """Yield every place below `node` with its line; what an alias repeats has no lines again."""
    if id(node) in walked:
        return
    walked.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*place, str(key.value))
            yield here, key.start_mark.line + 1
            yield from _lines(value, here, walked)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            here = (*place, index)
            yield here, item.start_mark.line + 1
            yield from _lines(item, here, walked)
