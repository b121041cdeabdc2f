"""The real model, damaged: whoever asks for it gets one sentence, and its advice helps."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from assistant.hearing.model_trial import trial_fault
from assistant.speech_model import store
from tests.speech_model.fake_model import GOOD

RECORDING = Path(__file__).parents[1] / "audio_clips" / "yes"


@pytest.fixture
def recording() -> Path:
    return min(RECORDING.glob("*.flac"))


@pytest.fixture(autouse=True)
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """`massage setup` need not render the first words."""
    monkeypatch.setenv("MASSAGE_VOICE", "silent")


@pytest.fixture
def copied(model_path: Path, tmp_path: Path) -> Path:
    """A copy of the model, as if the user had unpacked it."""
    to = tmp_path / "models" / "small"
    shutil.copytree(model_path, to, ignore=shutil.ignore_patterns("*.sha256"))
    return to


@pytest.fixture
def own(copied: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, where `massage setup` puts it."""
    monkeypatch.delenv("VOSK_MODEL_PATH", raising=False)
    monkeypatch.setattr(store, "_own_folders", lambda: iter([copied]))
    return copied


def damage(folder: Path, how: str) -> None:
    match how:
        case "a cut graph":
            os.truncate(folder / "graph/HCLr.fst", 11_000_000)
        case "blank settings":
            (folder / "conf/mfcc.conf").write_text("\n")
        case "a folder less":
            shutil.rmtree(folder / "ivector")
        case "a changed network":  # the process that loads it dies
            with (folder / "am/final.mdl").open("r+b") as file:
                for place in range(1_000, 400_000, 2_000):
                    file.seek(place)
                    file.write(b"\xa5")


KINDS = ["a cut graph", "blank settings", "a folder less", "a changed network"]


@pytest.mark.usefixtures("no_sound_card")
@pytest.mark.parametrize("how", KINDS)
def test_without_checksums_a_trial_finds_it_and_nothing_else_is_said(
    copied: Path, how: str, recording: Path
) -> None:
    damage(copied, how)
    command = [sys.executable, "-m", "assistant", "hear", str(recording), "--model", str(copied)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    assert line.startswith(f"massage: The speech model in {copied} is damaged")


@pytest.mark.parametrize("how", KINDS)
def test_with_checksums_everyone_names_the_file(
    own: Path, how: str, recording: Path, massage, tmp_path: Path
) -> None:
    assert massage("setup").status == 0
    damage(own, how)
    wav = tmp_path / "out.wav"
    for command in (["hear", recording], ["play", "--mic", recording, "--speaker", wav]):
        refusal = massage(*command).refusal
        assert refusal.startswith(f"massage: The speech model in {own} has ")
        assert "massage setup" in refusal
    told = massage("doctor", "--voice", "silent")
    assert told.status == 1
    [line] = [line for line in told.out.splitlines() if "speech model:" in line]
    assert line.startswith("problem")
    assert f"{own} has " in line


def test_the_advice_helps(own: Path, recording: Path, massage, tmp_path: Path) -> None:
    whole = tmp_path / "model.zip"
    with zipfile.ZipFile(whole, "w") as packed:
        for path in own.rglob("*"):
            packed.write(path, path.relative_to(own.parent))
    assert massage("setup").status == 0
    damage(own, "a cut graph")
    assert "massage setup" in massage("hear", recording).refusal
    assert massage("setup", "--from", whole).status == 0
    assert '"text": "yes"' in massage("hear", recording).out


def test_stub_files_do_not_replace_a_model_that_works(own: Path, massage, tmp_path: Path) -> None:
    stub = tmp_path / "stub.zip"
    stub.write_bytes(GOOD)
    refusal = massage("setup", "--from", stub).refusal
    assert refusal == (
        f"massage: {stub} is not a usable speech model: it is damaged, since it cannot be loaded."
    )
    assert trial_fault(own) is None
