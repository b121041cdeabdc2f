"""The screen contract."""

from typing import Protocol

from assistant.dialogue.status import Status


class Screen(Protocol):
    """Shows the conversation while it goes on."""

    def coach(self, text: str) -> None:
        """Show what the coach says."""
        ...

    def user(self, text: str, understood: bool) -> None:
        """Show what the user said."""
        ...

    def note(self, text: str) -> None:
        """Show what neither said: a device that went away, a voice that failed."""
        ...

    def status(self, status: Status | None) -> None:
        """Show how far the massage is; None when there is none."""
        ...

    def close(self) -> None:
        """Leave the terminal as it was."""
        ...
