"""A folder for a model, empty or not."""

from pathlib import Path

import pytest

from tests.speech_model.fake_model import PARTS


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "data" / "models" / "small"


@pytest.fixture
def old_model(place: Path) -> Path:
    """A model that is already there, recognizable by its README."""
    for name, content in {**PARTS, "README": b"the old one"}.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    return place
