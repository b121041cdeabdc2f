"""The user's own examples: sentences that the coach did not understand, and what they mean.

A file `examples/INTENT.yaml` in the user's folder holds sentences of one intent, in the form of the
shipped examples. Nothing is trained on them: a sentence much like one of them means the same. What
`massage misses` adds goes to `INTENT.misses.yaml`, so that it changes no file that a person wrote.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, Field

from assistant import understanding
from assistant.content.validation import load
from assistant.errors import ContentError, SettingsError
from assistant.files import write_whole
from assistant.nearest import offer
from assistant.understanding.intent import Intent


class OwnExample(BaseModel):
    """A sentence with slots; other fields of the shipped examples are allowed and ignored."""

    say: str = Field(min_length=1, description="the sentence")
    slots: dict[str, str | int | float] = Field(default={}, description="such as {seconds: 30}")


def _with_field(found: Any) -> Any:
    return {"say": found} if isinstance(found, str) else found


class ExampleFile(BaseModel):
    """Sentences that mean the intent after which the file is named."""

    examples: dict[str, tuple[Annotated[OwnExample, BeforeValidator(_with_field)], ...]] = Field(
        description="sentences by the state in which they are said, such as guiding"
    )


def read_own_examples(folder: Path) -> tuple[list[tuple[str, Intent]], list[str]]:
    """Return the sentences with what they mean, and what is wrong with files that are left out."""
    found: list[tuple[str, Intent]] = []
    problems: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            sentences = _sentences(_intent_of(path), load(path, ExampleFile))
        except ContentError as error:
            problems.append(str(error))
            continue
        if unknown := unknown_intent(path):
            problems.append(unknown)
        else:
            found += sentences
    return found, problems


def unknown_intent(path: Path) -> str:
    """Return what is wrong with the name of a file, "" if it is that of an intent."""
    name, known = _intent_of(path), intents()
    if name in known:
        return ""
    return f"{path}:1: file: found '{name}', an unknown intent; {offer(name, known)}"


def intents() -> list[str]:
    """Return the intents that there are examples of."""
    shipped = Path(understanding.__file__).parent / "examples" / "en" / "intents"
    return sorted(path.stem for path in shipped.glob("*.yaml"))


def add_own_examples(folder: Path, intent: str, said: Sequence[tuple[str, str]]) -> Path:
    """Add sentences, each with the state in which it was said; return the file.

    Raises ContentError if the file there is wrong, SettingsError if it cannot be written.
    """
    path = folder / f"{intent}.misses.yaml"
    kept = load(path, ExampleFile).examples if path.exists() else {}
    by_state = {state: list(there) for state, there in kept.items()}
    for text, state in said:
        there = by_state.setdefault(state, [])
        if text not in [each.say for each in there]:
            there.append(OwnExample(say=text))
    examples = {
        state: [each.model_dump() if each.slots else each.say for each in there]
        for state, there in by_state.items()
    }
    dumped = yaml.safe_dump({"examples": examples}, allow_unicode=True, sort_keys=True)
    if trouble := write_whole(path, f"# Written by `massage misses`.\n{dumped}".encode()):
        raise SettingsError(trouble)
    return path


def _intent_of(path: Path) -> str:
    return path.name.partition(".")[0]


def _sentences(intent: str, file: ExampleFile) -> Iterator[tuple[str, Intent]]:
    for said_there in file.examples.values():
        yield from ((each.say, Intent(intent, each.slots)) for each in said_there)
