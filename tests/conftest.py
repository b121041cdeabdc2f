"""What every room's tests share."""

from pathlib import Path

import pytest
from hypothesis import settings

from assistant.errors import ModelError

settings.register_profile("same for everyone", derandomize=True)
settings.load_profile("same for everyone")  # what is red is red everywhere, and again tomorrow


@pytest.fixture(scope="session")
def model_path() -> Path:
    """The speech model that `massage setup` fetched."""
    from assistant.hearing.model_store import find_model

    try:
        return find_model()
    except ModelError as missing:
        pytest.fail(f"{missing} (script/test does it)")


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or leaves anything in the developer's own folders."""
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
