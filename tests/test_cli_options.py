"""Options that several commands share: before the command, after it, and where they are useless."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from assistant.cli import CONTENT, CONVERSATION, UPKEEP, parser
from assistant.commands import voices
from assistant.commands.options import SHARED

if TYPE_CHECKING:
    from tests.conftest import Done

    Massage = Callable[..., Done]

pytestmark = pytest.mark.usefixtures("no_sound_card", "hurried_clock")


@pytest.mark.parametrize("before", [True, False])
def test_a_transcript_is_written_wherever_it_was_asked_for(
    massage: "Massage", tmp_path: Path, before: bool
):
    option, command = ["--transcript", tmp_path / "t.jsonl"], ["chat"]
    done = massage(*(option + command if before else command + option), stdin="stop\n")
    assert done.status == 0
    entries = map(json.loads, (tmp_path / "t.jsonl").read_text().splitlines())
    assert "stop" in [entry.get("user") for entry in entries]


def test_of_two_places_the_later_one_holds(massage: "Massage", tmp_path: Path):
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    massage("--transcript", first, "chat", "--transcript", second, stdin="stop\n")
    assert second.exists()
    assert not first.exists()


@pytest.mark.parametrize(
    "arguments", [["--voice", "nosuch", "doctor"], ["doctor", "--voice", "nosuch"]]
)
def test_doctor_examines_the_voice_that_was_named(massage: "Massage", arguments: list[str]):
    done = massage(*arguments)
    assert done.status == 1
    assert "problem  voice: No voice 'nosuch' is installed" in done.out


def test_doctor_examines_the_later_voice(massage: "Massage"):
    assert (
        "ok       voice: pyttsx3"
        in massage("--voice", "nosuch", "doctor", "--voice", "pyttsx3").out
    )


def test_a_speech_model_named_before_the_command_is_used(massage: "Massage", tmp_path: Path):
    soundfile.write(tmp_path / "silence.wav", np.zeros(1_600), 16_000)
    done = massage("--model", tmp_path, "hear", tmp_path / "silence.wav")
    assert f"{tmp_path} is" in done.refusal or str(tmp_path) in done.refusal


@pytest.mark.parametrize("before", [True, False])
def test_the_rate_reaches_a_command_of_a_command(massage: "Massage", before: bool):
    rate = ["--rate", "9"]
    command = ["voices", "try", "pyttsx3", "--out", "x.wav"]
    done = massage(*(rate + command if before else command + rate))
    assert done.refusal == "massage: --rate: found '9'; allowed: 0.5 to 2."


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


VALUES = {"rate": "1.1", "volume": "1.1"}
USABLE = {
    "talk": {*SHARED},
    "chat": {*SHARED},
    "play": {*SHARED},
    "demo": {"model", "voice", "rate", "volume", "bed", "log"},
    "rehearse": {"model", "voice", "rate", "volume", "bed", "log"},
    "hear": {"model", "log"},
    "show": {"voice", "log"},
    "doctor": {"model", "voice", "log"},
}
NEEDED = {
    "play": ["--mic", "a", "--speaker", "b"],
    "hear": ["a.wav"],
    "rehearse": ["a.dialogue"],
    "show": ["glow"],
    "check": ["a.yaml"],
    "new": ["a"],
    "misses": ["misses.jsonl"],
}
NAMES = [c.__name__.rpartition(".")[2] for c in (*CONVERSATION, *CONTENT, *UPKEEP)]


@pytest.mark.parametrize("name", NAMES)
def test_an_option_that_a_command_cannot_use_is_refused_in_one_sentence(
    massage: "Massage", name: str
):
    """None of these runs: what is refused is refused before anything is done."""
    command = [name, *NEEDED.get(name, [])]
    for option in SHARED.keys() - USABLE.get(name, {"log"}):
        given = [_option(option), VALUES.get(option, "x")]
        for arguments in ([*given, *command], [*command, *given]):
            done = massage(*arguments)
            assert done.status == 2
            assert f"`massage {name}` cannot use {_option(option)}" in done.refusal


@pytest.mark.parametrize("name", NAMES)
def test_every_command_reads_the_options_it_can_use(name: str):
    command = [name, *NEEDED.get(name, [])]
    for option in USABLE.get(name, {"log"}):
        parsed = parser().parse_args([_option(option), "1", *command])
        assert option in parsed.usable


def test_listing_voices_has_no_use_for_how_one_sounds(massage: "Massage"):
    assert "`massage voices` cannot use --rate" in massage("--rate", "1.5", "voices").refusal
    assert voices.Options().name is None


@pytest.mark.parametrize("arguments", [["chta"], ["show"], ["play", "--mic"], ["schema", "song"]])
def test_wrong_usage_is_one_sentence_that_leads_to_the_help(
    massage: "Massage", arguments: list[str]
):
    done = massage(*arguments)
    assert done.status == 2
    assert "--help`" in done.refusal
