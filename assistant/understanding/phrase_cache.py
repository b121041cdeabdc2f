"""The recognizer's phrases, kept on disk: finding them takes a second, reading them a moment.

Promises: what is read is what would be found, since the file holds a digest of everything that the
phrases depend on; a file that is damaged, cut short, or of other sentences is replaced; a folder
that cannot be written costs the second at every start and nothing else.
"""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from assistant import numbers
from assistant.files import read_file, write_whole
from assistant.folders import cache_folder
from assistant.understanding.grammar import Grammar
from assistant.understanding.interpreter import Interpreter
from assistant.understanding.templates import Templates

MOST_BYTES = 64 * 2**20
"""Of phrases: far more than any set of templates gives."""
_MODULES = (*sorted(Path(__file__).parent.glob("*.py")), Path(numbers.__file__))
"""Their text counts, so that nobody has to raise a version number after a change to one."""
_LIBRARIES = ("hassil", "unicode-rbnf")

PhrasesByState = Mapping[str, Sequence[str]]

_log = logging.getLogger(__name__)


def recall_phrases(
    interpreter: Interpreter, states: Sequence[str], path: Path | None = None
) -> None:
    """Give the grammars of `states` their phrases: read from `path`, or found and kept there."""
    path = path or default_path()
    basis = _basis_of(interpreter.templates, states)
    kept = _read(path, basis)
    if kept is not None:
        _log.info("phrases of %d states read from %s", len(states), path)
        for state in states:
            interpreter.grammar(state).phrases = tuple(kept[state])
        return
    found = {state: interpreter.grammar(state).phrases for state in states}
    trouble = write_whole(path, _written(found, basis))
    _log.info("phrases of %d states found; %s", len(states), trouble or f"kept in {path}")


def ready_grammars(interpreter: Interpreter, states: Sequence[str]) -> list[Grammar]:
    """Return the grammars of `states`, compiled, with their phrases."""
    recall_phrases(interpreter, states)
    interpreter.prepare()
    return [interpreter.grammar(state) for state in states]


def default_path() -> Path:
    """Return where the phrases are kept for this user."""
    return cache_folder() / "phrases.json"


def _basis_of(templates: Templates, states: Sequence[str]) -> str:
    """Return a digest of what the phrases of `states` depend on."""
    given = (templates.digest, templates.fillers, templates.connectors, tuple(states))
    code = [module.read_bytes() for module in _MODULES]
    versions = [version(library) for library in _LIBRARIES]
    return _digest(repr((given, code, versions)).encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _written(phrases: PhrasesByState, basis: str) -> bytes:
    """Return the file: a digest in front, then each phrase once, since the states share most."""
    places = {p: n for n, p in enumerate(dict.fromkeys(p for ps in phrases.values() for p in ps))}
    by_state = {state: [places[phrase] for phrase in ps] for state, ps in phrases.items()}
    body = json.dumps({"phrases": list(places), "states": by_state}).encode()
    return f"{_digest(basis.encode() + body)}\n".encode() + body


def _read(path: Path, basis: str) -> PhrasesByState | None:
    """Return what is kept, or None if it is not there, or not whole, or of another `basis`."""
    try:
        digest, _, body = read_file(path, MOST_BYTES).partition(b"\n")
    except OSError:
        return None
    if digest != _digest(basis.encode() + body).encode():
        return None
    kept = json.loads(body)
    phrases = kept["phrases"]
    return {state: [phrases[n] for n in places] for state, places in kept["states"].items()}
