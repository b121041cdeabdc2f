"""Text from files, names and errors, made safe to show in a terminal."""

import re

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Characters that would command a terminal instead of being shown."""


def printable(text: str) -> str:
    """Return `text` with a replacement character for each one that would command a terminal."""
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def printable_json(line: str) -> str:
    """Return a line of JSON with such characters escaped; it means the same."""
    return CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", line)
