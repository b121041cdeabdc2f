"""Health answers stay in one file that its owner can read, delete, and damage without harm."""

from datetime import date

import pytest

from assistant.commands import profile
from assistant.errors import ProfileError
from assistant.folders import data_folder
from assistant.history.user_store import UserStore
from assistant.library.shipped import load_health
from assistant.routine.health import Profile

HEALTH = load_health()
TODAY = date(2026, 11, 22)
ANSWERED = Profile(date(2026, 11, 1), {"filler": date(2026, 10, 30), "thyroid": None})


@pytest.fixture
def store():
    return UserStore(data_folder(), HEALTH)


def default_path():
    return data_folder() / "profile.json"


def test_answers_are_kept(store):
    store.save_profile(ANSWERED)
    assert store.profile() == ANSWERED
    assert [path.name for path in default_path().parent.iterdir()] == ["profile.json"]


def test_nothing_is_kept_before_anything_was_answered(store):
    assert store.profile() is None
    assert not default_path().parent.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"answers": {}}',
        b'{"screened": "yesterday", "answers": {}}',
        b'{"screened": "2026-11-01", "answers": {"filler": "soon"}}',
        b'{"screened": "2026-11-01", "answers": {"hangnail": null}}',
    ],
)
def test_a_damaged_file_is_set_aside_and_the_questions_come_again(store, content):
    default_path().parent.mkdir(parents=True)
    default_path().write_bytes(content)
    assert store.profile() is None
    assert default_path().with_suffix(".damaged").read_bytes() == content
    assert not default_path().exists()


def test_without_a_path_nothing_is_kept():
    rehearsed = UserStore(None, HEALTH)
    rehearsed.save_profile(ANSWERED)
    assert rehearsed.profile() is None
    assert not rehearsed.forget_profile()


def test_a_disk_that_cannot_be_written_costs_the_answers_only(tmp_path):
    (tmp_path / "file").write_text("")
    blocked = UserStore(tmp_path / "file", HEALTH)
    blocked.save_profile(ANSWERED)
    assert blocked.profile() is None


def test_the_profile_is_shown_in_words_with_what_it_leaves_out(store):
    store.save_profile(ANSWERED)
    shown = "\n".join(profile.shown(TODAY))
    assert "Answered on 2026-11-01:" in shown
    assert "a filler (2026-10-30)" in shown
    assert "until December 11." in shown
    assert "Because of your thyroid, I'll leave out the neck." in shown
    assert str(default_path()) in shown


def test_a_wait_that_is_over_and_answers_that_are_old_are_told(store):
    store.save_profile(ANSWERED)
    shown = "\n".join(profile.shown(date(2027, 1, 1)))
    assert "to be asked again" in shown
    assert "The wait is over" in shown


def test_no_answers_and_damaged_answers_are_told(store):
    assert "No health answers are kept." in " ".join(profile.shown(TODAY))
    default_path().parent.mkdir(parents=True)
    default_path().write_text("{")
    assert "set aside" in " ".join(profile.shown(TODAY))
    store.save_profile(Profile(TODAY))
    assert "nothing to consider" in " ".join(profile.shown(TODAY))


def test_forgetting_deletes_all_there_is(store):
    store.save_profile(ANSWERED)
    default_path().with_suffix(".damaged").write_text("{")
    assert profile.forget().startswith("Your health answers are deleted")
    assert list(default_path().parent.iterdir()) == []
    assert profile.forget() == "There were no health answers to delete."


def test_what_cannot_be_deleted_is_told_in_a_sentence():
    default_path().mkdir(parents=True)
    with pytest.raises(ProfileError, match=r"profile\.json cannot be deleted: .* by hand"):
        profile.forget()
