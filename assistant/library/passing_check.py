"""Objects to what could be said in passing, in content files and in files of sentences.

A file of sentences is checked as it is used: the shipped ones all together, any other alone.
"""

from collections.abc import Iterator
from pathlib import Path

from hassil.parse_expression import parse_sentence
from pydantic import BaseModel

from assistant.content.reader import Document, FieldPath
from assistant.library.library import load_library
from assistant.library.review import Objection
from assistant.library.shipped import load_health, load_knowledge
from assistant.routine.health import Health
from assistant.routine.knowledge import Knowledge
from assistant.routine.routine_schema import Routine
from assistant.understanding.telling_words import objection, untold, untold_sentences
from assistant.understanding.template_files import (
    SENTENCES,
    load_templates,
    read_template_file,
)

_SENTENCE_FIELDS = {"intents", "expansion_rules", "skip_words"}


def holds_sentences(document: Document) -> bool:
    """Tell from its fields whether a file is one of sentences."""
    return not _SENTENCE_FIELDS.isdisjoint(document.data)


def objections_to_sentences(path: Path) -> Iterator[Objection]:
    """Yield what to object to in a file of sentences; raises ContentError if it cannot be used."""
    made = {
        "topic": load_knowledge().heard_as(),
        "condition": load_health().heard_as(),
        "routine": load_library().heard_as(),
    }
    shipped = path.resolve().parent == SENTENCES.resolve()
    used = (
        load_templates(sorted(SENTENCES.glob("*.yaml")), made)
        if shipped
        else load_templates([path])
    )
    yield from untold_sentences(read_template_file(path), used, made)


def objections_to_templates(content: BaseModel) -> Iterator[Objection]:
    """Yield an objection for each way to ask in passing for what is in `content`."""
    match content:
        case Routine():
            owners: list[tuple[FieldPath, tuple[str, ...]]] = [((), content.heard_as)]
        case Health():
            owners = [(("conditions", n), each.heard_as) for n, each in content.conditions.items()]
        case Knowledge():
            owners = [(("questions", n), each.heard_as) for n, each in content.questions.items()]
        case _:
            owners = []
    for place, templates in owners:
        for index, template in enumerate(templates):
            if (remains := untold(parse_sentence(template))) is not None:
                yield (*place, "heard_as", index), objection("heard_as", template, remains)
