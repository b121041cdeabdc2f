"""What was said and done, as JSON lines: one object each, with `at` in seconds of the session.

{"at": 3.2, "coach": "Here we go."}
{"at": 9.84, "user": "slower", "intents": [{"intent": "slower", "slots": {}}], "start": …, "end": …}
{"at": 12.0, "stroke": 3, "of": 5, "step": 2, "side": "left"}
{"at": 15.1, "mode": "paused"}
"""

import json
import logging
from collections.abc import Callable
from typing import Any

_log = logging.getLogger(__name__)

TranscriptEntry = dict[str, Any]


class Transcript:
    """Keeps the entries, and hands each to whoever listens (a file, a script that checks)."""

    def __init__(self, *listeners: Callable[[TranscriptEntry], None]) -> None:
        self.entries: list[TranscriptEntry] = []
        self.by_user: list[TranscriptEntry] = []
        """Of the entries, what the user said."""
        self._listeners = listeners

    def add(self, at: float, **fields: Any) -> None:
        """Add one entry at a moment of the session, in seconds."""
        entry = {"at": round(at, 3), **fields}
        self.entries.append(entry)
        _log.info("%s", entry)
        if "user" in entry:
            self.by_user.append(entry)
        for listener in self._listeners:
            listener(entry)


def json_line(entry: TranscriptEntry) -> str:
    """Return an entry as one line of JSON."""
    return json.dumps(entry, ensure_ascii=False) + "\n"
