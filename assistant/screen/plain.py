"""Plain lines, for pipes and logs. The status has no line here: the transcript tells it."""

from typing import TextIO

from assistant.dialogue.status import Status


class PlainScreen:
    """One line for each thing that is said."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def coach(self, text: str) -> None:
        """Write what the coach says."""
        self._write(f"coach: {text}")

    def user(self, text: str, understood: bool) -> None:
        """Write what the user said."""
        self._write(f"you: {text or '…'}" + ("" if understood else "  (not understood)"))

    def note(self, text: str) -> None:
        """Write a remark."""
        self._write(f"({text})")

    def status(self, status: Status | None) -> None:
        """Show nothing: a line that changes has no place in a log."""

    def close(self) -> None:
        """Nothing was changed, so nothing is restored."""

    def _write(self, line: str) -> None:
        self._stream.write(f"{line}\n")
        self._stream.flush()


class NoScreen(PlainScreen):
    """Shows nothing at all: for sessions whose transcript is all that is wanted."""

    def __init__(self) -> None:
        """There is no stream."""

    def _write(self, line: str) -> None:
        pass
