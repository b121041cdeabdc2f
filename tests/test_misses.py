"""What was not understood is kept only when asked, shown in groups, and can be taught."""

import json
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.library.library import own_examples_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Done

    Massage = Callable[..., Done]

pytestmark = pytest.mark.usefixtures("no_sound_card", "hurried_clock")


@pytest.fixture
def examples() -> Path:
    folder = own_examples_folder()
    folder.mkdir(parents=True)
    return folder


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


def test_what_was_asked_back_last_is_kept_as_well(massage: "Massage", tmp_path: Path) -> None:
    kept = tmp_path / "misses.jsonl"
    massage("chat", "--keep-misses", kept, stdin="jw lne\n")
    told = [json.loads(line) for line in kept.read_text().splitlines()]
    assert [(miss["text"], miss["perhaps"]) for miss in told] == [("jw lne", "start")]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's always-full device")
def test_a_full_disk_ends_the_keeping_and_not_the_conversation(massage: "Massage") -> None:
    done = massage("chat", "--keep-misses", "/dev/full", stdin=f"{ODD}\nglow\n{ODD}\nstop\n")
    assert done.status == 0
    assert done.err.count("What is not understood is no longer kept: No space left") == 1
    assert "Goodbye" in done.err


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("examples: [1]", ":1: examples: "),
        ("examples:\n  guiding: [1]\n", ":2: guiding: found 1"),
        ("examples:\n  guiding:\n    - {slots: {}}\n", ":3: "),
        ("just words\n", ":1: "),
    ],
)
def test_a_wrong_file_of_examples_costs_that_file_only(
    massage: "Massage", examples: Path, content: str, problem: str
) -> None:
    (examples / "louder.yaml").write_text("examples:\n  guiding: [crank the beast]\n")
    (examples / "slower.yaml").write_text(content)
    wrong = f"{examples / 'slower.yaml'}{problem}"
    for command in (["list"], ["doctor"], ["check", examples / "slower.yaml"]):
        done = massage(*command)
        assert wrong in done.out + done.err, command
    assert wrong in massage("chat", stdin="stop\n").err
    done = massage("understand", "--state", "guiding", "crank the beast")
    assert '"intent": "louder"' in done.out


def test_a_file_named_after_no_intent_is_told(massage: "Massage", examples: Path) -> None:
    (examples / "slowr.yaml").write_text("examples:\n  guiding: [ease the pace]\n")
    assert "unknown intent; did you mean 'slower'" in massage("chat", stdin="stop\n").err
    assert massage("check", examples / "slowr.yaml").status == 1


def test_teaching_leaves_what_a_person_wrote(massage: "Massage", examples: Path, tmp_path: Path):
    own = "# mine\nexamples:\n  guiding: [ease the pace]\n"
    (examples / "slower.yaml").write_text(own)
    kept = tmp_path / "misses.jsonl"
    kept.write_text(json.dumps({"text": ODD, "state": "guiding"}) + "\n")
    assert massage("misses", kept, "--as", "slower", "--of", "1").status == 0
    assert (examples / "slower.yaml").read_text() == own
    assert '"intent": "slower"' in massage("understand", "--state", "guiding", ODD).out
