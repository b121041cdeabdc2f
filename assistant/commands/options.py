"""The options that several commands share, and how a command's options are read.

A shared option may stand before the command or after it (`massage --voice piper doctor`). Where it
stands in both places the later one holds. A command that cannot use it refuses it.
"""

import argparse
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from assistant.config import SETTING_NAMES
from assistant.errors import SettingsError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Kind = TypeVar("Kind", bound="DataclassInstance")

SHARED: dict[str, dict[str, Any]] = {
    "model": {"metavar": "FOLDER", "help": "use this speech model"},
    "voice": {
        "metavar": "NAME",
        "help": "piper, pyttsx3, a name from `massage voices`, or a Piper voice file",
    },
    "rate": {"metavar": "R", "help": "how fast the coach speaks: 0.5 to 2, normally 1"},
    "volume": {"metavar": "V", "help": "how loud everything is: 0.1 to 3, normally 1"},
    "bed": {"metavar": "FILE", "help": "repeat this sound file softly under the massage"},
    "attention": {"metavar": "WORD", "help": "obey only what follows this word, such as coach"},
    "transcript": {"metavar": "T.jsonl", "type": Path, "help": "write what is said to this file"},
    "keep_misses": {
        "metavar": "FILE",
        "type": Path,
        "help": "add what is not understood to this file, for `massage misses`",
    },
    "log": {
        "metavar": "FILE",
        "type": Path,
        "help": "write what happens to this file, for a report: text only, never audio",
    },
}


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one sentence, like all others of the program."""

    def error(self, message: str) -> NoReturn:
        """Raise SettingsError."""
        raise SettingsError(f"{message}; see `{self.prog} --help`.")


def add_shared(to: argparse.ArgumentParser, *names: str) -> None:
    """Add the shared options. The command can use those named, and can always be logged.

    The others are hidden, and there only to be refused by name.
    """
    usable = frozenset({*names, "log"})
    for name, about in SHARED.items():
        shown = about if name in usable else {"help": argparse.SUPPRESS}
        # Without a default of its own, a command leaves alone what was given before it.
        to.add_argument(_option(name), default=argparse.SUPPRESS, **shown)
    to.set_defaults(usable=usable, prog=to.prog)


def refuse_unusable(parsed: argparse.Namespace, unknown: list[str]) -> None:
    """Raise SettingsError for arguments that the command cannot use; `unknown` no parser took."""
    unusable = [_option(name) for name in SHARED if name in parsed and name not in parsed.usable]
    for argument in (*unusable, *unknown):
        raise SettingsError(
            f"`{parsed.prog}` cannot use {argument}; leave it out, or see `{parsed.prog} --help`."
        )


def read_options(kind: type[Kind], parsed: argparse.Namespace) -> Kind:
    """Return a command's options, each field taken from the argument of its name.

    The field `settings` gets all settings that were given, by name, for `load_settings`.
    """
    given = vars(parsed)
    given = given | {"settings": {name: given[name] for name in SETTING_NAMES if name in given}}
    taken = {field.name: given[field.name] for field in fields(kind) if field.name in given}
    return kind(**{n: tuple(v) if isinstance(v, list) else v for n, v in taken.items()})


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
