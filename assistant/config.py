"""Settings: the file, overridden by the environment, overridden by flags.

# settings.toml, in the user's configuration folder
voice = "piper"          # or "pyttsx3", a name of `massage voices`, or a Piper voice file
rate = 0.9               # how fast the coach speaks; 1 is normal, 0.5 half as fast
volume = 1.5             # how loud everything is; 1 is normal
bed = "/path/to/sea.wav" # a sound file that is repeated softly under the massage
model = "/path/to/model" # the speech model; normally found by itself
attention = "coach"      # obey only what follows this word; stop and pain never need it
"""

import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from assistant.errors import SettingsError

ENVIRONMENT = {"voice": "MASSAGE_VOICE"}
"""VOSK_MODEL_PATH is read by the model store, whose lookup order it belongs to."""


Range = tuple[float, float]
RANGES: dict[str, Range] = {"rate": (0.5, 2.0), "volume": (0.1, 3.0)}
"""Slower speech falls apart and faster cannot be followed; louder than that it only distorts."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can choose; None is the product's own choice."""

    voice: str | None = None
    model: str | None = None
    attention: str | None = None
    bed: str | None = None
    rate: float = 1.0
    volume: float = 1.0


def load_settings(flags: Mapping[str, Any], file: Path | None = None) -> Settings:
    """Return the settings that hold; of `flags`, those that are settings and were given.

    Raises SettingsError for a file that cannot be used, and for a number out of its range.
    """
    chosen = _read(file or _default_file())
    chosen |= {name: os.environ[var] for name, var in ENVIRONMENT.items() if os.environ.get(var)}
    for name in _NAMES:
        if flags.get(name) is not None:
            chosen[name] = _checked(f"--{name}", name, flags[name])
    return Settings(**chosen)


_NAMES = [field.name for field in fields(Settings)]


def _default_file() -> Path:
    from platformdirs import user_config_path

    return user_config_path("massage-assistant") / "settings.toml"


def _read(file: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read: {error}. Mend it or delete it.") from None
    for name, value in found.items():
        if name not in _NAMES:
            raise SettingsError(f"{file}: {name}: found {value!r}; allowed: {', '.join(_NAMES)}.")
    return {name: _checked(f"{file}: {name}", name, value) for name, value in found.items()}


def _checked(where: str, name: str, value: Any) -> str | float:
    """Return a value that the setting can have; raises SettingsError."""
    if name not in RANGES:
        if isinstance(value, str):
            return value
        raise SettingsError(f"{where}: found {value!r}; allowed: text.")
    least, most = RANGES[name]
    number = float("nan")
    if not isinstance(value, bool):
        with suppress(TypeError, ValueError):
            number = float(value)
    if not least <= number <= most:
        raise SettingsError(f"{where}: found {value!r}; allowed: {least:g} to {most:g}.")
    return number
