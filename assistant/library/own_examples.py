"""The user's own examples: sentences that the coach did not understand, and what they mean.

A file `examples/INTENT.yaml` in the user's folder holds sentences of one intent, in the form of the
shipped examples. Nothing is trained on them: a sentence much like one of them means the same.
"""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from assistant.content.reader import read_document
from assistant.errors import ContentError, SettingsError
from assistant.files import write_whole
from assistant.folders import config_folder
from assistant.understanding.intent import Intent, Slot

FOLDER = "examples"
_log = logging.getLogger(__name__)


def own_examples() -> list[tuple[str, Intent]]:
    """Return the user's own sentences with what they mean; a file that is wrong is left out."""
    found: list[tuple[str, Intent]] = []
    for path in sorted((config_folder() / FOLDER).glob("*.yaml")):
        try:
            data = read_document(path).data
        except ContentError as error:
            _log.warning("%s", error)
            continue
        found += _sentences(path.stem, data.get("examples", {}))
    return found


def add_own_examples(intent: str, said: Sequence[tuple[str, str]]) -> Path:
    """Add sentences, each with the state in which it was said; return the file.

    Raises ContentError if the file there is wrong, SettingsError if it cannot be written.
    """
    path = config_folder() / FOLDER / f"{intent}.yaml"
    examples: dict[str, list[object]] = {}
    if path.exists():
        kept = read_document(path).data.get("examples", {})
        examples = {state: list(lines) for state, lines in kept.items()}
    for text, state in said:
        lines = examples.setdefault(state, [])
        if text not in lines:
            lines.append(text)
    content = yaml.safe_dump({"examples": examples}, allow_unicode=True, sort_keys=True)
    if trouble := write_whole(path, content.encode()):
        raise SettingsError(trouble)
    return path


def _sentences(intent: str, examples: object) -> Iterator[tuple[str, Intent]]:
    if not isinstance(examples, dict):
        return
    for lines in examples.values():
        for line in lines if isinstance(lines, list) else ():
            said = line if isinstance(line, str) else line.get("say", "")
            slots: dict[str, Slot] = {} if isinstance(line, str) else line.get("slots", {})
            if said:
                yield said, Intent(intent, slots)
