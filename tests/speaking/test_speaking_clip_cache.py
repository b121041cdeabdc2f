"""Clips on disk: exact, shared, bounded, and never in the way."""

import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.audio.clip import Clip
from assistant.audio.device import RATE_OUT
from assistant.speaking.clip_cache import ClipCache
from assistant.speaking.finishing import finished
from tests.speaking.sounds import same_sound


@pytest.fixture
def clip() -> Clip:
    noise = np.random.default_rng(1).normal(0, 0.1, 48_000).astype(np.float32)
    return finished(noise, 48_000)


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_a_clip_read_back_equals_the_one_kept(tmp_path: Path, clip: Clip):
    ClipCache(tmp_path).put("Hello.", "piper joe", 1.0, clip)
    found = ClipCache(tmp_path).get("Hello.", "piper joe", 1.0)
    assert found is not None
    assert same_sound(found, clip)


@pytest.mark.parametrize(
    "other", [("Bye.", "joe", 1.0), ("Hello.", "amy", 1.0), ("Hello.", "joe", 1.2)]
)
def test_text_voice_and_rate_each_make_another_clip(tmp_path: Path, clip: Clip, other):
    cache = ClipCache(tmp_path)
    cache.put("Hello.", "joe", 1.0, clip)
    assert cache.get(*other) is None


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.99])
def test_a_file_cut_short_counts_as_missing_and_is_replaced(tmp_path: Path, clip: Clip, share):
    cache = ClipCache(tmp_path)
    cache.put("Hello.", "joe", 1.0, clip)
    path = only_file(tmp_path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert cache.get("Hello.", "joe", 1.0) is None
    cache.put("Hello.", "joe", 1.0, clip)
    assert cache.get("Hello.", "joe", 1.0) is not None


@pytest.mark.parametrize("damage", ["longer than memory", "two channels"])
def test_a_file_whose_header_is_damaged_counts_as_missing(tmp_path: Path, clip: Clip, damage: str):
    cache = ClipCache(tmp_path)
    cache.put("Hello.", "joe", 1.0, clip)
    path = only_file(tmp_path)
    if damage == "two channels":
        soundfile.write(path, np.zeros((4800, 2)), RATE_OUT)
    else:
        data = bytearray(path.read_bytes())
        data[21:26] = (data[21] | 0x0F, *b"\xff\xff\xff\xff")  # the number of samples: 36 bits
        path.write_bytes(data)
    assert cache.get("Hello.", "joe", 1.0) is None


def test_the_longest_unused_clips_go_when_the_limit_is_reached(tmp_path: Path, clip: Clip):
    cache = ClipCache(tmp_path)
    for number in range(4):
        cache.put(f"Line {number}.", "joe", 1.0, clip)
    one = max(path.stat().st_size for path in tmp_path.iterdir())
    for path in tmp_path.iterdir():
        os.utime(path, (1, 1))
    assert cache.get("Line 0.", "joe", 1.0) is not None  # used again, so the youngest now

    small = ClipCache(tmp_path, limit_bytes=3 * one)
    small.put("Line 4.", "joe", 1.0, clip)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 3 * one
    assert small.get("Line 0.", "joe", 1.0) is not None
    assert small.get("Line 4.", "joe", 1.0) is not None


SHARING = """
import sys, numpy as np
from pathlib import Path
from assistant.audio.clip import Clip
from assistant.speaking.clip_cache import ClipCache
from tests.speaking.sounds import same_sound
cache = ClipCache(Path(sys.argv[1]), limit_bytes=60_000)
for number in range(60):
    pcm = np.random.default_rng(number % 20).integers(-9999, 9999, 4800, np.int16)
    clip = Clip.from_pcm(pcm)
    cache.put(str(number % 20), "joe", 1.0, clip)
    found = cache.get(str(number % 20), "joe", 1.0)
    assert found is None or same_sound(found, clip)
assert not cache.take_warnings()
"""


def test_two_processes_write_and_drop_in_one_folder_without_a_broken_clip(tmp_path: Path):
    command = [sys.executable, "-c", SHARING, str(tmp_path)]  # from the checkout's folder
    both = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(timeout=60) for process in both] == [0, 0]


def test_a_folder_that_others_delete_all_the_time_costs_clips_and_nothing_else(
    tmp_path: Path, clip: Clip
):
    folder = tmp_path / "clips"
    over = threading.Event()

    def delete() -> None:
        while not over.is_set():
            shutil.rmtree(folder, ignore_errors=True)

    with ThreadPoolExecutor(1) as beside:
        beside.submit(delete)
        cache = ClipCache(folder, limit_bytes=1)  # so that each clip is followed by a clean-up
        for number in range(50):
            cache.put(str(number), "joe", 1.0, clip)
            cache.get(str(number), "joe", 1.0)
        over.set()
    cache.put("Hello.", "joe", 1.0, clip)
    assert folder.is_dir()
    cache = ClipCache(folder)
    cache.put("Hello.", "joe", 1.0, clip)
    assert cache.get("Hello.", "joe", 1.0) is not None


def test_a_file_that_another_process_is_writing_is_neither_counted_nor_deleted(
    tmp_path: Path, clip: Clip
):
    cache = ClipCache(tmp_path, limit_bytes=2**20)
    cache.put("Hello.", "joe", 1.0, clip)
    being_written = tmp_path / f".{only_file(tmp_path).name}.abc.unfinished"
    being_written.write_bytes(bytes(2**21))
    again = ClipCache(tmp_path, limit_bytes=2**20)
    again.put("Bye.", "joe", 1.0, clip)
    assert being_written.exists()
    assert again.get("Hello.", "joe", 1.0) is not None


def test_what_a_killed_process_left_is_deleted_an_hour_later(tmp_path: Path, clip: Clip):
    leftover = tmp_path / f".{'0' * 64}.flac.abc.unfinished"
    leftover.write_bytes(b"half a clip")
    os.utime(leftover, (1, 1))
    ClipCache(tmp_path).put("Hello.", "joe", 1.0, clip)
    assert not leftover.exists()


def test_a_clip_that_cannot_be_deleted_does_not_end_caching(
    tmp_path: Path, clip: Clip, monkeypatch: pytest.MonkeyPatch
):
    """On Windows, a file that another process has open stays."""

    def held(_self: Path, missing_ok: bool = False) -> None:  # noqa: ARG001
        raise PermissionError(13, "Permission denied")

    cache = ClipCache(tmp_path, limit_bytes=1)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", held)
        cache.put("Hello.", "joe", 1.0, clip)
        cache.put("Bye.", "joe", 1.0, clip)
    assert cache.get("Bye.", "joe", 1.0) is not None
    assert cache.take_warnings() == []
    cache.put("Again.", "joe", 1.0, clip)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_reported_once_and_harms_nothing(
    tmp_path: Path, clip: Clip
):
    blocked = tmp_path / "a file, not a folder"
    blocked.write_text("")
    cache = ClipCache(blocked)
    cache.put("Hello.", "joe", 1.0, clip)
    cache.put("Bye.", "joe", 1.0, clip)
    assert cache.get("Hello.", "joe", 1.0) is None
    (warning,) = cache.take_warnings()
    assert str(blocked) in warning
    assert ".flac" not in warning
    assert cache.take_warnings() == []


def test_a_full_disk_leaves_no_half_written_file_and_caching_resumes_when_there_is_room(
    tmp_path: Path, clip: Clip, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def full(_self: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    caplog.set_level("INFO")
    cache = ClipCache(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        cache.put("Hello.", "joe", 1.0, clip)
        cache.put("Bye.", "joe", 1.0, clip)
    assert list(tmp_path.iterdir()) == []
    (warning,) = cache.take_warnings()
    assert "No space left on device" in warning
    cache.put("Hello.", "joe", 1.0, clip)
    assert cache.get("Hello.", "joe", 1.0) is not None
    assert [record.getMessage().split(":")[0] for record in caplog.records] == [
        "clips cannot be kept on disk",
        "clips can be kept on disk again",
    ]
