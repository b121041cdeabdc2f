"""The health answers, in one small file of the user's own on this computer.

It is written whole or not at all, and a file that cannot be understood is set aside and the
questions are asked again: half an answer is worse than none.
"""

import os
from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant.routine.health import Health, Profile

_PROFILE: TypeAdapter[Profile] = TypeAdapter(Profile)


def default_path() -> Path:
    """Return where the answers are kept for this user."""
    from platformdirs import user_data_path

    return user_data_path("massage-assistant") / "profile.json"


class ProfileFile:
    """Keeps one profile, or none; without a path it keeps nothing, for rehearsals."""

    def __init__(self, path: Path | None, health: Health) -> None:
        self.path = path
        self._health = health

    @property
    def damaged(self) -> Path | None:
        """Where a file that could not be understood is put."""
        return self.path and self.path.with_suffix(".damaged")

    def load(self) -> Profile | None:
        """Return the answers, or None; a damaged file is renamed to `….damaged` first."""
        if self.path is None:
            return None
        try:
            profile = _PROFILE.validate_json(self.path.read_bytes())
        except OSError:
            return None
        except ValidationError:
            profile = None
        if profile is None or not self._health.known(profile.answers):
            with suppress(OSError):  # it may not be ours to move; it is asked again anyway
                self.path.replace(self.path.with_suffix(".damaged"))
            return None
        return profile

    def save(self, profile: Profile) -> None:
        """Keep `profile`. A full or read-only disk means that the questions are asked again."""
        if self.path is None:
            return
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            aside = self.path.with_name(f"{self.path.name}.{os.getpid()}")
            aside.write_bytes(_PROFILE.dump_json(profile, indent=2))
            aside.replace(self.path)

    def forget(self) -> bool:
        """Delete the answers, damaged ones too; return whether there were any."""
        there = [path for path in (self.path, self.damaged) if path and path.exists()]
        for path in there:
            path.unlink()
        return bool(there)
