"""Plain lines, for pipes and files; and no screen at all."""

from typing import TextIO

from assistant.dialogue.status import Status
from assistant.printable import printable


class PlainScreen:
    """Writes one line for each thing that is said."""

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
        """Show nothing: a line that keeps changing would fill a file."""

    def close(self) -> None:
        """Do nothing: nothing has to be restored."""

    def _write(self, line: str) -> None:
        self._stream.write(f"{printable(line)}\n")
        self._stream.flush()


class NoScreen:
    """Shows nothing, for sessions of which only the transcript is wanted."""

    def coach(self, text: str) -> None:
        """Show nothing."""

    def user(self, text: str, understood: bool) -> None:
        """Show nothing."""

    def note(self, text: str) -> None:
        """Show nothing."""

    def status(self, status: Status | None) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Do nothing."""
