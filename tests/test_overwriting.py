"""What a command reads is never overwritten by what it writes, under whatever name."""

import argparse
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from assistant.cli import parser
from assistant.commands.overwriting import READ, WRITTEN
from assistant.config import Settings, load_settings

if TYPE_CHECKING:
    from tests.conftest import Done

    Massage = Callable[..., Done]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "precious.wav"
    soundfile.write(path, np.random.default_rng(1).normal(0, 0.1, 16_000), 16_000)
    return path


def the_same(path: Path, how: str) -> Path:
    """Another name of the same file."""
    other = path.parent / "other name.wav"
    if how == "symbolic link":
        other.symlink_to(path)
    elif how == "hard link":
        os.link(path, other)
    return {"itself": path, "a detour": path.parent / "." / path.name}.get(how, other)


COMMANDS = {
    "play --mic, --transcript": ("play", "--mic", "IN", "--speaker", "out.wav", "--transcript"),
    "play --mic, --speaker": ("play", "--mic", "IN", "--speaker"),
    "play --bed, --speaker": ("play", "--mic", "other.wav", "--bed", "IN", "--speaker"),
    "chat --bed, --transcript": ("chat", "--bed", "IN", "--transcript"),
    "hear, --log": ("hear", "IN", "--log"),
    "hear --sentences, --log": ("hear", "x.wav", "--sentences", "IN", "--log"),
    "understand --sentences, --log": ("understand", "--sentences", "IN", "--log"),
    "rehearse, --log": ("rehearse", "IN", "--log"),
    "rehearse --noise, --log": ("rehearse", "a", "--by", "voice", "--noise", "IN", "--log"),
    "rehearse --mic, --record": ("rehearse", "--by", "voice", "--mic", "IN", "--record"),
    "show --voice, --score": ("show", "puffy-eyes", "--voice", "IN", "--score"),
    "check, --log": ("check", "IN", "--log"),
    "setup --from, --log": ("setup", "--from", "IN", "--log"),
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("how", ["itself", "a detour", "symbolic link", "hard link"])
def test_an_output_that_is_an_input_is_refused_before_anything_is_written(
    massage: "Massage", recording: Path, name: str, how: str
):
    before = recording.read_bytes()
    output = the_same(recording, how)
    command = [recording if part == "IN" else part for part in COMMANDS[name]]
    done = massage(*command, output)
    assert f"would overwrite {output}, which is also read" in done.refusal
    assert done.status == 2
    assert recording.read_bytes() == before


def test_the_bed_of_the_settings_file_is_not_overwritten(
    massage: "Massage", recording: Path, monkeypatch: pytest.MonkeyPatch
):
    def with_bed(given: dict[str, str]) -> Settings:
        return load_settings({**given, "bed": str(recording)})

    monkeypatch.setattr("assistant.commands.overwriting.load_settings", with_bed)
    assert "would overwrite" in massage("chat", "--transcript", recording).refusal


def test_a_demo_does_not_overwrite_its_own_bed(massage: "Massage", recording: Path):
    bed = recording.rename(recording.parent / "demo.wav")
    assert (
        "--folder would overwrite" in massage("demo", "--folder", bed.parent, "--bed", bed).refusal
    )


def test_two_outputs_cannot_be_one_file(massage: "Massage", recording: Path, tmp_path: Path):
    both = tmp_path / "not there yet"
    files = ("--mic", recording, "--speaker", both, "--transcript", both)
    assert "--speaker and --transcript would both write" in massage("play", *files).refusal
    assert not both.exists()


def test_nothing_is_lost_in_a_device_so_it_may_be_named_twice(massage: "Massage"):
    done = massage("list", "--log", os.devnull)
    assert done.status == 0
    done = massage("chat", "--transcript", os.devnull, "--log", os.devnull, stdin="stop\n")
    assert done.status == 0


def test_every_argument_that_names_a_file_is_known_to_be_read_or_written():
    """A new option is in one of the two lists, or its file is not protected."""
    assert set(_paths(parser())) <= {*READ, *WRITTEN}


def _paths(of: argparse.ArgumentParser) -> Iterator[str]:
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _paths(command)
        elif action.type is Path:
            yield action.dest
