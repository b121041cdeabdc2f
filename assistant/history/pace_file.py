"""The pace that the user likes, in one small file of the user's own.

One number, written whole or not at all; a file that cannot be read is set aside, never fatal.
"""

from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from assistant.dialogue.state import NORMAL, PACES
from assistant.files import set_aside, write_whole

_PACE: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=0, lt=len(PACES))])


def default_path() -> Path:
    """Return where the pace is kept for this user."""
    from platformdirs import user_data_path

    return user_data_path("massage-assistant") / "pace.json"


class PaceFile:
    """Keeps one pace; without a path it keeps nothing, for rehearsals and recordings."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def save(self, pace: int) -> str:
        """Keep `pace`, an index into PACES.

        Returns a sentence that says why it could not be kept; empty when it was.
        """
        return write_whole(self._path, _PACE.dump_json(pace)) if self._path else ""

    def load(self) -> int:
        """Return the pace that was kept, or NORMAL; a damaged file is renamed to `….damaged`."""
        if self._path is None:
            return NORMAL
        try:
            return _PACE.validate_json(self._path.read_bytes())
        except OSError:
            return NORMAL
        except ValidationError:
            set_aside(self._path)
            return NORMAL
