"""`massage misses`: what was not understood, grouped; and saying what some of it means."""

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.commands.contract import Output
from assistant.commands.options import add_shared
from assistant.errors import SettingsError

if TYPE_CHECKING:
    from assistant.misses import Miss

ABOUT = "show what was not understood, and say what it means"


@dataclass(frozen=True)
class Options:
    """The file, and which of its sentences mean what."""

    file: Path
    numbers: tuple[int, ...] = ()
    meaning: str = ""


def add_arguments(to: argparse.ArgumentParser) -> None:
    """Add the file, and what some of its sentences mean."""
    to.add_argument("file", type=Path, metavar="FILE", help="what --keep-misses has written")
    to.add_argument(
        "--of",
        dest="numbers",
        type=int,
        nargs="+",
        default=(),
        metavar="N",
        help="with --as: which sentences mean that",
    )
    to.add_argument(
        "--as",
        dest="meaning",
        default="",
        metavar="INTENT",
        help="from now on understand sentences N as this, such as slower",
    )
    add_shared(to)


def run(options: Options, out: Output) -> int:
    """Show the misses, or add some to the user's examples. Raises SettingsError."""
    from assistant.misses import read_misses

    misses = list(dict.fromkeys(read_misses(options.file)))
    if bool(options.meaning) != bool(options.numbers):
        raise SettingsError(
            "--as needs an intent and the numbers of sentences, such as: "
            f"massage misses {options.file} --as slower --of 1 3"
        )
    for line in _added(options, misses) if options.meaning else _grouped(misses):
        out.line(line)
    return 0


def _grouped(misses: "Sequence[Miss]") -> Iterator[str]:
    """Yield the misses by the intent that each is most like, with its number."""
    from assistant.understanding.paraphrases import Paraphrases

    if not misses:
        yield "Everything was understood."
        return
    model = Paraphrases.load()
    groups: dict[str, list[str]] = defaultdict(list)
    for number, miss in enumerate(misses, 1):
        ranked = model.read(miss.text, miss.state).candidates
        near = miss.perhaps or (ranked[0].intent if ranked else "")
        denied = ", denied" if miss.perhaps else ""
        groups[near].append(f"  {number:3}  {miss.text}  ({miss.state}{denied})")
    for near in sorted(groups, key=lambda near: -len(groups[near])):
        yield f"most like {near}:" if near else "like nothing:"
        yield from groups[near]
    yield ""
    yield "To have sentences understood from now on: massage misses FILE --as slower --of 1 3"


def _added(options: Options, misses: "Sequence[Miss]") -> Iterator[str]:
    from assistant.library.library import own_examples_folder
    from assistant.library.own_examples import add_own_examples, intents
    from assistant.nearest import offer

    if options.meaning not in intents():
        near = offer(options.meaning, intents())
        raise SettingsError(f"--as: found '{options.meaning}', an unknown intent; {near}")
    chosen = []
    for number in options.numbers:
        if not 1 <= number <= len(misses):
            raise SettingsError(f"There is no sentence {number}; there are {len(misses)}.")
        chosen.append((misses[number - 1].text, misses[number - 1].state))
    path = add_own_examples(own_examples_folder(), options.meaning, chosen)
    yield f"{len(chosen)} added to {path}"
