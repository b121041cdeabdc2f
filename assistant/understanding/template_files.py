"""Loads hassil template files; refuses what is wrong in them, with the line on which it stands.

Every problem reads "path:line: field: found X; allowed: Y". A file is checked in three steps: its
form, then each template by itself, then that every {list} and <rule> exists and that no template
stands for more than can be heard.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hassil.parser import ParseError

from assistant.content.reader import read_document
from assistant.content.validation import field_of, shown, validate
from assistant.errors import ContentError
from assistant.understanding.template_bounds import check_bounds
from assistant.understanding.template_references import check_references
from assistant.understanding.template_schema import FileForm, TemplateFile
from assistant.understanding.templates import ListValues, SentenceGroup, Templates

if TYPE_CHECKING:
    from hassil.intents import Intents

SENTENCES = Path(__file__).parent / "sentences" / "en"
"""What users of the massage coach may say."""
_UNSOUND = (ParseError, AssertionError)
"""What hassil raises for a template that does not parse."""
_ALLOWED = "words, (a|b), [optional], {list}, <rule>, (a;b)"


def load_templates(
    paths: Sequence[Path], lists: Mapping[str, ListValues] | None = None
) -> Templates:
    """Read and merge hassil files; `lists` adds slot lists, or values to those of that name.

    Raises ContentError, with one problem a line, for files that cannot be read, are not YAML or
    are not sound.
    """
    from hassil.intents import TextSlotList
    from hassil.util import merge_dict

    lists = lists or {}
    files = [read_template_file(path) for path in paths]
    digest = _digest([file.document.data for file in files], lists)
    merged: dict[str, Any] = {"language": "en", "intents": {}}
    for file in files:
        merge_dict(merged, file.document.data)  # changes the first file's data, but no form
    intents = _parse(merged, files)
    for name, values in lists.items():
        more = TextSlotList.from_tuples(values, allow_template=True, name=name)
        written = intents.slot_lists.get(name)
        if isinstance(written, TextSlotList):
            more.values[:0] = written.values
        intents.slot_lists[name] = more
    check_references(files, intents)
    check_bounds(files, lists.keys())
    return Templates(
        groups=tuple(
            SentenceGroup(intent.name, data)
            for intent in intents.intents.values()
            for data in intent.data
        ),
        lists=intents.slot_lists,
        rules=intents.expansion_rules,
        fillers=tuple(intents.skip_words),
        connectors=tuple(merged.get("connectors", ())),
        corrections=tuple(merged.get("corrections", ())),
        denials=tuple(merged.get("denials", ())),
        negators=tuple(merged.get("negators", ())),
        answers=tuple(merged.get("answers", ())),
        usual_state=merged.get("usual_state"),
        risky=frozenset(merged.get("risky", ())),
        language=intents.language,
        digest=digest,
    )


def read_template_file(path: Path) -> TemplateFile:
    """Read a file and check its form; raises ContentError."""
    document = read_document(path)
    return TemplateFile(document, validate(document, FileForm))


def _digest(contents: Sequence[Any], lists: Mapping[str, ListValues]) -> str:
    values = {name: list(of_list) for name, of_list in lists.items()}
    return hashlib.sha256(repr((contents, values)).encode()).hexdigest()


def _parse(merged: Mapping[str, Any], files: Sequence[TemplateFile]) -> "Intents":
    from hassil.intents import Intents

    try:
        intents = Intents.from_dict(dict(merged))
        for intent in intents.intents.values():
            for data in intent.data:
                _ = data.sentences  # parsed here and kept
    except _UNSOUND:
        # Parsing each template by itself finds the place. To begin with that would double the time.
        problems = [problem for file in files for problem in _unsound_templates(file)]
        if not problems:
            raise
        raise ContentError("\n".join(problems)) from None
    return intents


def _unsound_templates(file: TemplateFile) -> Iterator[str]:
    from hassil.parse_expression import parse_sentence

    for place, text in file.templates():
        try:
            parse_sentence(text)
        except _UNSOUND:
            found = f"found {shown(text)}, which does not parse"
            yield file.document.problem(place, f"{field_of(place)}: {found}; allowed: {_ALLOWED}")
