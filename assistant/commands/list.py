"""`massage list`: the routines there are. It answers at once: it imports and reads very little."""

import argparse
from dataclasses import dataclass

from assistant.commands.contract import Output
from assistant.commands.options import add_shared

ABOUT = "list the routines"


@dataclass(frozen=True)
class Options:
    """Options of `massage list`."""

    json: bool = False


def add_arguments(to: argparse.ArgumentParser) -> None:
    """Add how to print them."""
    to.add_argument("--json", action="store_true", help="one JSON line per routine")
    add_shared(to)


def run(options: Options, out: Output) -> int:
    """Print every routine's name and summary; remark files that are left out."""
    from assistant.library.library import load_library, problems_of_own_files

    library = load_library()
    for problem in problems_of_own_files(library):
        out.remark(f"massage: left out: {problem}")
    for entry in library.entries():
        if options.json:
            out.json({"routine": entry.identifier, "title": entry.title, "summary": entry.summary})
        else:
            out.line(f"{entry.identifier:20} {entry.summary}")
    return 0
