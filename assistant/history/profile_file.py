"""The health answers, in one small file of the user's own on this computer.

It is written whole or not at all, and a file that cannot be understood is set aside and the
questions are asked again: half an answer is worse than none.
"""

from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant.errors import ProfileError
from assistant.files import aside_of, set_aside, write_whole
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
        self.set_aside: Path | None = None
        """Where `load` has put a damaged file."""
        self._health = health

    @property
    def damaged(self) -> Path | None:
        """Where a file that could not be understood is put."""
        return self.path and aside_of(self.path)

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
            self.set_aside = set_aside(self.path)
            return None
        return profile

    def save(self, profile: Profile) -> str:
        """Keep `profile`. A full or read-only disk means that the questions are asked again.

        Returns a sentence that says why it could not be kept; empty when it was.
        """
        return write_whole(self.path, _PROFILE.dump_json(profile, indent=2)) if self.path else ""

    def forget(self) -> bool:
        """Delete the answers, damaged ones too; return whether there were any.

        Raises ProfileError when they cannot be deleted.
        """
        there = [path for path in (self.path, self.damaged) if path and path.exists()]
        for path in there:
            try:
                path.unlink()
            except OSError as error:
                raise ProfileError(
                    f"{path} cannot be deleted: {error.strerror}. Delete it by hand."
                ) from None
        return bool(there)
