"""What the voices get to read: names, units and numbers as they are to be said."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant._resources import resource
from assistant.assembly import make_content
from assistant.library.library import Library
from assistant.library.shipped import REPLIES
from assistant.routine.plan import SpokenLine
from assistant.routine.schema import MOST_WORDS, sentences
from assistant.speaking import piper_models
from assistant.speaking.pronunciation import pronunciation, spoken_form

SOUNDS = yaml.safe_load(Path(__file__).with_name("sounds.yaml").read_text("utf-8"))
NOT_SPOKEN = {"heard_as", "source", "sources", "url"}


def by_espeak(text: str) -> str:
    command = ["espeak-ng", "-v", "en-us", "-q", "-x", "--ipa", text]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20)
    return " ".join(answer.stdout.split())


def by_piper(text: str) -> str:
    from piper.phonemize_espeak import EspeakPhonemizer

    return "".join("".join(sentence) for sentence in EspeakPhonemizer().phonemize("en-us", text))


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="eSpeak NG is the engine of Linux only")
@pytest.mark.parametrize(("text", "sound"), SOUNDS.items())
def test_the_systems_voice_says_it_right(text: str, sound: str):
    assert sound in by_espeak(spoken_form(text))


@pytest.mark.skipif(not piper_models.installed(), reason="the neural voice is not installed")
@pytest.mark.parametrize(("text", "sound"), SOUNDS.items())
def test_the_neural_voice_says_it_right(text: str, sound: str):
    assert sound in by_piper(spoken_form(text))


@pytest.mark.parametrize("word", sorted(pronunciation().words.keys() - {"gua sha"}))
@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="eSpeak NG is the engine of Linux only")
def test_no_respelling_is_needless(word: str):
    assert by_espeak(word) != by_espeak(spoken_form(word))


def test_only_whole_words_and_units_after_numbers_are_respelt():
    text = "Because she used massage in 3 steps, led by a 5 minute cue."
    assert spoken_form(text) == text


def test_a_second_time_changes_nothing():
    once = spoken_form("Use the gua sha for 2.5 min, and use 3 mm.")
    assert once == "Yooz the gwah shah for 2.5 minutes, and yooz 3 millimeters."
    assert spoken_form(once) == once


def spoken_in(found: Any) -> Iterator[str]:
    """Yield the texts of a content file that are said."""
    match found:
        case dict():
            for key, value in found.items():
                if key not in NOT_SPOKEN:
                    yield from spoken_in(value)
        case list():
            for value in found:
                yield from spoken_in(value)
        case str():
            yield found


CONTENT = sorted(resource("routines").rglob("*.yaml"))


@pytest.mark.parametrize("path", [*CONTENT, REPLIES], ids=lambda path: path.name)
def test_no_sentence_of_the_shipped_content_is_longer_than_one_can_follow(path: Path):
    for text in spoken_in(yaml.safe_load(path.read_text("utf-8"))):
        for sentence in sentences(text):
            assert len(sentence.split()) <= MOST_WORDS, sentence


def test_no_sentence_is_too_long_with_its_slots_filled():
    library = Library([resource("routines")])
    said = {
        item.text
        for name in library.routines
        for minutes in (None, 3, 20)
        for step in library.plan(name, minutes).steps
        for item in step.score
        if isinstance(item, SpokenLine)
    }
    content = make_content(library, date(2026, 3, 2))
    title = max(content.titles.values(), key=lambda text: len(text.split()))
    for key, wordings in content.replies.wordings.items():
        whole = content.replies.slots(key) & {"why", "opening", "ask", "more", "when", "prepare"}
        for turn in range(len(wordings)):
            slots = {
                slot: "It is so." if slot in whole else title for slot in content.replies.slots(key)
            }
            said.add(content.replies.text(key, turn, **slots))
    for text in said:
        for sentence in sentences(text):
            assert len(sentence.split()) <= MOST_WORDS, sentence
