"""What is said in the benchmark: commands with their meanings, and everything that is none.

Whatever is chosen is chosen by a hash of the words, so that the same sentences are used in every
run, and a sentence more changes nothing about the others. The sentences fall into two halves:
thresholds are chosen on one, the other is reported.

Lists in ../shared, next to the checkout, are used if they are there.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

from assistant.library.library import load_library
from assistant.routine.plan import SpokenLine
from assistant.understanding.interpreter import Interpreter

ROOT = Path(__file__).parent.parent.parent
SHARED = ROOT.parent / "shared"
WRITTEN = (
    ROOT / "tests/understanding/heard_sentences.yaml",
    Path(__file__).parent / "further_sentences.yaml",
)
GENERAL_STATE = "guiding"
"""Where a sentence belongs that may be said in any state, and where nobody's speech is heard."""
STATES = (GENERAL_STATE, "choosing", "paused", "preparing", "hurting", "confirming", "finished")
"""In the order in which a published sentence's state is looked for."""
TOOLS = {"X": "roller", "Y": "gua sha"}
"""What the published sentences' placeholders stand for."""
ALIKE = {"change_tool": "ask_tool"}
"""Intents that the published list does not tell apart."""

Half = Literal["choose", "report", "both"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A command, the state in which it is said, and what it asks for."""

    state: str
    text: str
    intents: tuple[str, ...]


def chance(*parts: object) -> float:
    """Return a number from 0 to 1 that depends on nothing but `parts`."""
    digest = hashlib.sha256("\0".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def in_half(text: str, half: Half) -> bool:
    """Tell whether `text` belongs to this half."""
    return half == "both" or (chance("half", text) < 0.5) == (half == "choose")


def commands(interpreter: Interpreter, half: Half) -> list[Sentence]:
    """Return all commands of a half.

    The templates hold them all: this is about hearing, and a sentence that is not understood even
    in writing would only measure the templates.
    """
    found: dict[tuple[str, str], Sentence] = {}
    for sentence in (*_spoken(), *_written(), *_published(interpreter)):
        meant = tuple(i.name for i in interpreter.interpret(sentence.text, sentence.state))
        if meant == sentence.intents and in_half(sentence.text.lower(), half):
            found.setdefault((sentence.state, sentence.text.lower()), sentence)
    return list(found.values())


def foreign_sentences(half: Half) -> list[str]:
    """Return sentences that are nobody's command here."""
    written = [text for _, text, intents in _heard_sentences() if not intents]
    path = SHARED / "phrases" / "out_of_scope.txt"
    published = path.read_text("utf-8").splitlines() if path.is_file() else []
    return [text for text in (*written, *published) if text and in_half(text, half)]


def narration(half: Half) -> list[str]:
    """Return every line that the coach says in any massage, once."""
    library = load_library()
    plans = [library.plan(name) for name in sorted(library.routines)]
    said = (
        text
        for plan in plans
        for text in (
            plan.prepare,
            *(
                item.text
                for step in plan.steps
                for item in step.score
                if isinstance(item, SpokenLine)
            ),
        )
    )
    return [text for text in dict.fromkeys(said) if in_half(text, half)]


def volunteers(words: Sequence[str], half: Half) -> list[tuple[str, Path]]:
    """Return recordings of single words by real people: the word and the file."""
    folder = SHARED / "audio" / "speech_commands"
    files = [path for word in words for path in sorted((folder / word).glob("*.wav"))]
    return [(path.parent.name, path) for path in files if in_half(path.name, half)]


def foreign_words(interpreter: Interpreter) -> list[str]:
    """Return the volunteers' words that mean nothing in the general state."""
    folder = SHARED / "audio" / "speech_commands"
    words = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    return [word for word in words if not interpreter.interpret(word, GENERAL_STATE)]


def _spoken() -> Iterator[Sentence]:
    states = yaml.safe_load((ROOT / "tests/hearing/commands.yaml").read_text("utf-8"))
    for state, texts in states.items():
        yield from (Sentence(state, text, (intent,)) for text, intent in texts.items())


def _written() -> Iterator[Sentence]:
    for state, text, intents in _heard_sentences():
        if intents:
            yield Sentence(GENERAL_STATE if state == "any" else state, text, intents)


def _heard_sentences() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for path in WRITTEN:
        for state, cases in yaml.safe_load(path.read_text("utf-8")).items():
            for text, intents, *_ in cases:
                yield state, text, tuple([intents] if isinstance(intents, str) else intents or ())


def _published(interpreter: Interpreter) -> Iterator[Sentence]:
    """Yield the published sentences, each in the first state in which it means what it should."""
    path = SHARED / "phrases" / "commands.json"
    published = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    for intent, texts in published.items():
        for text in texts:
            spoken = " ".join(TOOLS.get(word, word) for word in text.split())
            for state in STATES:
                meant = tuple(i.name for i in interpreter.interpret(spoken, state))
                if [ALIKE.get(name, name) for name in meant] == [intent]:
                    yield Sentence(state, spoken, meant)
                    break
