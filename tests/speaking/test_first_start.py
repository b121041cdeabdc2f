"""`massage setup` does beforehand what the first start would take its time for."""

from pathlib import Path

import pytest

from assistant.commands.first_start import prepare_first_start
from assistant.library.shipped import load_replies
from assistant.speaking.clip_cache import ClipCache
from assistant.speaking.pyttsx3_voice import Pyttsx3Voice
from assistant.understanding.phrase_cache import default_path


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_the_first_words_and_the_phrases_are_there(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MASSAGE_VOICE", "pyttsx3")
    prepare_first_start()
    asked = load_replies().text("what would you like?")
    assert ClipCache().get(asked, Pyttsx3Voice().key, 1.0) is not None
    assert cache in default_path().parents
    assert default_path().is_file()


def test_a_voice_that_does_not_exist_is_left_to_the_start(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MASSAGE_VOICE", "nobody's")
    prepare_first_start()
    assert default_path().is_file()
    assert not (cache / "massage-assistant" / "clips").exists()
