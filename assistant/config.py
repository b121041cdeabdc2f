"""Settings: the file, overridden by the environment, overridden by flags.

# settings.toml, in the user's configuration folder
voice = "piper"          # or "pyttsx3", a voice's name, or a Piper voice file
model = "/path/to/model" # the speech model; normally found by itself
attention = "coach"      # obey only what follows this word; stop and pain never need it
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from assistant.errors import SettingsError

ENVIRONMENT = {"voice": "MASSAGE_VOICE"}
"""VOSK_MODEL_PATH is read by the model store, whose lookup order it belongs to."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can choose; None is the product's own choice."""

    voice: str | None = None
    model: str | None = None
    attention: str | None = None


def load_settings(flags: Mapping[str, Any], file: Path | None = None) -> Settings:
    """Return the settings that hold; of `flags`, those that are settings and were given.

    Raises SettingsError for a file that cannot be used.
    """
    chosen = _read(file or _default_file())
    chosen |= {name: os.environ[var] for name, var in ENVIRONMENT.items() if os.environ.get(var)}
    given = {field.name: flags.get(field.name) for field in fields(Settings)}
    chosen |= {name: value for name, value in given.items() if value is not None}
    return Settings(**chosen)


def _default_file() -> Path:
    from platformdirs import user_config_path

    return user_config_path("massage-assistant") / "settings.toml"


def _read(file: Path) -> dict[str, str]:
    try:
        found = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read: {error}. Mend it or delete it.") from None
    allowed = [field.name for field in fields(Settings)]
    for name, value in found.items():
        if name not in allowed or not isinstance(value, str):
            raise SettingsError(
                f"{file}: {name}: found {value!r}; allowed: {', '.join(allowed)}, each as text."
            )
    return found
