"""Checks a content file, of whatever kind, and says what a person must mend, line by line."""

from collections.abc import Collection
from pathlib import Path

from pydantic import BaseModel

from assistant._resources import resource
from assistant.content.reader import Document, read_document
from assistant.content.validation import load, validate
from assistant.errors import ContentError
from assistant.library.library import routine_folders, technique_names
from assistant.library.review import objections
from assistant.routine.health import Health
from assistant.routine.knowledge import Knowledge
from assistant.routine.narration_schema import NarrationTemplates
from assistant.routine.safety import Safety
from assistant.routine.schema import Routine, Sources, Technique


def check_file(path: Path, technique_folders: Collection[Path] | None = None) -> list[str]:
    """Return what is wrong with a content file; an empty list if nothing is.

    A routine may use the shipped techniques, those of the user's own folder, and those in a folder
    `techniques` beside it; `technique_folders` replaces the first two. Sources are those shipped
    and those in a file `sources.yaml` beside it.
    """
    if technique_folders is None:
        technique_folders = [folder / "techniques" for folder in routine_folders()]
    beside = path.parent.parent if path.parent.name == "techniques" else path.parent
    try:
        document = read_document(path)
        content = validate(document, _model_for(document))
        techniques = technique_names([beside / "techniques", *technique_folders])
        found = list(objections(content, techniques, _sources(beside)))
    except ContentError as error:
        return str(error).split("\n")
    return [*_taken_name(path, content), *(document.problem(*objection) for objection in found)]


def _sources(beside: Path) -> set[str]:
    """Return the keys of the shipped sources and of those in the folder `beside`."""
    files = {resource("routines") / "sources.yaml", beside / "sources.yaml"}
    return {key for file in files if file.is_file() for key in load(file, Sources).sources}


def _taken_name(path: Path, content: BaseModel) -> list[str]:
    """Object to a routine of the user's own that is called like a shipped one."""
    shipped = resource("routines") / path.name
    if isinstance(content, Routine) and shipped.exists() and not shipped.samefile(path):
        return [
            f"{path}:1: file: found the name of a shipped massage, '{path.stem}'; "
            "allowed: another file name"
        ]
    return []


def _model_for(document: Document) -> type[BaseModel]:
    """Tell from its name and its fields what the file is meant to be."""
    path, data = document.path.resolve(), document.data
    if path.parent.name == "techniques" or ("stroke" in data and "steps" not in data):
        return Technique
    singular: dict[str, type[BaseModel]] = {
        "narration": NarrationTemplates,
        "health": Health,
        "knowledge": Knowledge,
        "safety": Safety,
        "sources": Sources,
    }
    return singular.get(path.stem, Routine)
