"""Dialogue scripts as tests in another project, where the package is only installed."""

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
PLUGIN = ("-p", "assistant.rehearsal.pytest_plugin")


def run(folder: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-W", "error", *flags, folder],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with scripts, outside of this checkout."""
    (tmp_path / "good.dialogue").write_text("# Choosing\nyou: puffy eyes\n[expect preparing]\n")
    (tmp_path / "wrong.dialogue").write_text(
        "# Misheard\nyou: mrning pufness\n[expect preparing]\n"
    )
    (tmp_path / "odd.dialogue").write_text("# Odd\n[dance]\ncoach: *\n")
    (tmp_path / "both.dialogue").write_text("# Both\nby: text, voice\ncoach: Hello.\n")
    return tmp_path


def test_each_script_is_a_test_named_by_its_title(project: Path) -> None:
    (project / "odd.dialogue").unlink()
    shown = run(project, *PLUGIN, "--collect-only", "-q").stdout.splitlines()
    assert "good.dialogue::Choosing" in shown
    assert "both.dialogue::Both" in shown
    assert "both.dialogue::Both (by voice)" in shown
    assert len([row for row in shown if "::" in row]) == 4


def test_scripts_by_voice_can_be_selected_also_with_strict_markers(project: Path) -> None:
    (project / "odd.dialogue").unlink()
    flags = ("--collect-only", "-q", "--strict-markers", "-m", "by_voice")
    shown = run(project, *PLUGIN, *flags).stdout
    assert [row for row in shown.splitlines() if "::" in row] == ["both.dialogue::Both (by voice)"]


def test_a_failure_shows_the_conversation_and_no_traceback(project: Path) -> None:
    done = run(project, *PLUGIN, "-m", "not by_voice", "--continue-on-collection-errors")
    assert "2 passed, 1 failed, 1 deselected, 1 error" in _sorted_counts(done.stdout)
    assert "wrong.dialogue:2: wanted 'you: mrning pufness'" in done.stdout
    assert "the coach asked back about start" in done.stdout
    assert "odd.dialogue:2: found '[dance]'; allowed: " in done.stdout
    assert "Traceback" not in done.stdout
    assert "rehearsal.py" not in done.stdout


def test_a_conftest_can_ask_for_the_plugin(project: Path) -> None:
    (project / "odd.dialogue").unlink()
    (project / "conftest.py").write_text(f"pytest_plugins = [{PLUGIN[1]!r}]\n")
    shown = run(project, "--collect-only", "-q").stdout.splitlines()
    assert "good.dialogue::Choosing" in shown


def test_a_run_that_does_not_ask_for_the_plugin_is_left_alone(project: Path) -> None:
    assert [point.value for point in entry_points(group="pytest11", module=PLUGIN[1])] == []
    (project / "test_own.py").write_text(
        "import sys\n"
        "def test_own(pytestconfig):\n"
        "    assert not [name for name in sys.modules if name.partition('.')[0] == 'assistant']\n"
        "    assert 'by_voice' not in str(pytestconfig.getini('markers'))\n"
    )
    done = run(project)
    assert "1 passed in" in done.stdout, done.stdout
    assert ".dialogue" not in done.stdout


def test_a_project_without_scripts_loads_nothing_for_them(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text(
        "import sys\n"
        "def test_own():\n"
        "    assert 'assistant.rehearsal.pytest_plugin' in sys.modules\n"
        "    loaded = {name for name in sys.modules if name.startswith('assistant.')}\n"
        "    light = {'assistant.errors', 'assistant.rehearsal'}\n"
        "    assert loaded - light == {'assistant.rehearsal.pytest_plugin'}\n"
        "    assert not {'numpy', 'yaml', 'pydantic', 'vosk'} & set(sys.modules)\n"
    )
    done = run(tmp_path, *PLUGIN)
    assert "1 passed" in done.stdout, done.stdout


def _sorted_counts(output: str) -> str:
    counts = output.strip().splitlines()[-1].strip("= ").partition(" in ")[0].split(", ")
    order = ("passed", "failed", "deselected", "error")
    return ", ".join(sorted(counts, key=lambda count: order.index(count.split()[1])))
