"""The routines and techniques there are: the shipped ones and those in the user's own folder.

Promises: naming the routines is quick, because files are only listed at first and each is read when
it is asked for. A broken routine of the user's does not take the others with it: it is left out,
and `problems` says why.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant._resources import resource
from assistant.content.reader import read_document
from assistant.errors import ContentError, UnknownRoutine
from assistant.folders import config_folder
from assistant.nearest import nearest

# What imports pydantic is imported where it is needed: `massage list` must not wait for it.
if TYPE_CHECKING:
    from assistant.routine.narration_schema import NarrationTemplates
    from assistant.routine.plan import Plan
    from assistant.routine.restrictions import Restrictions
    from assistant.routine.routine_schema import Routine
    from assistant.routine.schema import Technique

RESERVED = frozenset({"concerns", "areas", "health", "narration", "safety", "sources", "knowledge"})
"""Names of content files that are not routines."""


def own_folder() -> Path:
    """Return where the user's own routines are, or would be."""
    return config_folder() / "routines"


def routine_folders() -> list[Path]:
    """Return the shipped folder and, if it exists, the user's own."""
    own = own_folder()
    return [resource("routines"), own] if own.is_dir() else [resource("routines")]


def technique_names(folders: Iterable[Path]) -> set[str]:
    """Return the identifiers of all techniques in `folders`, which need not exist."""
    return {path.stem for folder in folders for path in folder.glob("*.yaml")}


def own_examples_folder() -> Path:
    """Return where the user's own examples are, or would be."""
    return config_folder() / "examples"


def load_library() -> "Library":
    """Return the library of the shipped routines and the user's own."""
    return Library(routine_folders())


def problems_of_own_files(library: "Library") -> tuple[str, ...]:
    """Return why files of the user's are left out, a sentence for each file."""
    folder = own_examples_folder()
    if not folder.is_dir():
        return library.problems
    from assistant.library.own_examples import read_own_examples

    return (*library.problems, *read_own_examples(folder)[1])


@dataclass(frozen=True, slots=True)
class RoutineListing:
    """A routine as it is listed."""

    identifier: str
    title: str
    summary: str


class Library:
    """Routines by identifier: the file name without .yaml.

    Where two folders have a file of the same name, that of the first folder counts, so that a file
    of the user's never replaces a shipped routine unnoticed.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._technique_folders = [folder / "techniques" for folder in folders]
        self._paths: dict[str, Path] = {}
        self._loaded: dict[str, Routine] = {}
        self._folders = list(folders)
        self._problems: list[str] = []
        for path in (path for folder in folders for path in sorted(folder.glob("*.yaml"))):
            if path.stem in self._paths:
                self._problems.append(
                    f"{path}:1: file: found a second '{path.stem}'; allowed: another file name"
                )
            elif path.stem not in RESERVED:
                self._paths[path.stem] = path

    @property
    def names(self) -> frozenset[str]:
        """The identifiers of all routines, including those with a broken file."""
        return frozenset(self._paths)

    def entries(self) -> list[RoutineListing]:
        """List the routines within milliseconds: of shipped files only what is listed is read."""
        shipped = resource("routines")
        entries = []
        for identifier, path in self._paths.items():
            if path.parent == shipped or identifier in self.routines:
                data = read_document(path).data
                entries.append(RoutineListing(identifier, data["title"], data["summary"]))
        return entries

    @cached_property
    def routines(self) -> Mapping[str, "Routine"]:
        """All routines that can be used, by identifier: the shipped ones first, by name."""
        usable: dict[str, Routine] = {}
        for identifier in self._paths:
            try:
                usable[identifier] = self._load(identifier)
            except ContentError as error:
                self._problems.append(str(error))
        return usable

    @property
    def problems(self) -> tuple[str, ...]:
        """Why files are left out, a sentence for each file; none where all files are shipped."""
        if self._folders != [resource("routines")]:
            _ = self.routines, self.techniques, self.own_areas  # which finds them
        return tuple(self._problems)

    @cached_property
    def techniques(self) -> Mapping[str, "Technique"]:
        """All techniques that can be used, by identifier; `problems` tells of the others."""
        from assistant.content.validation import load
        from assistant.library.review import unknown_areas
        from assistant.routine.schema import AREAS, Technique

        techniques: dict[str, Technique] = {}
        known = AREAS | self.own_areas.keys()
        for folder in self._technique_folders:
            for path in sorted(folder.glob("*.yaml")):
                try:
                    technique = load(path, Technique)
                    for objection in unknown_areas(technique, known):
                        raise ContentError(read_document(path).problem(*objection))
                    techniques.setdefault(path.stem, technique)
                except ContentError as error:
                    self._problems.append(str(error))
        return techniques

    @cached_property
    def own_areas(self) -> Mapping[str, Sequence[str]]:
        """The areas that `areas.yaml` files declare, each with the templates that name it."""
        from assistant.content.validation import load
        from assistant.routine.schema import Areas

        areas: dict[str, Sequence[str]] = {}
        for path in (folder / "areas.yaml" for folder in self._folders):
            try:
                areas |= load(path, Areas).areas if path.exists() else {}
            except ContentError as error:
                self._problems.append(str(error))
        return areas

    @cached_property
    def narration(self) -> "NarrationTemplates":
        """The templates from which narration is composed; raises ContentError if they are wrong."""
        from assistant.library.shipped import load_narration

        return load_narration()

    def routine(self, identifier: str) -> "Routine":
        """Return one routine.

        Raises UnknownRoutine, which offers the nearest, or ContentError if its file is wrong.
        """
        if identifier not in self._paths:
            raise UnknownRoutine(f"There is no routine '{identifier}'. {self._nearest(identifier)}")
        return self._load(identifier)

    def plan(
        self,
        identifier: str,
        minutes: float | None = None,
        tools: Collection[str] | None = None,
        restrictions: "Restrictions | None" = None,
        preferred: str = "",
    ) -> "Plan":
        """Make a routine ready for `minutes`, `tools`, health and a tool to use where possible.

        Raises what `routine` raises, UnknownTool, and PlanRefused with the reasons.
        """
        from assistant.routine.planner import plan
        from assistant.routine.tools import known_tools

        return plan(
            identifier,
            self.routine(identifier),
            self.techniques,
            self.narration,
            minutes=minutes,
            tools=None if tools is None else known_tools(tools),
            restrictions=restrictions,
            preferred=preferred,
        )

    def heard_as(self) -> list[tuple[str, str]]:
        """Return every template by which a routine is asked for, with the routine's identifier."""
        return [
            (template, identifier)
            for identifier, routine in self.routines.items()
            for template in routine.heard_as
        ]

    def own_areas_heard_as(self) -> list[tuple[str, str]]:
        """Return every template that names an area of the user's own, with the area."""
        return [(template, area) for area, said in self.own_areas.items() for template in said]

    def _load(self, identifier: str) -> "Routine":
        from assistant.content.validation import load
        from assistant.library.review import unknown_techniques
        from assistant.routine.routine_schema import Routine

        if identifier not in self._loaded:
            path = self._paths[identifier]
            routine = load(path, Routine)
            for objection in unknown_techniques(routine, self.techniques.keys()):
                raise ContentError(read_document(path).problem(*objection))
            self._loaded[identifier] = routine
        return self._loaded[identifier]

    def _nearest(self, wanted: str) -> str:
        titles = ((routine.title, identifier) for identifier, routine in self.routines.items())
        names = [*((name, name) for name in self._paths), *titles, *self.heard_as()]
        if near := nearest(wanted, names, limit=3):
            return f"Did you mean {' or '.join(near)}?"
        return f"There are {', '.join(self._paths)}."
