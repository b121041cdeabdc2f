"""The narration steps back for whoever begins to speak, and comes back if it was nothing."""

from pathlib import Path

import numpy as np
import pytest

from assistant.audio.device import BLOCK_OUT, BLOCK_SECONDS, RATE_OUT, Samples
from assistant.commands.rehearsing import Stage
from assistant.config import Settings
from assistant.rehearsal.acoustics import Acoustics
from assistant.rehearsal.room import Room
from assistant.rehearsal.script import read_script
from assistant.screen.plain import NoScreen
from assistant.speaking.voice import Clip

COUGH_AT, COUGH_SECONDS = 4.0, 0.3


def cough() -> Clip:
    samples = np.random.default_rng(5).standard_normal(round(COUGH_SECONDS * RATE_OUT)) * 0.2
    return Clip(len(samples), samples.astype(np.float32))


@pytest.fixture
def stage(model_path: Path) -> Stage:
    return Stage(Settings(model=str(model_path), voice="pyttsx3"), by_voice=True)


def hello(stage: Stage, folder: Path, disturbed: bool) -> Samples:
    """The coach's first seven seconds, (blocks, 960)."""
    script = folder / "hello.dialogue"
    script.write_text("# Hello\ncoach: Hello*\n")
    room = Room(True, Acoustics(), record=True)
    session = stage.session(read_script(script), room, NoScreen())
    session.start()
    for number in range(350):
        if disturbed and number == round(COUGH_AT / BLOCK_SECONDS):
            room.speak(cough())
        session.step()
    session.close()
    return room.recorded()[:, 0].reshape(-1, BLOCK_OUT)


def test_a_cough_lowers_the_narration_for_a_moment_only(stage: Stage, tmp_path: Path) -> None:
    undisturbed = np.abs(hello(stage, tmp_path, disturbed=False)).max(axis=1)
    sounding = undisturbed > 0.02
    gains = np.abs(hello(stage, tmp_path, disturbed=True)).max(axis=1)[sounding]
    gains = 20 * np.log10(gains / undisturbed[sounding])
    when = np.flatnonzero(sounding) * BLOCK_SECONDS
    assert np.all(gains[when < COUGH_AT] == 0)
    lowered = when[gains < -14]
    assert COUGH_AT < lowered.min() < COUGH_AT + 0.3
    assert lowered.max() < COUGH_AT + COUGH_SECONDS + 1.5
    assert np.all(gains[when > COUGH_AT + 2.0] == 0)
