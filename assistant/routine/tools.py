"""Finds tools by the names that people, commands and sentence templates give them."""

from collections.abc import Iterable
from typing import get_args

from assistant.errors import UnknownTool
from assistant.routine.schema import Tool

TOOLS: tuple[str, ...] = get_args(Tool)
_ALSO = {"jade roller": "roller", "quartz roller": "roller", "washcloth": "cloth"}
_NO_TOOLS = {"oil"}
"""Things that people name as tools but no technique uses: oil is put on, not held."""


def known_tools(names: Iterable[str]) -> frozenset[str]:
    """Return the tools called `names`; hyphens count as spaces.

    Raises UnknownTool for a name that no tool has.
    """
    known = set()
    for name in names:
        plain = " ".join(name.lower().replace("-", " ").split())
        plain = _ALSO.get(plain, plain)
        if plain in _NO_TOOLS:
            continue
        if plain not in TOOLS:
            raise UnknownTool(f"There is no tool '{name}'. There are {', '.join(TOOLS)}.")
        known.add(plain)
    return frozenset(known)
