"""The user's folders. Where the system knows no home, as in some containers: temporary ones."""

import os
import tempfile
from functools import cache
from pathlib import Path

NAME = "massage-assistant"


def data_folder() -> Path:
    """Return the folder for user data and downloads."""
    from platformdirs import user_data_path

    return user_data_path(NAME, appauthor=False) if has_home() else _temporary() / "data"


def cache_folder() -> Path:
    """Return the cache folder: deleting it loses nothing."""
    from platformdirs import user_cache_path

    return user_cache_path(NAME, appauthor=False) if has_home() else _temporary() / "cache"


def config_folder() -> Path:
    """Return the folder for settings and the user's own routines."""
    from platformdirs import user_config_path

    return user_config_path(NAME, appauthor=False) if has_home() else _temporary() / "config"


def has_home() -> bool:
    """Tell whether the system knows a home folder; without one, "~" would be a folder's name."""
    return os.path.expanduser("~") != "~"  # noqa: PTH111 - Path.expanduser would raise


@cache
def _temporary() -> Path:
    """Return a folder of this run: one with a name that others know could be theirs already."""
    return Path(tempfile.mkdtemp(prefix=f"{NAME}-"))
