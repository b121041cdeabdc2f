"""Help for people who write routines: a starter file, and JSON Schema for their editors."""

from typing import Any

from pydantic import BaseModel

from assistant.library.starter import write_starter
from assistant.routine.schema import Routine, Technique

KINDS: dict[str, type[BaseModel]] = {"routine": Routine, "technique": Technique}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def new(name: str) -> str:
    """Write a starter file and say where it is and what to do next. Raises ContentError."""
    path = write_starter(name)
    return f'{path}\nChange it as you like, then: massage check "{path}"'


def schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a "routine" or "technique" file."""
    return {"$schema": DIALECT, **KINDS[kind].model_json_schema()}
