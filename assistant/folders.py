"""The user's folders. Where the system knows no home, as in some containers: temporary ones."""

import os
import tempfile
from pathlib import Path

NAME = "massage-assistant"


def data_folder() -> Path:
    """Return where what is kept about the user is, and downloads."""
    from platformdirs import user_data_path

    return user_data_path(NAME, appauthor=False) if has_home() else _temporary() / "data"


def cache_folder() -> Path:
    """Return where things are that can be made again."""
    from platformdirs import user_cache_path

    return user_cache_path(NAME, appauthor=False) if has_home() else _temporary() / "cache"


def config_folder() -> Path:
    """Return where the user's settings and routines are."""
    from platformdirs import user_config_path

    return user_config_path(NAME, appauthor=False) if has_home() else _temporary() / "config"


def has_home() -> bool:
    """Tell whether the system knows a home folder; without one, "~" would be a folder's name."""
    return os.path.expanduser("~") != "~"  # noqa: PTH111 - Path.expanduser would raise


def _temporary() -> Path:
    user = os.getuid() if hasattr(os, "getuid") else "user"
    return Path(tempfile.gettempdir()) / f"{NAME}-{user}"
