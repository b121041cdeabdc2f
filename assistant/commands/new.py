"""`massage new`: writes a routine file to start from."""

import argparse
from dataclasses import dataclass

from assistant.commands.contract import Output
from assistant.commands.options import add_shared

ABOUT = "write a routine file of your own to start from"


@dataclass(frozen=True)
class Options:
    """Options of `massage new`."""

    name: str


def add_arguments(to: argparse.ArgumentParser) -> None:
    """Add its name."""
    to.add_argument("name", metavar="NAME", help="such as my-morning")
    add_shared(to)


def run(options: Options, out: Output) -> int:
    """Write the file and say where it is and what to do next. Raises ContentError."""
    from assistant.library.starter import write_starter

    path = write_starter(options.name)
    out.line(f'{path}\nChange it as you like, then: massage check "{path}"')
    return 0
