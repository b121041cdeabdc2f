"""The narration is lowered while somebody speaks, and comes back if it was not an utterance."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soxr

from assistant.audio.clip import Clip
from assistant.audio.device import BLOCK_OUT, BLOCK_SECONDS, RATE_IN, RATE_OUT, Samples
from assistant.config import Settings
from assistant.rehearsal.acoustics import Acoustics
from assistant.rehearsal.room import Room
from assistant.rehearsal.script import read_script
from assistant.rehearsal.stage import Stage
from assistant.screen.plain import NoScreen

MURMUR_AT = 4.5


@pytest.fixture
def murmur(say: Callable[[str, str], Samples]) -> Clip:
    """Somebody says something that is not a command."""
    samples = soxr.resample(say("bananas", "rms"), RATE_IN, RATE_OUT)
    return Clip(len(samples), samples.astype(np.float32))


@pytest.fixture
def stage(model_path: Path) -> Stage:
    return Stage(Settings(model=str(model_path), voice="pyttsx3"), by_voice=True)


def hello(stage: Stage, folder: Path, murmur: Clip | None) -> Samples:
    """The coach's first seven seconds and a half, (blocks, 960)."""
    script = folder / "hello.dialogue"
    script.write_text("# Hello\ncoach: Hello*\n")
    room = Room(True, Acoustics(), record=True)
    session = stage.session(read_script(script), room, NoScreen())
    session.start()
    for number in range(375):
        if murmur and number == round(MURMUR_AT / BLOCK_SECONDS):
            room.speak(murmur)
        session.step()
    session.close()
    return room.recorded()[:, 0].reshape(-1, BLOCK_OUT)


def test_a_murmur_lowers_the_narration_for_a_moment_only(
    stage: Stage, murmur: Clip, tmp_path: Path
) -> None:
    undisturbed = np.abs(hello(stage, tmp_path, None)).max(axis=1)
    sounding = undisturbed > 0.02
    gains = np.abs(hello(stage, tmp_path, murmur)).max(axis=1)[sounding]
    gains = 20 * np.log10(np.maximum(gains, 1e-6) / undisturbed[sounding])
    when = np.flatnonzero(sounding) * BLOCK_SECONDS
    assert np.all(gains[when < MURMUR_AT] == 0)
    assert MURMUR_AT < when[gains < -14].min() < MURMUR_AT + 0.5
    assert np.all(gains[when > MURMUR_AT + murmur.seconds + 1.2] == 0)
