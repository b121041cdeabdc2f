"""A case: one odd file, and where it stands. Kept as the file itself, or as a recipe for it.

In `tests/fuzz/TARGET/`, `NAME.seed` is the file, byte by byte. `NAME.recipe` is a few lines of TOML
that make it, for a file that would be large, or that is no file:

    file = "graph/HCLr.fst"         # which of the target's files; needed where there are several
    kind = "fifo"                   # or folder, missing, loop, or a device; left out for a file
    parts = [["title: ", 1], ["[", 50000]]                   # texts, each with how often it stands
    levels = ["a{n}: &m{n} [*m{before}]", 24]                # then a row for each number from 1
    edits = [["cut", 0.9], ["change", 200, 7], ["blank"]]    # of the shipped file, instead
"""

import gzip
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

KEPT_IN = Path(__file__).parent
KINDS = ("fifo", "folder", "missing", "loop", "/dev/zero", "/dev/full", "nowhere")
"""What can stand in the place of a file."""
MOST_KEPT = 20_000
"""Bytes of a failure that is kept as it is; above that it is packed."""


@dataclass(frozen=True)
class Case:
    """One odd file."""

    file: str
    """Where it stands, below the folder of the run."""
    content: bytes = b""
    kind: str = ""
    """One of KINDS, instead of a file."""
    recipe: str = ""
    """How to make it again, where `content` is too large to keep."""

    def put(self, root: Path) -> Path:
        """Put it in its place, instead of what is there; return the path."""
        path = root / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        if self.kind == "fifo":
            os.mkfifo(path)
        elif self.kind == "folder":
            path.mkdir()
        elif self.kind == "loop":
            path.symlink_to(path)
        elif self.kind == "nowhere":
            path.symlink_to(root / "nowhere")
        elif self.kind.startswith("/dev/"):
            path.symlink_to(self.kind)
        elif self.kind != "missing":
            path.write_bytes(self.content)
        return path


def kept_cases(target: str) -> list[Path]:
    """Return the files of the cases that are kept for a target, by name."""
    return sorted(
        p for p in (KEPT_IN / target).rglob("*") if p.suffix in (".seed", ".recipe", ".gz")
    )


def read_case(path: Path, files: Mapping[str, Sequence[bytes]]) -> Case:
    """Read a kept case of a target with these files: each place with the contents to begin from."""
    if path.suffix == ".recipe":
        recipe = path.read_text("utf-8")
        return cooked(recipe, files)
    # Where a target has several files, the folder is named like the one that is odd.
    file = _place(path.parent.name, files)
    content = path.read_bytes()
    return Case(file, gzip.decompress(content) if path.suffix == ".gz" else content)


def keep(case: Case, target: str, name: str, *, folders: bool) -> Path:
    """Keep a case under a name; with `folders`, in one named like the file that is odd."""
    folder = KEPT_IN / target
    if case.kind and not case.recipe:
        case = Case(case.file, kind=case.kind, recipe=written(case.file, kind=case.kind))
    if case.recipe:
        path, content = folder / f"{name}.recipe", case.recipe.encode()
    else:
        folder = folder / Path(case.file).name if folders else folder
        large = len(case.content) > MOST_KEPT
        path = folder / f"{name}.{'gz' if large else 'seed'}"
        content = gzip.compress(case.content, mtime=0) if large else case.content
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def written(file: str, kind: str = "", edits: Sequence[Sequence[object]] = ()) -> str:
    """Return the recipe for something in the place of `file`, or for edits of it."""
    rows = [f'file = "{file}"']
    rows += [f'kind = "{kind}"'] if kind else []
    shown = [f"[{', '.join(_toml(part) for part in edit)}]" for edit in edits]
    rows += [f"edits = [{', '.join(shown)}]"] if edits else []
    return "\n".join(rows) + "\n"


def cooked(recipe: str, files: Mapping[str, Sequence[bytes]]) -> Case:
    """Make the case that a recipe describes."""
    read = tomllib.loads(recipe)
    file = _place(read.get("file", ""), files)
    content = "".join(text * times for text, times in read.get("parts", ())).encode()
    if "levels" in read:
        row, count = read["levels"]
        levels = range(1, count + 1)
        content += "".join(
            row.replace("{n}", str(n)).replace("{before}", str(n - 1)) + "\n" for n in levels
        ).encode()
    if "edits" in read:
        content = _edited(files[file][0], read["edits"])
    return Case(file, content, read.get("kind", ""), recipe)


def _edited(content: bytes, edits: Sequence[Sequence[Any]]) -> bytes:
    """Apply edits: `cut` to a share, `change` so many bytes with a seed, `blank` to spaces."""
    for what, *how in edits:
        if what == "cut":
            content = content[: round(len(content) * how[0])]
        elif what == "blank":
            content = b" " * len(content)
        elif what == "change":
            count, seed = how
            random, changed = Random(seed), bytearray(content)
            for _ in range(count):
                changed[random.randrange(len(changed))] = random.randrange(256)
            content = bytes(changed)
        else:
            raise ValueError(f"unknown edit {what}")
    return content


def _place(name: str, files: Mapping[str, Sequence[bytes]]) -> str:
    """Return the place of the target's file that is called so; there may be only one."""
    if len(files) == 1:
        return next(iter(files))
    return next(place for place in files if place == name or place.endswith(f"/{name}"))


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
