"""Health answers stay private, and forgetting them forgets them everywhere."""

import os
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.clip import Clip
from assistant.commands import profile
from assistant.dialogue.state import Place
from assistant.folders import data_folder
from assistant.history.user_store import UserStore
from assistant.library.library import load_library
from assistant.library.shipped import load_health
from assistant.routine.health import Profile
from assistant.speaking.clip_cache import ClipCache
from tests.routine.test_routine_health import TODAY

HEALTH = load_health()
ANSWERS = {"blood_thinners": None, "glaucoma": None}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def clip() -> Clip:
    return Clip.from_pcm(np.ones(480, np.int16))


@pytest.mark.parametrize("name", HEALTH.conditions)
def test_what_names_a_condition_is_never_a_file(name: str, cache: Path):
    """Whoever opens the folder could listen to it."""
    clips = ClipCache(is_private=HEALTH.names_one)
    for restriction in HEALTH.restrictions({name: None}, TODAY).parts:
        clips.put(restriction.say, "joe", 1.0, clip())
    clips.put(f"Noted: {HEALTH.conditions[name].spoken}.", "joe", 1.0, clip())
    assert not list(cache.rglob("*.flac"))


def test_forgetting_leaves_nothing_that_names_an_answer(cache: Path):
    store = UserStore(data_folder(), HEALTH)
    restrictions = HEALTH.restrictions(ANSWERS, TODAY)
    plan = load_library().plan("puffy-eyes", restrictions=restrictions)
    assert any("blood thinners" in note for note in plan.notes)
    store.save_profile(Profile(TODAY, ANSWERS))
    store.save_place(Place(plan))
    (data_folder() / f"profile.json.{os.getpid()}").write_text("blood_thinners")
    ClipCache().put("Because of blood thinners, no tools.", "joe", 1.0, clip())
    profile.forget()
    left = [*data_folder().iterdir(), *cache.rglob("*.flac")]
    assert left == []
