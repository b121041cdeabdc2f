"""`--log FILE`: what is in it, who can read it, and what happens when it cannot be written."""

import logging
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant import __version__
from assistant.logs import logging_to

if TYPE_CHECKING:
    from tests.conftest import Done

    Massage = Callable[..., Done]

pytestmark = pytest.mark.usefixtures("no_sound_card", "hurried_clock")
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d"
LINE = TIME + r" (DEBUG|INFO|WARNING|ERROR) +assistant[\w.]*: "


@pytest.mark.parametrize("before", [True, False])
def test_a_conversation_is_logged_line_by_line(massage: "Massage", tmp_path: Path, before: bool):
    log, command = ["--log", tmp_path / "report.txt"], ["chat", "--rate", "1.5"]
    assert massage(*(log + command if before else command + log), stdin="stop\n").status == 0
    lines = (tmp_path / "report.txt").read_text().splitlines()
    assert [line for line in lines if not re.match(LINE, line)] == []
    text = "\n".join(lines)
    assert f"massage-assistant {__version__}, Python 3." in text
    assert "massage chat: " in text
    assert "setting rate: 1.5, from --rate" in text
    assert lines[-1].endswith("exit status 0")


def test_only_its_owner_can_read_it_and_a_second_run_is_added(massage: "Massage", tmp_path: Path):
    log = tmp_path / "report.txt"
    massage("--log", log, "list")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    once = log.read_text()
    massage("--log", log, "list")
    assert log.read_text().startswith(once)
    assert len(log.read_text().splitlines()) == 2 * len(once.splitlines())


def test_nothing_is_written_unless_it_is_asked_for(massage: "Massage", tmp_path: Path):
    before = set(tmp_path.rglob("*"))
    done = massage("show", "nosuch")
    assert done.refusal
    assert set(tmp_path.rglob("*")) == before


def test_a_refusal_is_in_the_log(massage: "Massage", tmp_path: Path):
    done = massage("--log", tmp_path / "report.txt", "show", "nosuch")
    assert (
        f"ERROR   assistant.cli: {done.refusal.removeprefix('massage: ')}"
        in (tmp_path / "report.txt").read_text()
    )


def test_the_settings_file_is_named_as_a_source(massage: "Massage", tmp_path: Path):
    folder = tmp_path / "XDG_CONFIG_HOME" / "massage-assistant"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text("volume = 1.2")
    massage("--log", tmp_path / "report.txt", "chat", stdin="stop\n")
    text = (tmp_path / "report.txt").read_text()
    assert f"setting volume: 1.2, from {folder / 'settings.toml'}" in text


@pytest.mark.parametrize("where", ["", "no/such/report.txt"])
def test_a_log_that_cannot_be_written_is_refused_before_anything_is_done(
    massage: "Massage", tmp_path: Path, where: str
):
    done = massage("--log", tmp_path / where, "chat")
    assert done.status == 2
    assert "--log: " in done.refusal
    assert "Choose another file." in done.refusal


def test_a_disk_that_is_full_costs_the_log_only(massage: "Massage"):
    done = massage("--log", "/dev/full", "chat", stdin="stop\n")
    assert done.status == 0
    assert "you: stop" in done.err
    assert "Traceback" not in done.err


def test_a_record_of_several_lines_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(logging.getLogger("assistant"), "propagate", False)  # not to pytest
    log = logging.getLogger("assistant.some.module")
    with logging_to(tmp_path / "report.txt"):
        log.debug("two\nlines: %s", "\udcff")
        try:
            raise ValueError("for the log")
        except ValueError:
            log.exception("failed")
    first, second = (tmp_path / "report.txt").read_text().splitlines()
    assert first.endswith("assistant.some.module: two\\nlines: \\udcff")
    assert "ValueError: for the log" in second


def test_without_a_file_a_warning_is_printed_nowhere(capsys: pytest.CaptureFixture[str]):
    with logging_to(None):
        logging.getLogger("assistant.some.module").warning("for nobody")
    assert capsys.readouterr() == ("", "")
