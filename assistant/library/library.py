"""The routines and techniques there are: the shipped ones and those in the user's own folder.

File names are listed at once and files are read when they are asked for, so that naming the
routines is quick. One broken file of the user's does not silence the rest: it is left out, told in
`problems`, and raises ContentError only when asked for by name.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant._resources import resource
from assistant.content.reader import read_document
from assistant.errors import ContentError, UnknownRoutine
from assistant.nearest import nearest

if TYPE_CHECKING:
    from assistant.routine.narration import NarrationTemplates
    from assistant.routine.plan import Plan
    from assistant.routine.restrictions import Restrictions
    from assistant.routine.schema import Routine, Technique

RESERVED = frozenset({"health", "narration", "safety", "sources", "knowledge"})
"""Names of content files that are no routines."""


def own_folder() -> Path:
    """Return where the user's own routines are, or would be."""
    from platformdirs import user_config_path

    return user_config_path("massage-assistant") / "routines"


def routine_folders() -> list[Path]:
    """Return the shipped folder and, if it exists, the user's own."""
    own = own_folder()
    return [resource("routines"), own] if own.is_dir() else [resource("routines")]


def technique_names(folders: Iterable[Path]) -> set[str]:
    """Return the identifiers of all techniques in `folders`; one that is missing has none."""
    return {path.stem for folder in folders for path in folder.glob("*.yaml")}


def load_library(folders: Sequence[Path] | None = None) -> "Library":
    """Return the library of `folders`, or of the shipped and the user's own."""
    return Library(routine_folders() if folders is None else folders)


@dataclass(frozen=True, slots=True)
class RoutineListing:
    """A routine as it is listed."""

    identifier: str
    title: str
    summary: str


class Library:
    """Routines by identifier; where two folders have the same name, the first one wins."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._technique_folders = [folder / "techniques" for folder in folders]
        self._paths: dict[str, Path] = {}
        self._read_already: dict[str, Routine] = {}
        self._doubles: list[str] = []
        self._problems: list[str] = []
        for folder in folders:
            for path in sorted(folder.glob("*.yaml")):
                if path.stem in RESERVED:
                    continue
                if path.stem in self._paths:
                    self._doubles.append(
                        f"{path}:1: file: found a second '{path.stem}'; allowed: another file name"
                    )
                self._paths.setdefault(path.stem, path)

    @property
    def names(self) -> frozenset[str]:
        """The identifiers of all routines, those with a broken file too."""
        return frozenset(self._paths)

    def entries(self) -> list[RoutineListing]:
        """List the routines within milliseconds; only what is listed of them is looked at."""
        entries = []
        for identifier, path in self._paths.items():
            try:
                data = read_document(path).data
            except ContentError:
                continue
            title, summary = data.get("title"), data.get("summary")
            if isinstance(title, str) and isinstance(summary, str):
                entries.append(RoutineListing(identifier, title, summary))
        return entries

    @cached_property
    def routines(self) -> Mapping[str, "Routine"]:
        """All routines that can be used, by identifier: the shipped ones first, by name."""
        read: dict[str, Routine] = {}
        for identifier in self._paths:
            try:
                read[identifier] = self._read(identifier)
            except ContentError as error:
                self._problems.append(str(error))
        return read

    @property
    def doubles(self) -> tuple[str, ...]:
        """Which files are left out because their name is taken, a sentence each; known at once."""
        return tuple(self._doubles)

    @property
    def problems(self) -> tuple[str, ...]:
        """Why files were left out of `routines`, a sentence each."""
        _ = self.routines
        return (*self._doubles, *self._problems)

    @cached_property
    def techniques(self) -> Mapping[str, "Technique"]:
        """All techniques by identifier; raises ContentError if one is wrong."""
        from assistant.content.validation import load
        from assistant.routine.schema import Technique

        read: dict[str, Technique] = {}
        for folder in self._technique_folders:
            for path in sorted(folder.glob("*.yaml")):
                read.setdefault(path.stem, load(path, Technique))
        return read

    @cached_property
    def phrases(self) -> "NarrationTemplates":
        """The words that narration is composed with."""
        from assistant.content.validation import load
        from assistant.routine.narration import NarrationTemplates

        return load(resource("routines") / "narration.yaml", NarrationTemplates)

    def routine(self, identifier: str) -> "Routine":
        """Return one routine.

        Raises UnknownRoutine, which offers the nearest, or ContentError if its file is wrong.
        """
        if identifier not in self._paths:
            raise UnknownRoutine(f"There is no routine '{identifier}'. {self._nearest(identifier)}")
        return self._read(identifier)

    def plan(
        self,
        identifier: str,
        minutes: float | None = None,
        tools: Collection[str] | None = None,
        restrictions: "Restrictions | None" = None,
    ) -> "Plan":
        """Make a routine ready for `minutes`, `tools` and what health leaves out.

        Raises what `routine` raises, UnknownTool, and PlanRefused with the reasons.
        """
        from assistant.routine.planner import plan
        from assistant.routine.tools import known_tools

        return plan(
            identifier,
            self.routine(identifier),
            self.techniques,
            self.phrases,
            minutes=minutes,
            tools=None if tools is None else known_tools(tools),
            restrictions=restrictions,
        )

    def heard_as(self) -> list[tuple[str, str]]:
        """Return every template by which a routine is asked for, with the routine's identifier."""
        return [
            (template, identifier)
            for identifier, routine in self.routines.items()
            for template in routine.heard_as
        ]

    def _read(self, identifier: str) -> "Routine":
        if identifier not in self._read_already:
            self._read_already[identifier] = self._read_anew(identifier)
        return self._read_already[identifier]

    def _read_anew(self, identifier: str) -> "Routine":
        from assistant.content.validation import load
        from assistant.library.review import unknown_techniques
        from assistant.routine.schema import Routine

        path = self._paths[identifier]
        routine = load(path, Routine)
        for objection in unknown_techniques(routine, technique_names(self._technique_folders)):
            raise ContentError(read_document(path).problem(*objection))
        return routine

    def _nearest(self, wanted: str) -> str:
        titles = ((routine.title, identifier) for identifier, routine in self.routines.items())
        names = [*((name, name) for name in self._paths), *titles, *self.heard_as()]
        if near := nearest(wanted, names, limit=3):
            return f"Did you mean {' or '.join(near)}?"
        return f"There are {', '.join(self._paths)}."
