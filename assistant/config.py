"""Settings: the file, overridden by the environment, overridden by the command line.

# settings.toml, in the user's configuration folder
voice = "piper"          # or "pyttsx3", a name from `massage voices`, or a Piper voice file
rate = 0.9               # how fast the coach speaks; 1 is normal, 0.5 half as fast
volume = 1.5             # how loud everything is; 1 is normal
bed = "/path/to/sea.wav" # a sound file that is repeated softly under the massage
model = "/path/to/model" # the speech model; normally it is found without this
attention = "coach"      # obey only what follows this word; stop and pain never need it
"""

import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from assistant.errors import SettingsError
from assistant.files import read_text
from assistant.folders import config_folder

_log = logging.getLogger(__name__)

ENVIRONMENT = {"voice": "MASSAGE_VOICE"}
"""VOSK_MODEL_PATH is not here: the model store reads it, as one of the places it looks in."""
RANGES: dict[str, tuple[float, float]] = {"rate": (0.5, 2.0), "volume": (0.1, 3.0)}
"""Speech slower than this falls apart and faster cannot be followed; more volume only distorts."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can choose; None leaves the choice to the program."""

    voice: str | None = None
    model: str | None = None
    attention: str | None = None
    bed: str | None = None
    rate: float = 1.0
    volume: float = 1.0


SETTING_NAMES = tuple(field.name for field in fields(Settings))


def load_settings(given: Mapping[str, Any], file: Path | None = None) -> Settings:
    """Return the settings to use. `given` are those of the command line, by name.

    Raises SettingsError for a file that cannot be used, and for a number out of its range.
    """
    file = file or _default_file()
    chosen = _read(file)
    sources = dict.fromkeys(chosen, str(file))
    for name, variable in ENVIRONMENT.items():
        if value := os.environ.get(variable):
            chosen[name], sources[name] = value, variable
    for name in SETTING_NAMES:
        if given.get(name) is not None:
            chosen[name] = _checked(f"--{name}", name, given[name])
            sources[name] = f"--{name}"
    for name, source in sources.items():
        _log.info("setting %s: %r, from %s", name, chosen[name], source)
    return Settings(**chosen)


def _default_file() -> Path:
    return config_folder() / "settings.toml"


def _read(file: Path) -> dict[str, Any]:
    import tomllib

    text = ""
    try:
        found = tomllib.loads(text := read_text(file))
    except FileNotFoundError:
        return {}
    except RecursionError:
        deep = "it has too many brackets inside each other"
        raise SettingsError(f"{file} cannot be read: {deep}. Fix it or delete it.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        path = " In a path, use single quotes: bed = 'C:\\waves.wav'." if "\\" in text else ""
        why = error.strerror if isinstance(error, OSError) else error
        raise SettingsError(f"{file} cannot be read: {why}.{path} Fix it or delete it.") from None
    except ValueError:  # Python's own, for a number of more than 4,300 digits
        long = "a number in it has too many digits"
        raise SettingsError(f"{file} cannot be read: {long}. Fix it or delete it.") from None
    for name, value in found.items():
        if name not in SETTING_NAMES:
            raise SettingsError(
                f"{file}: {name}: found {value!r}; allowed: {', '.join(SETTING_NAMES)}."
            )
    return {name: _checked(f"{file}: {name}", name, value) for name, value in found.items()}


def _checked(where: str, name: str, value: Any) -> str | float:
    """Return the value if the setting can have it; raises SettingsError if not."""
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
