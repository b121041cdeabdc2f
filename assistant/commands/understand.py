"""`massage understand`: what texts mean, one JSON line each. Nothing is said or done."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.commands.contract import Output
from assistant.commands.options import add_shared
from assistant.errors import SettingsError

if TYPE_CHECKING:
    from assistant.understanding.interpreter import Interpreter

ABOUT = "show what texts mean, one JSON line each"


@dataclass(frozen=True)
class Options:
    """The texts, or none for the lines of standard input, and which sentences are understood."""

    texts: tuple[str, ...] = ()
    sentences: Path | None = None
    state: str | None = None


def add_arguments(to: argparse.ArgumentParser) -> None:
    """Add the texts and which sentences are understood."""
    to.add_argument("texts", nargs="*", metavar="TEXT", help="default: lines of standard input")
    add_domain(to)
    add_shared(to)


def add_domain(to: argparse.ArgumentParser) -> None:
    """Add the arguments that choose which sentences are understood."""
    to.add_argument(
        "--sentences", type=Path, metavar="FILE", help="a hassil template file of another domain"
    )
    to.add_argument("--state", help="only what can be said in this state, such as guiding")


def run(options: Options, out: Output) -> int:
    """Print what each text means."""
    texts = options.texts or (line.rstrip("\r\n") for line in sys.stdin)
    for meaning in understood(options, texts):
        out.json(meaning)
    return 0


def understood(options: Options, texts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield what each text means; where one text asks for several things, `more` has the others."""
    interpreter = interpreter_for(options.sentences, options.state)
    for text in texts:
        yield {"text": text, **meaning_of(interpreter, text, options.state)}


def interpreter_for(sentences: Path | None, state: str | None) -> "Interpreter":
    """Return the interpreter of a template file, or of the shipped sentences.

    Raises SettingsError for a state that the shipped sentences do not have.
    """
    from assistant.assembly import make_interpreter
    from assistant.dialogue.state import MODES
    from assistant.library.library import load_library

    if sentences is None and state not in (None, *MODES):
        raise SettingsError(f"--state: there is no state '{state}'; allowed: {', '.join(MODES)}.")
    return make_interpreter(None if sentences else load_library(), sentences)


def meaning_of(interpreter: "Interpreter", text: str, state: str | None) -> dict[str, Any]:
    """Return `intent`, `slots` and perhaps `more`; `intent` is None when nothing is to be done."""
    intents = interpreter.interpret(text, state)
    if not intents:
        return {"intent": None, "slots": {}}
    first, *others = ({"intent": i.name, "slots": dict(i.slots)} for i in intents)
    return {**first, "more": others} if others else first
