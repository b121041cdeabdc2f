"""Checks a content file of any kind, and tells its author line by line what is wrong."""

from pathlib import Path

from pydantic import BaseModel

from assistant._resources import resource
from assistant.content.reader import Document, read_document
from assistant.content.validation import load, validate
from assistant.errors import ContentError
from assistant.library.library import routine_folders, technique_names
from assistant.library.review import objections
from assistant.library.shipped import load_sources
from assistant.routine.health import Health
from assistant.routine.knowledge import Knowledge
from assistant.routine.narration_schema import NarrationTemplates
from assistant.routine.safety import Safety
from assistant.routine.schema import Routine, Sources, Technique


def check_file(path: Path) -> list[str]:
    """Return what is wrong with a content file, a sentence each: "path:line: field: found X; …".

    A routine may use the shipped techniques, those in the user's own folder, and those in a folder
    `techniques` next to it. It may cite the shipped sources and those in a `sources.yaml` next to
    it, so that somebody can write a collection anywhere.
    """
    folder = path.parent.parent if path.parent.name == "techniques" else path.parent
    try:
        document = read_document(path)
        content = validate(document, _model_for(document))
        folders = [folder, *routine_folders()]
        techniques = technique_names(each / "techniques" for each in folders)
        found = list(objections(content, techniques, _sources(folder)))
    except ContentError as error:
        return str(error).split("\n")
    return [*_taken_name(path, content), *(document.problem(*objection) for objection in found)]


def _sources(folder: Path) -> set[str]:
    """Return the keys of the shipped sources and of those in `folder`."""
    own = folder / "sources.yaml"
    return {*load_sources().sources, *(load(own, Sources).sources if own.is_file() else ())}


def _taken_name(path: Path, content: BaseModel) -> list[str]:
    """Object to a user's routine with the name of a shipped one: it would never be used."""
    shipped = resource("routines") / path.name
    if isinstance(content, Routine) and shipped.exists() and not shipped.samefile(path):
        return [
            f"{path}:1: file: found the name of a shipped massage, '{path.stem}'; "
            "allowed: another file name"
        ]
    return []


def _model_for(document: Document) -> type[BaseModel]:
    """Tell from its folder, its fields or its name what the file is meant to be."""
    path, data = document.path.resolve(), document.data
    if path.parent.name == "techniques" or ("stroke" in data and "steps" not in data):
        return Technique
    only_one: dict[str, type[BaseModel]] = {
        "narration": NarrationTemplates,
        "health": Health,
        "knowledge": Knowledge,
        "safety": Safety,
        "sources": Sources,
    }
    return only_one.get(path.stem, Routine)
