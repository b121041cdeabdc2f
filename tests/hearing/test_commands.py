"""Spoken commands through `massage hear`: three voices, every intent, and real people."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import soundfile
import yaml

from assistant.commands import hear

COMMANDS = yaml.safe_load((Path(__file__).parent / "commands.yaml").read_text("utf-8"))
SPOKEN_WORDS = {"stop": "stop", "yes": "yes", "no": "no"}


def heard(files: dict[Path, str], state: str) -> Iterator[tuple[Path, str, list[Any]]]:
    """Yield each file, the intent that it wants, and those that were heard in it."""
    options = hear.Options(tuple(files), state=state)
    found: dict[str, list[Any]] = {}
    for decision in hear.hear(options):
        found.setdefault(decision["file"], []).append(decision["intent"])
    for path, intent in files.items():
        yield path, intent, found[str(path)]


def spoken(voice: str, text: str, say: Any, folder: Path) -> Path:
    """Write a sentence, spoken by one of flite's voices or by Piper, into a WAV file."""
    path = folder / f"{voice}-{text}.wav"
    if voice == "piper":
        soundfile.write(path, piper().render(text, 1.3).samples, 48_000)
    else:
        soundfile.write(path, say(text, voice), 16_000)
    return path


@cache
def piper() -> Any:
    from assistant.speaking.piper_voice import PiperVoice

    return PiperVoice()


@pytest.mark.usefixtures("model_path")
@pytest.mark.parametrize("voice", ["slt", "rms", "piper"])
def test_spoken_commands_of_all_intents_are_understood(
    voice: str, say: Any, tmp_path: Path
) -> None:
    """At least 95 in 100 of the sentences in commands.yaml, each in the state it belongs to."""
    wrong, count = [], 0
    for state, intents in COMMANDS.items():
        files = {spoken(voice, text, say, tmp_path): want for text, want in intents.items()}
        count += len(files)
        wrong += [(f.stem, got) for f, want, got in heard(files, state) if got != [want]]
    assert len(wrong) <= 0.05 * count, wrong


@pytest.mark.usefixtures("model_path")
def test_real_people_are_understood(recordings: Callable[..., list[Path]]) -> None:
    """Volunteers' recordings of one-word commands, one second each, made in their homes."""
    wrong = [
        (path.name, want, got)
        for word, intent in SPOKEN_WORDS.items()
        for path, want, got in heard(dict.fromkeys(recordings(word), intent), "confirming")
        if got != [want]
    ]
    assert len(wrong) <= 1, wrong
