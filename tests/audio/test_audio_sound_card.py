"""The sound-card path for real: PortAudio over a virtual card, each program in its own process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from assistant.audio.device import RATE_IN, RATE_OUT, Samples
from assistant.audio.wav_files import read_wav, write_wav

if TYPE_CHECKING:
    from tests.audio.virtual_card import VirtualCard

LISTEN_AND_PLAY = """
import sys, numpy as np
from pathlib import Path
from assistant.audio.device import BLOCK_OUT, RATE_OUT
from assistant.audio.sound_card import open_sound_card
from assistant.audio.wav_files import write_wav

card = open_sound_card()
print("open", flush=True)
time = np.arange(150 * BLOCK_OUT) / RATE_OUT
tone = (0.3 * np.sin(2 * np.pi * 1000 * time)).astype(np.float32)
blocks = np.repeat(tone[:, None], 2, axis=1).reshape(150, BLOCK_OUT, 2)
heard = np.concatenate([card.exchange(block).block for block in blocks])
card.close()
write_wav(Path(sys.argv[1]), heard, 16000)
"""
REPORT_CHANGES = """
import logging, sys
from assistant.audio.device import SILENCE_OUT
from assistant.audio.sound_card import open_sound_card

logging.basicConfig(filename=sys.argv[1], level=logging.INFO, format="%(message)s")
card = open_sound_card()
print("open", flush=True)
back = set()
for _ in range(1500):
    for change in card.exchange(SILENCE_OUT).changes:
        print(change, flush=True)
        back |= {change} & {"microphone back", "speaker back"}
    if len(back) == 2:
        break
card.close()
"""
OPEN = """
from assistant.audio.sound_card import open_sound_card
from assistant.errors import DeviceError
try:
    open_sound_card(MIC, SPEAKER)
except DeviceError as error:
    print(error)
"""
PROBE = """
import dataclasses, json
from assistant.audio.sound_card import probe
print(json.dumps(dataclasses.asdict(probe())))
"""


def start(program: str, env: dict[str, str], *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def output(program: str, env: dict[str, str]) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env=env, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert ran.stderr == ""
    return ran.stdout.strip()


def next_line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline().strip()


def pitch(sound: Samples, rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(sound))
    return float(np.argmax(spectrum)) * rate / len(sound)


def test_the_card_is_heard_and_plays(virtual_card: "VirtualCard", tmp_path: Path):
    time = np.arange(4 * RATE_OUT) / RATE_OUT
    spoken, heard, played = (tmp_path / name for name in ("spoken.wav", "heard.wav", "played.wav"))
    write_wav(spoken, (0.4 * np.sin(2 * np.pi * 440 * time)).astype(np.float32), RATE_OUT)
    with (
        virtual_card.record_speaker(played),
        start(LISTEN_AND_PLAY, virtual_card.env, heard) as process,
    ):
        assert next_line(process.stdout) == "open"
        virtual_card.play_into_microphone(spoken)
        assert process.wait(timeout=30) == 0
    sound = read_wav(heard, RATE_IN)
    assert len(sound) == 3 * RATE_IN
    assert pitch(sound, RATE_IN) == pytest.approx(440, abs=2)
    recorded, rate = soundfile.read(played, dtype="float32")
    assert pitch(recorded[:, 0], rate) == pytest.approx(1000, abs=2)
    assert (np.abs(recorded[:, 0]) > 0.1).sum() / rate > 2  # most of the 3 s, at most a gap


def test_a_lost_card_is_announced_and_taken_back_when_it_returns(
    virtual_card: "VirtualCard", tmp_path: Path
):
    log = tmp_path / "log.txt"
    with start(REPORT_CHANGES, virtual_card.env, log) as process:
        assert next_line(process.stdout) == "open"
        virtual_card.stop()
        lost = {next_line(process.stdout), next_line(process.stdout)}
        assert lost == {"microphone lost", "speaker lost"}
        virtual_card.start()
        back = {next_line(process.stdout), next_line(process.stdout)}
        assert back == {"microphone back", "speaker back"}
        assert process.wait(timeout=30) == 0
    logged = log.read_text()
    assert logged.count("microphone opened: default, ") == 2
    assert logged.index("speaker lost") < logged.index("speaker found again")


def test_the_default_devices_are_named(virtual_card: "VirtualCard"):
    found = json.loads(output(PROBE, virtual_card.env))
    assert found["microphone"]["name"] == found["speaker"]["name"] == "default"
    assert found["speaker"]["rate"] >= 8000
    assert found["troubles"] == []


@pytest.fixture
def without_cards(tmp_path: Path) -> dict[str, str]:
    """The environment of a computer that has no sound devices at all."""
    config = tmp_path / "asound.conf"
    config.write_text("pcm { absent { type hw card 31 } }")  # ALSA aborts on an empty one
    return os.environ | {"ALSA_CONFIG_PATH": str(config), "HOME": str(tmp_path)}


@pytest.mark.parametrize(
    ("mic", "speaker", "missing"),
    [(True, False, "microphone"), (False, True, "speaker"), (True, True, "microphone")],
)
def test_what_is_missing_is_named_in_one_sentence(
    without_cards: dict[str, str], mic: bool, speaker: bool, missing: str
):
    program = OPEN.replace("MIC", str(mic)).replace("SPEAKER", str(speaker))
    sentence = output(program, without_cards)
    assert sentence.startswith(f"No {missing} was found; ")
    assert "sound settings" in sentence


def test_looking_at_a_computer_without_sound_devices_names_both(without_cards: dict[str, str]):
    found = json.loads(output(PROBE, without_cards))
    assert found["microphone"] is found["speaker"] is None
    assert [trouble.split()[1] for trouble in found["troubles"]] == ["microphone", "speaker"]


def test_a_sound_server_that_does_not_run_is_no_card(virtual_card: "VirtualCard"):
    virtual_card.stop()
    found = json.loads(output(PROBE, virtual_card.env))
    assert found["microphone"] is found["speaker"] is None
    assert len(found["troubles"]) == 2


def test_a_missing_library_is_named(without_cards: dict[str, str], tmp_path: Path):
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')")
    env = without_cards | {"PYTHONPATH": str(tmp_path)}
    assert "apt install libportaudio2" in json.loads(output(PROBE, env))["troubles"][0]
