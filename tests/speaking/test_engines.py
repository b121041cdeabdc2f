"""What the system's voice makes of what its child process does."""

import pytest

from assistant.errors import VoiceError
from tests.speaking.engines import DYING, SPEAKING_AIFF, engine


def test_a_dead_engine_is_noticed_at_once(tmp_path, monkeypatch):
    """Long before the patience with a slow one is over."""
    monkeypatch.setattr("assistant.speaking.voice.PATIENCE_SECONDS", 1000.0)
    voice = engine(tmp_path, monkeypatch, DYING)
    with pytest.raises(VoiceError, match="does not answer"):
        voice.render("Hello.")
    voice.close()


def test_what_macos_writes_is_read_as_well(tmp_path, monkeypatch):
    voice = engine(tmp_path, monkeypatch, SPEAKING_AIFF)
    monkeypatch.setattr("assistant.speaking.pyttsx3_voice.SUFFIX", ".aiff")
    clip = voice.render("Hello.")
    voice.close()
    assert clip.samples is not None
    assert clip.seconds == pytest.approx(1.0, abs=0.2)
