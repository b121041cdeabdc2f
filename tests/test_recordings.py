"""`massage play` and `hear` with real recordings, as a script would call them."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

if TYPE_CHECKING:
    from tests.conftest import Done

    Massage = Callable[..., Done]


@pytest.fixture(scope="module")
def conversation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user who chooses a massage after the greeting and pauses it: 16 kHz, mono."""
    folder = tmp_path_factory.mktemp("recorded")
    sound = np.zeros(52 * 16_000, np.float32)
    for at, text in ((13.0, "puffy eyes"), (27.0, "ready"), (34.0, "pause"), (37.0, "stop")):
        path = folder / f"{text}.wav"
        subprocess.run(["flite", "-voice", "rms", "-t", text, "-o", path], check=True, timeout=30)
        spoken, _ = soundfile.read(path, dtype="float32")
        sound[int(at * 16_000) :][: len(spoken)] = spoken
    soundfile.write(folder / "mic.wav", sound, 16_000)
    return folder / "mic.wav"


@pytest.mark.usefixtures("model_path")
def test_a_recording_is_answered_the_same_every_time(
    massage: "Massage", conversation: Path, tmp_path: Path
) -> None:
    """Twice the same transcript, byte for byte; the speaker's file lasts as long as the mic's."""
    transcripts = []
    for run in ("one", "two"):
        files = ("--speaker", tmp_path / f"{run}.wav", "--transcript", tmp_path / f"{run}.jsonl")
        done = massage("play", "--mic", conversation, "--voice", "pyttsx3", *files)
        assert done.status == 0, done.err
        transcripts.append((tmp_path / f"{run}.jsonl").read_bytes())
    assert transcripts[0] == transcripts[1]
    modes = [entry.get("mode") for entry in map(json.loads, transcripts[0].splitlines())]
    assert [mode for mode in modes if mode] == [
        "preparing",
        "guiding",
        "paused",
        "confirming",
        "finished",
    ]
    played = soundfile.info(tmp_path / "one.wav")
    assert (played.samplerate, played.channels) == (48_000, 2)
    assert played.frames == 3 * soundfile.info(conversation).frames


@pytest.mark.usefixtures("model_path")
def test_a_recording_in_a_studio_format_is_heard(
    massage: "Massage", conversation: Path, tmp_path: Path
) -> None:
    import soxr

    sound, rate = soundfile.read(conversation, start=12 * 16_000, stop=16 * 16_000)
    studio = soxr.resample(np.stack([sound, sound], axis=1), rate, 44_100)
    soundfile.write(tmp_path / "studio.wav", studio, 44_100, subtype="PCM_24")
    done = massage("hear", "--state", "choosing", tmp_path / "studio.wav")
    heard = json.loads(done.out)
    assert heard["slots"] == {"routine": "puffy-eyes"}
    assert heard["start"] == pytest.approx(1.1, abs=0.4)
    assert heard["decided"] > heard["end"]


@pytest.mark.usefixtures("model_path")
def test_a_recording_without_a_command_gives_one_line_that_says_so(
    massage: "Massage", tmp_path: Path
) -> None:
    soundfile.write(tmp_path / "silence.wav", np.zeros(16_000), 8_000)
    done = massage("hear", tmp_path / "silence.wav")
    assert json.loads(done.out)["intent"] is None


@pytest.mark.usefixtures("model_path")
@pytest.mark.parametrize("content", [b"", b"a shopping list"])
def test_what_is_no_recording_is_refused_in_one_sentence(
    massage: "Massage", tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "odd.wav"
    path.write_bytes(content)
    out = tmp_path / "out.wav"
    for command in (("hear", path), ("play", "--mic", path, "--speaker", out)):
        done = massage(*command)
        assert done.status == 1
        assert done.out == ""
        assert len(done.err.strip().splitlines()) == 1
        assert "odd.wav" in done.err


@pytest.mark.usefixtures("model_path")
@pytest.mark.parametrize("use", ["hear", "--mic", "--bed", "--noise", "--record"])
def test_a_recording_that_is_damaged_in_the_middle_ends_in_one_sentence(
    massage: "Massage", tmp_path: Path, use: str
) -> None:
    path, whole, out = tmp_path / "damaged.flac", tmp_path / "whole.wav", tmp_path / "out.wav"
    noise = np.random.default_rng(1).normal(0, 0.01, 16_000)
    soundfile.write(whole, noise, 16_000)
    soundfile.write(path, np.tile(noise, 6), 16_000)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :] = bytes(len(content) // 2)
    path.write_bytes(content)
    script = tmp_path / "a.dialogue"
    script.write_text("# A\ncoach: *\n")
    by_voice = ("--by", "voice", "--voice", "pyttsx3")
    done = massage(
        *{
            "hear": ("hear", path),
            "--mic": ("play", "--voice", "pyttsx3", "--mic", path, "--speaker", out),
            "--bed": ("play", "--mic", whole, "--speaker", out, "--bed", path),
            "--noise": ("rehearse", script, *by_voice, "--noise", path),
            "--record": ("rehearse", *by_voice, "--mic", path, "--record", tmp_path / "b.dialogue"),
        }[use]
    )
    assert done.status == 1
    assert "Traceback" not in done.err
    assert "damaged.flac is damaged and cannot be read beyond" in done.err.splitlines()[-1]


@pytest.mark.usefixtures("model_path")
def test_noise_may_come_from_a_telephone(massage: "Massage", tmp_path: Path) -> None:
    noise, script = tmp_path / "gsm.wav", tmp_path / "a.dialogue"
    sound = np.random.default_rng(1).normal(0, 0.1, 16_000)
    soundfile.write(noise, sound, 8_000, subtype="GSM610")
    script.write_text("# A\ncoach: *\n")
    done = massage("rehearse", script, "--by", "voice", "--voice", "pyttsx3", "--noise", noise)
    assert done.status == 0, done.err


def test_a_model_that_is_none_is_refused_in_one_sentence(
    massage: "Massage", tmp_path: Path
) -> None:
    soundfile.write(tmp_path / "silence.wav", np.zeros(16_000), 16_000)
    done = massage("hear", "--model", tmp_path, tmp_path / "silence.wav")
    assert done.status == 1
    assert "Traceback" not in done.err
    assert "not a speech model" in done.err


@pytest.mark.usefixtures("model_path")
def test_with_an_attention_word_only_what_follows_it_is_obeyed(
    massage: "Massage", tmp_path: Path
) -> None:
    """Said before a command, said alone before one, or not at all; stop needs no such word."""
    sound = np.zeros(64 * 16_000, np.float32)
    for at, text in (
        *((13.0, "puffy eyes"), (18.0, "coach puffy eyes"), (36.0, "ready")),
        *((41.0, "coach"), (44.0, "ready"), (50.0, "stop the massage")),
    ):
        path = tmp_path / "said.wav"
        subprocess.run(["flite", "-voice", "slt", "-t", text, "-o", path], check=True, timeout=30)
        spoken, _ = soundfile.read(path, dtype="float32")
        sound[int(at * 16_000) :][: len(spoken)] = spoken
    soundfile.write(tmp_path / "mic.wav", sound, 16_000)
    files = ("--speaker", tmp_path / "out.wav", "--transcript", tmp_path / "t.jsonl")
    done = massage(
        *("play", "--mic", tmp_path / "mic.wav", "--voice", "pyttsx3", "--attention", "coach"),
        *files,
    )
    assert done.status == 0, done.err
    entries = [json.loads(line) for line in (tmp_path / "t.jsonl").read_text().splitlines()]
    modes = {entry["mode"]: entry["at"] for entry in entries if "mode" in entry}
    assert 18 < modes["preparing"] < 21
    assert 44 < modes["guiding"] < 47
    assert 50 < modes["confirming"] < 53


@pytest.mark.usefixtures("model_path")
@pytest.mark.parametrize("word", ["zorblax", "?"])
def test_an_attention_word_that_cannot_be_heard_is_refused(
    massage: "Massage", conversation: Path, tmp_path: Path, word: str
) -> None:
    files = ("--mic", conversation, "--speaker", tmp_path / "out.wav")
    done = massage("play", *files, "--attention", word)
    assert done.status == 2
    assert f"'{word}'" in done.err
    assert "Traceback" not in done.err
