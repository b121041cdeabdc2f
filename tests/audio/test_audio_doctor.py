"""`massage doctor` with a sound card: it hears its echo, the level, and whether "next" is heard."""

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.audio.virtual_card import VirtualCard


def examined(card: "VirtualCard", model: Path, spoken: Path | None) -> dict[str, dict[str, Any]]:
    findings = {}
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "assistant", "doctor", "--json", "--voice", "pyttsx3"],
        stdout=subprocess.PIPE,
        text=True,
        env=card.env | {"VOSK_MODEL_PATH": str(model)},
    ) as running:
        assert running.stdout
        for line in running.stdout:
            finding = json.loads(line)
            findings[finding["part"]] = finding
            if finding["part"] == "listening" and spoken:
                card.play_into_microphone(spoken)
    return findings


def test_doctor_hears_its_echo_and_the_user(
    virtual_card: "VirtualCard", model_path: Path, tmp_path: Path
) -> None:
    virtual_card.echo(milliseconds=60)
    spoken = tmp_path / "next.wav"
    subprocess.run(
        ["flite", "-voice", "slt", "-t", "next please", "-o", spoken], check=True, timeout=60
    )
    found = examined(virtual_card, model_path, spoken)
    assert found["understanding"]["good"], list(found.values())[5:]
    assert "next" in found["understanding"]["text"]
    assert found["level"]["good"], found
    assert " dB after " in found["echo"]["text"]
    assert found["microphone"]["good"]


def test_doctor_says_when_nobody_was_heard(virtual_card: "VirtualCard", model_path: Path) -> None:
    found = examined(virtual_card, model_path, None)
    assert not found["understanding"]["good"]
    assert "did not hear" in found["understanding"]["text"]
    assert not found["level"]["good"]
    assert "too soft" in found["level"]["text"]
    assert "does not hear the speaker" in found["echo"]["text"]
