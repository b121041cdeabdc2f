"""Checks content files of any kind, and tells their authors line by line what is wrong.

Promises: a routine that passes can be shown and played. What is wrong in a file that many depend
on is told once.
"""

from collections.abc import Iterable
from os.path import realpath
from pathlib import Path

from pydantic import BaseModel

from assistant._resources import resource
from assistant.content.reader import Document, read_document
from assistant.content.validation import load, validate
from assistant.errors import ContentError, PlanRefused
from assistant.library.library import (
    Library,
    own_examples_folder,
    routine_folders,
    technique_names,
)
from assistant.library.own_examples import ExampleFile, unknown_intent
from assistant.library.passing_check import (
    holds_sentences,
    objections_to_sentences,
    objections_to_templates,
)
from assistant.library.review import Known, objections
from assistant.library.shipped import load_sources
from assistant.routine.concerns import Concerns
from assistant.routine.health import Health
from assistant.routine.knowledge import Knowledge
from assistant.routine.narration_schema import NarrationTemplates
from assistant.routine.planner import plan
from assistant.routine.routine_schema import Routine
from assistant.routine.safety import Safety
from assistant.routine.schema import AREAS, Areas, Sources, Technique


def check_file(path: Path) -> list[str]:
    """Return what is wrong with one content file, see `Checker.check`."""
    return Checker([path]).check(path)


class Checker:
    """Checks several files, the `paths`.

    A routine may use the shipped techniques, those in the user's own folder, and those in a folder
    `techniques` next to it. It may cite the shipped sources and those in a `sources.yaml` next to
    it, so that somebody can write a collection anywhere; likewise `areas.yaml` declares areas.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._told = set(map(realpath, paths))  # which, unlike `resolve`, takes links in a circle
        """Files whose problems are told under their own name."""
        self._collections: dict[Path, _Collection] = {}

    def check(self, path: Path) -> list[str]:
        """Return what is wrong with `path`, a sentence each: "path:line: field: found X; …".

        That includes what is wrong in the files that it depends on and that are not checked
        themselves, unless it has been told before.
        """
        folder = path.parent.parent if path.parent.name == "techniques" else path.parent
        try:
            document = read_document(path)
            if holds_sentences(document):
                return [document.problem(*each) for each in objections_to_sentences(path)]
            content = validate(document, _model_for(document))
        except ContentError as error:
            return str(error).split("\n")
        if folder not in self._collections:
            self._collections[folder] = _Collection(folder)
        collection = self._collections[folder]
        found = [document.problem(*each) for each in objections(content, collection.known)]
        if isinstance(content, ExampleFile) and (unknown := unknown_intent(path)):
            found.append(unknown)
        found += [document.problem(*each) for each in objections_to_templates(content)]
        found += _taken_name(path, content)
        found += [text for file in collection.shared for text in self._once(file)]
        if isinstance(content, Routine):
            broken = collection.broken & {step.use for step in content.steps}
            own = [folder / "techniques" / f"{name}.yaml" for name in sorted(broken)]
            found += [text for file in own if file.exists() for text in self._once(file)]
            found += [] if found or broken else _refusal(document, content, collection.library)
        return found

    def _once(self, path: Path) -> list[str]:
        """Return what is wrong with a file on which others depend, but only the first time."""
        if realpath(path) in self._told:
            return []
        self._told.add(realpath(path))
        return self.check(path)


class _Collection:
    """A folder with routines, and all that they may use."""

    def __init__(self, folder: Path) -> None:
        known_folders = [each.resolve() for each in routine_folders()]
        own = [] if folder.resolve() in known_folders else [folder]
        folders = [*routine_folders(), *own]
        self.library = Library(folders)
        names = technique_names(each / "techniques" for each in folders)
        self.broken = names - self.library.techniques.keys()
        """Techniques whose file is wrong."""
        of_its_own = (folder / name for name in ("areas.yaml", "sources.yaml"))
        self.shared = [path for path in of_its_own if path.is_file()]
        """Files on which all of the folder's depend."""
        self.known = Known(
            techniques=self.library.techniques,
            technique_names=names,
            areas=AREAS | self.library.own_areas.keys(),
            sources=_sources(folder / "sources.yaml"),
        )


def _sources(own: Path) -> set[str] | None:
    """Return the keys of the shipped sources and of an author's own; None if those are broken."""
    try:
        return {*load_sources().sources, *(load(own, Sources).sources if own.is_file() else ())}
    except ContentError:
        return None


def _refusal(document: Document, routine: Routine, library: Library) -> list[str]:
    """Object to a routine of which no massage can be made, although each part of it is right."""
    try:
        plan(document.path.stem, routine, library.techniques, library.narration)
    except PlanRefused as refusal:
        found = f"steps: found what cannot be done: {refusal}"
        return [document.problem(("steps",), f"{found}; allowed: a massage that can be shown")]
    return []


def _taken_name(path: Path, content: BaseModel) -> list[str]:
    """Object to a user's routine or technique with a shipped one's name: it is never used.

    A technique that was copied with a collection and not changed is as good as the shipped one.
    """
    kinds = {Routine: ("massage", path.name), Technique: ("technique", f"techniques/{path.name}")}
    kind, name = kinds.get(type(content), ("", ""))
    shipped = resource("routines") / name
    if not kind or not shipped.exists() or shipped.samefile(path):
        return []
    if isinstance(content, Routine) or content != load(shipped, Technique):
        return [
            f"{path}:1: file: found the name of a shipped {kind}, '{path.stem}'; "
            "allowed: another file name"
        ]
    return []


def _model_for(document: Document) -> type[BaseModel]:
    """Tell from its folder, its fields or its name what the file is meant to be."""
    path, data = document.path.resolve(), document.data
    if path.parent == own_examples_folder().resolve():
        return ExampleFile
    if path.parent.name == "techniques" or ("stroke" in data and "steps" not in data):
        return Technique
    only_one: dict[str, type[BaseModel]] = {
        "concerns": Concerns,
        "areas": Areas,
        "narration": NarrationTemplates,
        "health": Health,
        "knowledge": Knowledge,
        "safety": Safety,
        "sources": Sources,
    }
    return only_one.get(path.stem, Routine)
