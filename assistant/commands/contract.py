"""The contract between the command line and its commands."""

import argparse
from typing import Any, Protocol


class Output(Protocol):
    """Where a command's text goes: only the command line prints, and a test can collect instead."""

    def line(self, text: str) -> None:
        """Print a result for people, on standard output."""
        ...

    def json(self, value: object) -> None:
        """Print a result for programs, as one line of JSON on standard output."""
        ...

    def remark(self, text: str) -> None:
        """Print what goes on meanwhile, on standard error."""
        ...


class Command(Protocol):
    """A module of this folder that is named like its command."""

    __name__: str
    ABOUT: str
    """What `massage --help` says about it."""

    @property
    def Options(self) -> type[Any]:  # noqa: N802 - a class of the module
        """A frozen dataclass; each field is named like the argument it comes from."""
        ...

    def add_arguments(self, to: argparse.ArgumentParser) -> None:
        """Add the command's arguments to its parser."""
        ...

    def run(self, options: Any, out: Output) -> int:
        """Do it and return the exit status; raises MassageError for what the user can fix."""
        ...
