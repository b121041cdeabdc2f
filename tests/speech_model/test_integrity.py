"""A damaged speech model is noticed, named, and fetched again; a sound one costs nothing."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import ModelError
from assistant.speech_model.fetch import fetch_model
from assistant.speech_model.integrity import CHECKSUMS, quick_fault, thorough_fault
from assistant.speech_model.store import sound_model
from tests.speech_model.fake_model import GOOD, PARTS, archive, quiet, sole_sentence, works


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def installed(tmp_path: Path, place: Path) -> Path:
    given = tmp_path / "given.zip"
    given.write_bytes(archive({**PARTS, "ivector/final.ie": b"vectors"}))
    return fetch_model(given, quiet, trial=works, destination=place)


def fails(_folder: Path) -> str:
    return "is damaged, since it cannot be loaded"


def not_tried(folder: Path) -> None:
    pytest.fail(f"{folder} was loaded on trial")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def blank(path: Path) -> None:
    path.write_bytes(b"\n")


def change(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def lose(path: Path) -> None:
    path.unlink()


def endless(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


class TestWithChecksums:
    @pytest.mark.parametrize("name", [*PARTS, "ivector/final.ie"])
    @pytest.mark.parametrize("damage", [cut, blank, change, lose, endless])
    def test_whatever_happens_to_a_file_is_found_and_the_file_named(
        self, installed: Path, name: str, damage: Callable[[Path], None]
    ) -> None:
        damage(installed / name)
        for fault in (quick_fault, thorough_fault):
            assert name in (fault(installed, not_tried) or "")

    def test_a_sound_model_is_read_once_and_never_tried_again(
        self, installed: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert thorough_fault(installed, not_tried) is None
        monkeypatch.setattr("hashlib.file_digest", lambda *_: pytest.fail("it was read"))
        assert quick_fault(installed, not_tried) is None

    def test_it_may_be_copied_elsewhere(self, installed: Path, tmp_path: Path) -> None:
        copied = installed.rename(tmp_path / "elsewhere")
        assert quick_fault(copied, not_tried) is None

    def test_a_change_that_keeps_size_and_time_is_found_by_reading(self, installed: Path) -> None:
        path = installed / "graph/Gr.fst"
        times = path.stat().st_atime_ns, path.stat().st_mtime_ns
        change(path)
        os.utime(path, ns=times)
        assert thorough_fault(installed, not_tried) == "has a damaged graph/Gr.fst"

    @pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"one\ntwo\n", b"0  a\0b\n"])
    def test_damaged_checksums_are_damage(self, installed: Path, content: bytes) -> None:
        (installed / CHECKSUMS).write_bytes(content)
        assert quick_fault(installed, not_tried) == f"has a damaged {CHECKSUMS}"

    @pytest.mark.parametrize("content", [b"", b"[]", b"[" * 99_999, b"\xff", b'{"a": 1}'])
    def test_what_is_remembered_may_be_lost(
        self, installed: Path, cache: Path, content: bytes
    ) -> None:
        [memory] = cache.rglob("speech-models.json")
        memory.write_bytes(content)
        assert quick_fault(installed, not_tried) is None
        change(installed / "am/final.mdl")
        assert quick_fault(installed, not_tried) == "has a damaged am/final.mdl"

    def test_setup_fetches_a_damaged_model_again(self, installed: Path, tmp_path: Path) -> None:
        """The only source is one that cannot be reached, so it is seen to be asked."""
        from tests.speech_model.test_fetch import UNREACHABLE, model

        fetch_model(None, quiet, trial=works, model=model(UNREACHABLE), destination=installed)
        change(installed / "graph/HCLr.fst")
        with pytest.raises(ModelError, match="cannot be reached"):
            fetch_model(None, quiet, trial=works, model=model(UNREACHABLE), destination=installed)
        (tmp_path / "good.zip").write_bytes(GOOD)
        fetch_model(tmp_path / "good.zip", quiet, trial=works, destination=installed)
        assert thorough_fault(installed, not_tried) is None


class TestWithoutChecksums:
    """The user put the model there."""

    def test_it_is_tried_once(self, old_model: Path) -> None:
        assert quick_fault(old_model, fails) == "is damaged, since it cannot be loaded"
        assert quick_fault(old_model, works) is None
        assert quick_fault(old_model, not_tried) is None
        cut(old_model / "graph/Gr.fst")
        assert quick_fault(old_model, fails) == "is damaged, since it cannot be loaded"

    def test_setup_keeps_checksums_of_one_that_works(self, old_model: Path) -> None:
        fetch_model(None, quiet, trial=works, destination=old_model)
        change(old_model / "graph/Gr.fst")
        assert thorough_fault(old_model, not_tried) == "has a damaged graph/Gr.fst"

    def test_its_folder_is_otherwise_left_as_it_is(self, old_model: Path) -> None:
        before = sorted(old_model.rglob("*"))
        sound_model(old_model, works, certainly=True)
        assert sorted(old_model.rglob("*")) == before

    def test_what_to_do_depends_on_who_named_it(
        self, old_model: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with pytest.raises(ModelError, match="leave out --model") as error:
            sound_model(old_model, fails)
        assert "the one that `massage setup` fetches" in sole_sentence(error)
        monkeypatch.setenv("VOSK_MODEL_PATH", str(old_model))
        with pytest.raises(ModelError, match=r"leave out \$VOSK_MODEL_PATH"):
            sound_model(None, fails)
        monkeypatch.setattr("assistant.speech_model.store._own_folders", lambda: iter([old_model]))
        with pytest.raises(ModelError, match="type `massage setup` to fetch it again"):
            sound_model(None, fails)


def test_a_model_that_fails_its_trial_does_not_replace_another(
    tmp_path: Path, old_model: Path
) -> None:
    given = tmp_path / "given.zip"
    given.write_bytes(GOOD)
    with pytest.raises(ModelError, match="it is damaged, since it cannot be loaded") as error:
        fetch_model(given, quiet, trial=fails, destination=old_model)
    sole_sentence(error)
    assert (old_model / "README").read_bytes() == b"the old one"
