"""`massage check`: says what is wrong in content files, line by line."""

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.commands.contract import Output
from assistant.commands.options import add_shared

ABOUT = "validate routines, techniques and files of sentences"


@dataclass(frozen=True)
class Options:
    """The files, and the folders whose files are meant."""

    paths: tuple[Path, ...]


def add_arguments(to: argparse.ArgumentParser) -> None:
    """Add the files and folders."""
    to.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="FILE-OR-FOLDER",
        help="a folder stands for its *.yaml files and those of its folder techniques",
    )
    add_shared(to)


def run(options: Options, out: Output) -> int:
    """Print every file's problems, or that it is good; 1 when there is a problem."""
    from assistant.library.check import Checker

    problems, paths = 0, list(_files(options.paths))
    checker = Checker(paths)
    for path in paths:
        found = [_empty(path)] if path.is_dir() else checker.check(path)
        problems += len(found)
        out.line("\n".join(found) if found else f"{path}: good")
    return 1 if problems else 0


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files that are meant; a folder without any is yielded itself."""
    for path in paths:
        inside = [*sorted(path.glob("*.yaml")), *sorted(path.glob("techniques/*.yaml"))]
        yield from inside if path.is_dir() and inside else [path]


def _empty(folder: Path) -> str:
    return f"{folder}: there are no *.yaml files in this folder; name a folder with routines."
