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
    from assistant.understanding.meaning_finder import Meaning, MeaningFinder

ABOUT = "show what texts mean, one JSON line each"


@dataclass(frozen=True)
class Options:
    """The texts, or none for the lines of standard input, and which sentences are understood."""

    texts: tuple[str, ...] = ()
    sentences: Path | None = None
    state: str | None = None
    why: bool = False


def add_arguments(to: argparse.ArgumentParser) -> None:
    """Add the texts and which sentences are understood."""
    to.add_argument("texts", nargs="*", metavar="TEXT", help="default: lines of standard input")
    add_domain(to)
    to.add_argument("--why", action="store_true", help="also tell what was weighed")
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
    finder = finder_for(options.sentences, options.state)
    for text in texts:
        meaning = finder.find(text, options.state)
        why = {"why": list(meaning.why)} if options.why else {}
        yield {"text": text, **told(meaning), **why}


def finder_for(sentences: Path | None, state: str | None) -> "MeaningFinder":
    """Return what understands a template file, or the shipped sentences with all behind them.

    Raises SettingsError for a state that the shipped sentences do not have.
    """
    from assistant.assembly import make_interpreter, make_meaning_finder
    from assistant.dialogue.state import MODES
    from assistant.library.library import load_library
    from assistant.understanding.meaning_finder import MeaningFinder

    if sentences is None and state not in (None, *MODES):
        raise SettingsError(f"--state: there is no state '{state}'; allowed: {', '.join(MODES)}.")
    if sentences is not None:
        return MeaningFinder(make_interpreter(None, sentences))
    return make_meaning_finder(make_interpreter(load_library()))


def told(meaning: "Meaning") -> dict[str, Any]:
    """Return `intent`, `slots` and perhaps `more`; `intent` is None when nothing is to be done.

    Where the coach would ask back, `perhaps` and `perhaps_slots` tell about what.
    """
    if not meaning.intents:
        nothing: dict[str, Any] = {"intent": None, "slots": {}}
        if meaning.perhaps:
            one = meaning.perhaps[0]
            nothing |= {"perhaps": one.name, "perhaps_slots": dict(one.slots)}
        if len(meaning.perhaps) > 1:
            other = meaning.perhaps[1]
            nothing |= {"or_perhaps": other.name, "or_perhaps_slots": dict(other.slots)}
        return nothing
    first, *others = ({"intent": i.name, "slots": dict(i.slots)} for i in meaning.intents)
    return {**first, "more": others} if others else first
