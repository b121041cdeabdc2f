"""The recognizer's phrases, kept on disk: to find them takes a second, to read them a moment.

Promises: what is read is what would be found, since the file names everything that the phrases
depend on; one that is damaged, cut short, or of other sentences is replaced; a folder that cannot
be written costs the second at every start and nothing else.
"""

import hashlib
import inspect
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from assistant.files import write_whole
from assistant.understanding.grammar import Grammar
from assistant.understanding.interpreter import Interpreter
from assistant.understanding.normalize import words_of
from assistant.understanding.template_files import load_templates
from assistant.understanding.templates import Templates
from assistant.understanding.word_graph import Compiler

_FOUND_BY = (Grammar, Interpreter, Compiler, Templates, load_templates, words_of)
"""The text of their modules counts, so that nobody has to raise a number after a change to one."""
_LIBRARIES = ("hassil", "unicode-rbnf")

PhrasesByState = Mapping[str, Sequence[str]]
"""By state."""


def recall_phrases(
    interpreter: Interpreter, states: Sequence[str], path: Path | None = None
) -> None:
    """Give the grammars of `states` their phrases: read from `path`, or found and kept there."""
    path = path or default_path()
    known = _known_by(interpreter.templates, states)
    kept = _read(path, known)
    if kept is not None:
        for state in states:
            interpreter.grammar(state).phrases = tuple(kept[state])
        return
    found = {state: interpreter.grammar(state).phrases for state in states}
    write_whole(path, _written(found, known))  # else the cache of clips says what is wrong


def ready_grammars(interpreter: Interpreter, states: Sequence[str]) -> list[Grammar]:
    """Return the grammars of `states`, compiled, with their phrases."""
    recall_phrases(interpreter, states)
    interpreter.unfold()
    return [interpreter.grammar(state) for state in states]


def default_path() -> Path:
    """Return where the phrases are kept for this user."""
    from platformdirs import user_cache_path

    return user_cache_path("massage-assistant") / "phrases.json"


def _known_by(templates: Templates, states: Sequence[str]) -> str:
    """Return a digest of what the phrases of `states` depend on."""
    said = (templates.digest, templates.fillers, templates.connectors, tuple(states))
    code = [Path(inspect.getfile(found_by)).read_bytes() for found_by in _FOUND_BY]
    versions = [version(library) for library in _LIBRARIES]
    return _digest(repr((said, code, versions)).encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _written(phrases: PhrasesByState, known: str) -> bytes:
    """Return the file: a digest in front, then each phrase once, since the states share most."""
    numbers = {p: n for n, p in enumerate(dict.fromkeys(p for ps in phrases.values() for p in ps))}
    places = {state: [numbers[phrase] for phrase in ps] for state, ps in phrases.items()}
    body = json.dumps({"phrases": list(numbers), "states": places}).encode()
    return f"{_digest(known.encode() + body)}\n".encode() + body


def _read(path: Path, known: str) -> PhrasesByState | None:
    """Return what is kept, or None if it is not there, or not whole, or not known by `known`."""
    try:
        digest, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if digest != _digest(known.encode() + body).encode():
        return None
    kept = json.loads(body)
    phrases = kept["phrases"]
    return {state: [phrases[n] for n in numbers] for state, numbers in kept["states"].items()}
