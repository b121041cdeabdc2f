"""Clips on disk: exact, shared, bounded, and never in the way."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.clip import Clip
from assistant.speaking.clip_cache import ClipCache
from assistant.speaking.finishing import finished


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
    assert np.array_equal(found.samples, clip.samples)


@pytest.mark.parametrize(
    "other", [("Bye.", "joe", 1.0), ("Hello.", "amy", 1.0), ("Hello.", "joe", 1.2)]
)
def test_text_voice_and_rate_each_make_another_clip(tmp_path: Path, clip: Clip, other):
    cache = ClipCache(tmp_path)
    cache.put("Hello.", "joe", 1.0, clip)
    assert cache.get(*other) is None


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.99])
def test_a_file_cut_short_counts_as_missing_and_is_mended(tmp_path: Path, clip: Clip, share):
    cache = ClipCache(tmp_path)
    cache.put("Hello.", "joe", 1.0, clip)
    path = only_file(tmp_path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert cache.get("Hello.", "joe", 1.0) is None
    cache.put("Hello.", "joe", 1.0, clip)
    assert cache.get("Hello.", "joe", 1.0) is not None


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


def test_two_processes_write_and_drop_in_one_folder_without_a_broken_clip(tmp_path: Path):
    program = (
        "import sys, numpy as np\n"
        "from pathlib import Path\n"
        "from assistant.speaking.clip_cache import ClipCache\n"
        "from assistant.speaking.finishing import from_pcm\n"
        "cache = ClipCache(Path(sys.argv[1]), limit_bytes=60_000)\n"
        "for number in range(60):\n"
        "    pcm = np.random.default_rng(number % 20).integers(-9999, 9999, 4800, np.int16)\n"
        "    clip = from_pcm(pcm)\n"
        "    cache.put(str(number % 20), 'joe', 1.0, clip)\n"
        "    found = cache.get(str(number % 20), 'joe', 1.0)\n"
        "    assert found is None or np.array_equal(found.samples, clip.samples)\n"
        "assert not cache.warnings, cache.warnings\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    both = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(timeout=60) for process in both] == [0, 0]


def test_a_folder_that_cannot_be_written_is_reported_once_and_harms_nothing(
    tmp_path: Path, clip: Clip
):
    blocked = tmp_path / "a file, not a folder"
    blocked.write_text("")
    cache = ClipCache(blocked)
    cache.put("Hello.", "joe", 1.0, clip)
    cache.put("Bye.", "joe", 1.0, clip)
    assert cache.get("Hello.", "joe", 1.0) is None
    assert len(cache.warnings) == 1
    assert str(blocked) in cache.warnings[0]


def test_a_full_disk_leaves_no_half_written_file(
    tmp_path: Path, clip: Clip, monkeypatch: pytest.MonkeyPatch
):
    def full(_self: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    cache = ClipCache(tmp_path)
    cache.put("Hello.", "joe", 1.0, clip)
    assert list(tmp_path.iterdir()) == []
    assert "No space left on device" in cache.warnings[0]
