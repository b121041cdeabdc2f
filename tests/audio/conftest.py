"""A sound card for computers without one, for each test that asks for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audio.virtual_card import VirtualCard


@pytest.fixture
def virtual_card(tmp_path: Path) -> Iterator[VirtualCard]:
    """A running virtual sound card."""
    card = VirtualCard(tmp_path)
    card.start()
    yield card
    card.stop()
