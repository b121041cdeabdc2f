"""What was not understood is kept only when asked, shown in groups, and can be taught."""

import json
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Done

    Massage = Callable[..., Done]

pytestmark = pytest.mark.usefixtures("no_sound_card", "hurried_clock")
ODD = "flibber the jabberwock"


def test_nothing_is_kept_unless_asked_for(massage: "Massage", tmp_path: Path) -> None:
    massage("chat", stdin=f"{ODD}\nstop\n")
    assert not list(tmp_path.glob("*.jsonl"))


def test_misses_are_kept_for_the_user_alone(massage: "Massage", tmp_path: Path) -> None:
    kept = tmp_path / "misses.jsonl"
    assert massage("chat", "--keep-misses", kept, stdin=f"{ODD}\nstop\n").status == 0
    told = [json.loads(line) for line in kept.read_text().splitlines()]
    assert [miss["text"] for miss in told] == [ODD]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert ODD in massage("misses", kept).out


def test_a_miss_can_be_taught(massage: "Massage", tmp_path: Path) -> None:
    kept = tmp_path / "misses.jsonl"
    kept.write_text(json.dumps({"text": ODD, "state": "guiding"}) + "\n")
    assert '"intent": null' in massage("understand", "--state", "guiding", ODD).out
    assert massage("misses", kept, "--as", "slower", "--of", "1").status == 0
    assert '"intent": "slower"' in massage("understand", "--state", "guiding", ODD).out


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (["--as", "slowr", "--of", "1"], "found 'slowr', an unknown intent; did you mean 'slower'"),
        (["--as", "slower", "--of", "7"], "There is no sentence 7; there are 1."),
        (["--as", "slower"], "--as needs an intent and the numbers of sentences"),
    ],
)
def test_wrong_use_is_one_sentence(
    massage: "Massage", tmp_path: Path, arguments: list[str], refusal: str
) -> None:
    kept = tmp_path / "misses.jsonl"
    kept.write_text(json.dumps({"text": ODD, "state": "guiding"}) + "\n")
    done = massage("misses", kept, *arguments)
    assert done.status != 0
    assert refusal.lower() in done.refusal.lower()


@pytest.mark.parametrize("content", ["not json\n", '{"text": 1}\n', "[]\n", "\x00\n"])
def test_a_file_of_something_else_is_refused(
    massage: "Massage", tmp_path: Path, content: str
) -> None:
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text(content)
    assert f"{wrong}:1: " in massage("misses", wrong).refusal


def test_a_file_that_cannot_be_written_is_told(massage: "Massage", tmp_path: Path) -> None:
    done = massage("chat", "--keep-misses", tmp_path / "no" / "where.jsonl", stdin="stop\n")
    assert "Choose another file for --keep-misses" in done.refusal
