"""The place in a massage that was broken off, in one small file of the user's own.

It is written whole or not at all, and a file that cannot be read is set aside, never fatal.
"""

from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant.dialogue.state import Place
from assistant.files import set_aside, write_whole

_PLACE: TypeAdapter[Place] = TypeAdapter(Place)


def default_path() -> Path:
    """Return where the place is kept for this user."""
    from platformdirs import user_data_path

    return user_data_path("massage-assistant") / "place.json"


class PlaceFile:
    """Keeps one place, or none; without a path it keeps nothing, for rehearsals and recordings."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def save(self, place: Place) -> str:
        """Keep `place`. A full or read-only disk costs the place, not the massage.

        Returns a sentence that says why it could not be kept; empty when it was.
        """
        return write_whole(self._path, _PLACE.dump_json(place)) if self._path else ""

    def load(self) -> Place | None:
        """Return the place that was kept, or None; a damaged file is renamed to `….damaged`."""
        if self._path is None:
            return None
        try:
            place = _PLACE.validate_json(self._path.read_bytes())
            _ = place.doing  # an index out of range is damage as well
        except OSError:
            return None
        except (ValidationError, IndexError):
            set_aside(self._path)
            return None
        return place

    def forget(self) -> None:
        """Keep no place."""
        if self._path is not None:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)
