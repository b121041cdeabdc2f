"""What is kept about the user: place, pace and health answers, each in a small file of its own.

Promises: a file is written whole or not at all; a damaged one is set aside and told, never fatal;
a full or read-only disk costs what could not be kept, not the massage. Without a folder nothing is
kept or read, for rehearsals and recordings, whose user may be anybody.
"""

import codecs
import logging
from contextlib import suppress
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from assistant.dialogue.state import NORMAL, PACES, Place
from assistant.errors import ProfileError
from assistant.files import aside_of, leftovers_of, read_file, set_aside, write_whole
from assistant.routine.health import Health, Profile

_log = logging.getLogger(__name__)

Kept = TypeVar("Kept")
_PLACE: TypeAdapter[Place] = TypeAdapter(Place)
_PROFILE: TypeAdapter[Profile] = TypeAdapter(Profile)
_PACE: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=0, lt=len(PACES))])


class UserStore:
    """The files of one user in `folder`; with None it is empty and keeps nothing.

    The `save` methods return a sentence that says why nothing could be kept, or "" on success.
    """

    def __init__(self, folder: Path | None, health: Health) -> None:
        self._folder, self._health = folder, health
        self.notices: list[str] = []
        """Sentences about files that could not be read."""

    def place(self) -> Place | None:
        """Return the point in a massage that was broken off, or None."""
        place = self._load("place.json", _PLACE)
        try:
            _ = place and place.doing
        except IndexError:  # valid JSON, but of a step or an item that the plan does not have
            self._set_aside("place.json")
            return None
        return place

    def save_place(self, place: Place) -> str:
        """Keep the point at which a massage can be taken up again."""
        return self._save("place.json", _PLACE.dump_json(place))

    def forget_place(self) -> None:
        """Keep no place."""
        if self._folder is not None:
            with suppress(OSError):
                (self._folder / "place.json").unlink(missing_ok=True)

    def pace(self) -> int:
        """Return the pace that was kept, an index into PACES, or NORMAL."""
        pace = self._load("pace.json", _PACE)
        return NORMAL if pace is None else pace

    def save_pace(self, pace: int) -> str:
        """Keep the pace, an index into PACES."""
        return self._save("pace.json", _PACE.dump_json(pace))

    def profile(self) -> Profile | None:
        """Return the health answers, or None: half of them would be worse than none."""
        profile = self._load("profile.json", _PROFILE)
        if profile is not None and not self._health.known(profile.answers):
            self._set_aside("profile.json")
            profile = None
        return profile

    @property
    def profile_file(self) -> Path | None:
        """Where the health answers are kept."""
        return self._folder and self._folder / "profile.json"

    def save_profile(self, profile: Profile) -> str:
        """Keep the health answers."""
        return self._save("profile.json", _PROFILE.dump_json(profile, indent=2))

    def forget_profile(self) -> bool:
        """Delete the health answers wherever they are; return whether there were any.

        That is also the place in a massage, since its plan says what was left out and why, and what
        was damaged or not written to its end. Raises ProfileError when they cannot be deleted.
        """
        if self._folder is None:
            return False
        paths = [self._folder / name for name in ("profile.json", "place.json")]
        found = [
            file
            for path in paths
            for file in (path, aside_of(path), *leftovers_of(path))
            if file.exists()
        ]
        for file in found:
            try:
                file.unlink()
            except OSError as error:
                raise ProfileError(
                    f"{file} cannot be deleted: {error.strerror}. Delete it by hand."
                ) from None
        return bool(found)

    def _load(self, name: str, kind: TypeAdapter[Kept]) -> Kept | None:
        if self._folder is None:
            return None
        try:
            content = read_file(self._folder / name).removeprefix(codecs.BOM_UTF8)
            return kind.validate_json(content)
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            _log.warning("%s: %s", self._folder / name, error)
            self._set_aside(name)
            return None

    def _save(self, name: str, content: bytes) -> str:
        return write_whole(self._folder / name, content) if self._folder else ""

    def _set_aside(self, name: str) -> None:
        assert self._folder is not None
        put = set_aside(self._folder / name)
        _log.warning("%s could not be read; it is now %s", self._folder / name, put)
        if name == "profile.json":
            self.notices.append(
                f"Your health answers could not be read, so I'll ask again. The old file is {put}."
            )
