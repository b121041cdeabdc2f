"""What other people's computers do to it: signals, consoles, pipes, no home, full disks."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

MASSAGE = [sys.executable, "-m", "assistant"]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals, pipes and /dev of Unix")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "XDG_CONFIG_HOME" / "massage-assistant"
    folder.mkdir(parents=True)
    return folder


def run(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    if "stdout" not in more:
        more["capture_output"] = True
    return subprocess.run([*MASSAGE, *arguments], text=True, timeout=60, check=False, **more)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_closed_window_keeps_the_place_to_the_stroke(number: int, tmp_path: Path):
    """SIGHUP comes when the window is closed, or the connection to the computer is lost."""
    as_in_a_terminal = f"import signal; signal.signal({number:d}, signal.SIG_DFL); "
    program = as_in_a_terminal + "import runpy; runpy.run_module('assistant', run_name='__main__')"
    chat = subprocess.Popen(
        [sys.executable, "-c", program, "chat", "--transcript", str(tmp_path / "t.jsonl")],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert chat.stdin
    assert chat.stderr
    chat.stdin.write("skip the questions\npuffy eyes\nskip the questions\nready\n")
    chat.stdin.flush()
    for line in chat.stderr:
        if "coach: Opening" in line:
            break
    chat.send_signal(number)
    assert chat.wait(timeout=20) == 128 + number
    assert "Traceback" not in chat.stderr.read()
    chat.stdin.close()
    chat.stderr.close()
    kept = Path(os.environ["XDG_DATA_HOME"]) / "massage-assistant" / "place.json"
    assert kept.exists()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o777 == 0o700


def test_output_that_cannot_be_written_is_a_sentence():
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device, and only on Linux
        done = run("list", stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1
    assert done.stderr.startswith("massage: the output cannot be used: ")
    assert "Traceback" not in done.stderr


def test_closed_streams_are_no_reason_to_fail():
    command = " ".join([*MASSAGE, "list"])
    for closed in (">&-", "2>&-", "<&-", ">&- 2>&- <&-"):
        assert subprocess.run(f"{command} {closed}", shell=True, check=False).returncode == 0


@pytest.mark.parametrize("encoding", ["cp437", "cp1252", "ascii"])
def test_a_console_without_our_letters_shows_others(encoding: str, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    done = run("show", "puffy-eyes", encoding=encoding)
    assert done.returncode == 0
    assert "Puffy eyes" in done.stdout


def test_without_a_home_it_runs_and_leaves_nothing_where_it_was_started(
    tmp_path: Path, monkeypatch
):
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    (tmp_path / "here").mkdir()
    no_account = "import os, pwd, runpy; pwd.getpwuid = {}.__getitem__; os.getuid = lambda: 4242; "
    program = no_account + "runpy.run_module('assistant', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", program, "chat"],
        input="stop\n",
        capture_output=True,
        text=True,
        cwd=tmp_path / "here",
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "coach: Goodbye." in done.stderr
    assert list((tmp_path / "here").iterdir()) == []


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_a_pipe_or_a_device_where_a_file_should_be_is_not_waited_for(
    massage, make: Callable[[Path], None]
):
    folder = Path(os.environ["XDG_DATA_HOME"]) / "massage-assistant"
    folder.mkdir(parents=True)
    for name in ("place.json", "profile.json", "pace.json"):
        make(folder / name)
    done = massage("chat", stdin="stop\n")
    assert done.status == 0
    assert "could not be read" in done.err


def test_a_mark_of_windows_editors_is_no_fault(massage, config: Path, tmp_path: Path):
    mark = b"\xef\xbb\xbf"
    (config / "settings.toml").write_bytes(mark + b'attention = "coach"\n')
    assert massage("chat", stdin="coach, stop\n").status == 0
    script = tmp_path / "a.dialogue"
    script.write_bytes(mark + b"# Title\nyou: stop\ncoach: Goodbye.\n")
    assert massage("rehearse", script).status == 0


def test_nothing_that_is_shown_commands_the_terminal(massage, tmp_path: Path):
    script = tmp_path / "a.dialogue"
    script.write_text("you: stop\n\x1b[31mred\n", "utf-8")
    done = massage("rehearse", script)
    assert "found '\N{REPLACEMENT CHARACTER}[31mred'" in done.err
    assert "\x1b" not in done.err
    said = "stop \x9b31m"
    done = massage("understand", said)
    assert "\x9b" not in done.out
    assert json.loads(done.out)["text"] == said
    assert "\x1b" not in massage("chat", stdin="\x1b[31m\nstop\n").err
    assert "\x1b" not in massage("rehearse", "\x1b[31m").err


def test_brackets_without_end_in_the_settings_are_a_sentence(massage, config: Path):
    (config / "settings.toml").write_text("bed = " + "[" * 5_000)
    assert "too many brackets" in massage("chat", stdin="stop\n").refusal


def test_a_number_of_five_thousand_digits_in_the_settings_is_a_sentence(massage, config: Path):
    (config / "settings.toml").write_text("volume = " + "9" * 5_000)
    assert "too many digits" in massage("chat", stdin="stop\n").refusal


def test_a_path_with_backslashes_leads_to_single_quotes(massage, config: Path):
    (config / "settings.toml").write_text('bed = "C:\\Users\\me\\x.wav"\n')
    assert "use single quotes: bed = 'C:" in massage("chat", stdin="stop\n").refusal
