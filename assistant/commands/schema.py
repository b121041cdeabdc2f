"""`massage schema`: the JSON Schema of content files, so that an editor can help to write them."""

import argparse
import json
from dataclasses import dataclass

from assistant.commands.contract import Output
from assistant.commands.options import add_shared

ABOUT = "print the JSON Schema of content files, for editors"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class Options:
    """Options of `massage schema`."""

    kind: str = "routine"


def add_arguments(to: argparse.ArgumentParser) -> None:
    """Add the kind of file."""
    kinds = ("routine", "technique")
    to.add_argument("kind", nargs="?", choices=kinds, default="routine", help="of what file")
    add_shared(to)


def run(options: Options, out: Output) -> int:
    """Print the schema."""
    from assistant.routine.routine_schema import Routine
    from assistant.routine.schema import Technique

    model = Technique if options.kind == "technique" else Routine
    out.line(json.dumps({"$schema": DIALECT, **model.model_json_schema()}, indent=2))
    return 0
