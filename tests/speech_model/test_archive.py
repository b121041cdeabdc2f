"""A speech model from a file: broken, wrong, malicious, or onto a full disk."""

import re
import shutil
import stat
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.errors import ModelError
from assistant.speech_model.fetch import fetch_model
from assistant.speech_model.store import (
    fault,
)
from tests.speech_model.fake_model import GOOD, PARTS, archive, quiet, sole_sentence, works


class TestFromAFile:
    @pytest.mark.parametrize("root", ["", "vosk-model-small-en-us-0.15/", "assets/model-en-us/"])
    def test_a_model_is_found_in_any_folder_of_the_archive(
        self, tmp_path: Path, place: Path, root: str
    ) -> None:
        given = tmp_path / "given.zip"
        given.write_bytes(archive(PARTS, root))
        fetch_model(given, quiet, trial=works, destination=place)
        assert fault(place) is None
        assert (place / "graph" / "Gr.fst").read_bytes() == PARTS["graph/Gr.fst"]

    def test_it_takes_the_place_of_the_old_model(self, tmp_path: Path, old_model: Path) -> None:
        given = tmp_path / "given.zip"
        given.write_bytes(archive({**PARTS, "README": b"the new one"}))
        fetch_model(given, quiet, trial=works, destination=old_model)
        assert (old_model / "README").read_bytes() == b"the new one"
        assert sorted(p.name for p in old_model.parent.iterdir()) == [".fetching", "small"]

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            pytest.param(b"Dear diary\n", "not a complete zip or aar", id="a text file"),
            pytest.param(b"", "not a complete zip or aar", id="an empty file"),
            pytest.param(GOOD[:-3000], "not a complete zip or aar", id="cut off"),
            pytest.param(
                GOOD[:9_000] + b"?" * 99 + GOOD[9_099:], "not a complete zip or aar", id="scrambled"
            ),
            pytest.param(archive({"README": b"x"}), "no am/final.mdl", id="hollow"),
            pytest.param(
                archive({n: c for n, c in PARTS.items() if n != "graph/HCLr.fst"}),
                "has no graph/HCLr.fst",
                id="a part is missing",
            ),
            pytest.param(
                archive({**PARTS, "graph/Gr.fst": b"<html>"}),
                "has a broken graph/Gr.fst",
                id="a part is something else",
            ),
        ],
    )
    def test_a_broken_or_wrong_archive_leaves_the_old_model(
        self, tmp_path: Path, old_model: Path, content: bytes, reason: str
    ) -> None:
        given = tmp_path / "given.zip"
        given.write_bytes(content)
        with pytest.raises(ModelError, match=re.escape(reason)) as error:
            fetch_model(given, quiet, trial=works, destination=old_model)
        assert str(given) in sole_sentence(error)
        assert (old_model / "README").read_bytes() == b"the old one"
        assert fault(old_model) is None
        assert sorted(p.name for p in (old_model.parent / ".fetching").iterdir()) == ["lock"]

    @pytest.mark.parametrize(
        "name",
        ["../evil", "/tmp/evil", "model/../../evil", "C:/evil", "..\\evil", "\\\\host\\evil"],
    )
    def test_an_archive_with_a_path_that_escapes_is_refused_whole(
        self, tmp_path: Path, place: Path, name: str
    ) -> None:
        given = tmp_path / "given.zip"
        given.write_bytes(archive({**{f"model/{n}": c for n, c in PARTS.items()}, name: b"!"}, ""))
        with pytest.raises(ModelError, match="points outside the archive"):
            fetch_model(given, quiet, trial=works, destination=place)
        assert not place.exists()
        assert not [*tmp_path.rglob("*evil*")]

    def test_an_archive_with_a_link_is_refused(self, tmp_path: Path, place: Path) -> None:
        given = tmp_path / "given.zip"
        given.write_bytes(GOOD)
        link = zipfile.ZipInfo("model/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        with zipfile.ZipFile(given, "a") as opened:
            opened.writestr(link, "/etc")
        with pytest.raises(ModelError, match="is a link"):
            fetch_model(given, quiet, trial=works, destination=place)
        assert not place.exists()

    def test_a_file_that_is_not_there(self, tmp_path: Path, place: Path) -> None:
        with pytest.raises(ModelError, match=r"nothing\.zip does not exist"):
            fetch_model(tmp_path / "nothing.zip", quiet, trial=works, destination=place)

    def test_a_folder(self, tmp_path: Path, place: Path) -> None:
        with pytest.raises(ModelError, match=r"is a folder.*VOSK_MODEL_PATH"):
            fetch_model(tmp_path, quiet, trial=works, destination=place)


class TestTheDisk:
    @pytest.fixture
    def given(self, tmp_path: Path) -> Path:
        path = tmp_path / "given.zip"
        path.write_bytes(GOOD)
        return path

    def test_too_little_space_is_reported_before_anything_is_written(
        self, given: Path, old_model: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        full = SimpleNamespace(free=1_000)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
        with pytest.raises(ModelError, match="too full"):
            fetch_model(given, quiet, trial=works, destination=old_model)
        assert (old_model / "README").read_bytes() == b"the old one"

    def test_a_folder_that_cannot_be_written_is_named(self, given: Path, tmp_path: Path) -> None:
        (tmp_path / "models").write_text("a file is in the way")
        with pytest.raises(ModelError, match="cannot be put into") as error:
            fetch_model(given, quiet, trial=works, destination=tmp_path / "models" / "small")
        assert str(tmp_path / "models") in sole_sentence(error)

    def test_an_interrupted_swap_is_undone(self, old_model: Path, tmp_path: Path) -> None:
        """The computer was switched off between moving the old model away and the new one in."""
        work = old_model.parent / ".fetching"
        work.mkdir()
        old_model.rename(work / "old")
        with pytest.raises(ModelError):
            fetch_model(tmp_path / "nothing.zip", quiet, trial=works, destination=old_model)
        assert (old_model / "README").read_bytes() == b"the old one"
