"""What every room's tests share."""

from pathlib import Path

import pytest

from assistant.errors import ModelError


@pytest.fixture(scope="session")
def model_path() -> Path:
    """The speech model that `massage setup` fetched."""
    from assistant.hearing.model_store import find_model

    try:
        return find_model()
    except ModelError as missing:
        pytest.fail(f"{missing} (script/test does it)")
