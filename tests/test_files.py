"""Files that are kept are written whole or not at all, and only their owner can read them."""

import os
import sys
import time
from pathlib import Path

import pytest

from assistant.files import set_aside, write_whole


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "place.json"
    assert write_whole(path, b"one") == ""
    assert write_whole(path, b"two") == ""
    assert path.read_bytes() == b"two"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "profile.json"
    path.write_bytes(b"{}")
    path.chmod(0o644)
    write_whole(path, b"{}")
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_written_is_on_the_disk_before_it_gets_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    really_replace = Path.replace

    def replace(path: Path, target: Path) -> Path:
        done.append("replace")
        return really_replace(path, target)

    monkeypatch.setattr(os, "fsync", lambda _: done.append("fsync"))
    monkeypatch.setattr(Path, "replace", replace)
    write_whole(tmp_path / "place.json", b"{}")
    assert done == ["fsync", "replace"]


def test_a_write_that_fails_leaves_the_old_file_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "place.json"
    write_whole(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    said = write_whole(path, b"new")
    assert said.startswith(f"{path} cannot be written: No space left on device. ")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("")
    assert "cannot be written" in write_whole(tmp_path / "blocked" / "place.json", b"{}")


def test_unfinished_files_of_a_killed_process_are_removed(tmp_path: Path) -> None:
    old, new = tmp_path / ".place.json.a.unfinished", tmp_path / ".place.json.b.unfinished"
    for file in (old, new):
        file.write_bytes(b"{")
    hours_ago = time.time() - 2 * 3600
    os.utime(old, (hours_ago, hours_ago))
    write_whole(tmp_path / "place.json", b"{}")
    assert not old.exists()
    assert new.exists()  # another process may be writing it now


def test_a_damaged_file_is_renamed(tmp_path: Path) -> None:
    path = tmp_path / "place.json"
    path.write_bytes(b"{")
    assert set_aside(path) == tmp_path / "place.damaged"
    assert (tmp_path / "place.damaged").read_bytes() == b"{"
    assert set_aside(tmp_path / "none.json") == tmp_path / "none.json"
