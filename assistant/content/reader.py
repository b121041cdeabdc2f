"""Reads YAML files and remembers the line of every value.

Every refusal reads "path:line: field: found X; allowed: Y". Promises: whatever is in the file, the
answer is a `Document` or a ContentError, within bounded time and memory; and reading is quick, so
that all routines can be listed at once. YAML is composed to nodes first, since only nodes have
lines.
"""

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import ContentError
from assistant.files import MOST_BYTES, read_file
from assistant.printable import CONTROL

FieldPath = tuple[int | str, ...]
"""Where a value stands: the field names and list positions that lead to it."""

MOST_DEPTH = 40
MOST_VALUES = 50_000
"""In a file, each alias counted with all that it stands for: a few lines can stand for billions."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN = {
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "map", "seq")
}
_DATE = "tag:yaml.org,2002:timestamp"
"""Read as the text that it is: no field is a date, and a title may be one."""


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
    try:
        _check_depth(path, text)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if not isinstance(node, yaml.MappingNode):
                found = "nothing" if node is None else "no fields"
                raise _problem(path, 1, "file", f"found {found}; allowed: fields with values")
            _check_size(path, node)
            lines: dict[FieldPath, int] = {}
            for place, line in _lines(node, (), set()):
                if place in lines:
                    raise _problem(path, line, place[-1], "found a second time; allowed: once")
                lines[place] = line
            return Document(path, _value(path, loader, node), lines)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        found = error.problem or "something else"
        raise _problem(path, line, "file", f"found {found}; allowed: YAML") from None
    except yaml.YAMLError as error:
        found = str(error).split("\n")[0]
        raise _problem(path, 1, "file", f"found {found}; allowed: YAML") from None


def _problem(path: Path, line: int, field: object, text: str) -> ContentError:
    return ContentError(f"{path}:{line}: {field}: {text}")


def _check_depth(path: Path, text: str) -> None:
    """Refuse what is nested too deeply, before the library descends into it and crashes."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MOST_DEPTH:
                line = event.start_mark.line + 1 if event.start_mark else 1
                text = f"found too many levels; allowed: {MOST_DEPTH} levels"
                raise _problem(path, line, "file", text)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _check_size(path: Path, top: yaml.Node) -> None:
    """Refuse a file whose aliases stand for too much, or for themselves."""
    sizes: dict[int, int] = {}

    def size(node: yaml.Node) -> int:
        if id(node) not in sizes:
            sizes[id(node)] = MOST_VALUES  # until it is known: what holds itself is too big
            sizes[id(node)] = 1 + sum(map(size, _children(node)))
        return sizes[id(node)]

    if size(top) >= MOST_VALUES:
        allowed = f"{MOST_VALUES} values, those behind aliases included"
        raise _problem(path, 1, "file", f"found too much; allowed: {allowed}")


def _children(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from (key, value)
    elif isinstance(node, yaml.SequenceNode):
        yield from node.value


def _value(path: Path, loader: Any, node: yaml.Node) -> Any:
    """Return what a node stands for: text, a number, true or false, nothing, a list, or fields."""
    line = node.start_mark.line + 1
    if node.tag == _DATE:
        return node.value
    if node.tag not in _PLAIN:
        found = f"found {node.tag.rpartition(':')[2]}"
        raise _problem(path, line, "file", f"{found}; allowed: text, numbers, true, false, lists")
    if isinstance(node, yaml.MappingNode):
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                raise _problem(
                    path, key.start_mark.line + 1, "<<", "found; allowed: names of fields"
                )
        return {_key(path, loader, key): _value(path, loader, value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(path, loader, item) for item in node.value]
    try:
        value = loader.construct_object(node)
    except (ValueError, LookupError, AttributeError):  # such as `0x_`, or a number of 5,000 digits
        found = f"found '{node.value[:40]}'"
        raise _problem(
            path, line, "file", f"{found}; allowed: text in quotes, or a number"
        ) from None
    if isinstance(value, str) and (control := CONTROL.search(value)):
        found = f"found a control character (0x{ord(control[0]):02x})"
        raise _problem(path, line, "file", f"{found}; allowed: text that can be shown")
    return value


def _key(path: Path, loader: Any, node: yaml.Node) -> Any:
    if not isinstance(node, yaml.ScalarNode):
        raise _problem(path, node.start_mark.line + 1, "file", "found a field without a name")
    return _value(path, loader, node)


def _text_of(path: Path) -> str:
    """Return the text in `path`, without tabs that mean nothing."""
    try:
        raw = read_file(path)
        text = raw.decode("utf-8-sig")
    except FileNotFoundError:
        raise _problem(path, 1, "file", "found nothing; allowed: a file that exists") from None
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        limit = f" of at most {MOST_BYTES:,} bytes" if error.errno == errno.EFBIG else ""
        raise _problem(
            path, 1, "file", f"found {reason}; allowed: a readable file{limit}"
        ) from None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        found = f"found byte 0x{raw[error.start]:02x}"
        raise _problem(path, line, "file", f"{found}; allowed: UTF-8") from None
    if "\0" in text:
        raise _problem(path, 1, "file", "found binary data; allowed: YAML text")
    rows = text.split("\n")
    for index, row in enumerate(rows):
        code = row.lstrip()
        if "\t" not in row[: len(row) - len(code)]:
            continue
        if code and not code.startswith("#"):
            raise _problem(path, index + 1, "indentation", "found a tab; allowed: spaces")
        rows[index] = code  # a tab before a remark, or alone on a line, is harmless
    return "\n".join(rows)


def _lines(node: yaml.Node, place: FieldPath, seen: set[int]) -> Iterator[tuple[FieldPath, int]]:
    """Yield every place below `node` with its line; what an alias repeats has no lines again."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*place, str(key.value))
            yield here, key.start_mark.line + 1
            yield from _lines(value, here, seen)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            here = (*place, index)
            yield here, item.start_mark.line + 1
            yield from _lines(item, here, seen)
