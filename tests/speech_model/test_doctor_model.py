"""`massage doctor` with a speech model that has all its files but cannot be loaded."""

from pathlib import Path

import pytest

from assistant.audio import sound_card
from assistant.audio.sound_card import CardInfo, Probe
from assistant.commands.doctor import examine


def test_a_model_that_cannot_be_loaded_is_reported(
    old_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is a microphone, so the model is needed."""
    microphone = CardInfo("microphone", 16_000, index=0, channels=1)
    monkeypatch.setattr(sound_card, "probe", lambda: Probe(microphone, None, ()))
    given = {"model": str(old_model), "voice": "silent"}
    found = {finding.part: finding for finding in examine(given)}
    assert not found["speech model"].good
    assert "massage setup" in found["speech model"].text
    assert "listening" not in found
