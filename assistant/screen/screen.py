"""The screen contract: what the user sees of a session."""

from typing import Protocol

from assistant.dialogue.status import Status


class Screen(Protocol):
    """Shows the conversation while it runs."""

    def coach(self, text: str) -> None:
        """Show what the coach says."""
        ...

    def user(self, text: str, understood: bool) -> None:
        """Show what the user said."""
        ...

    def note(self, text: str) -> None:
        """Show what nobody said: a device was lost, a voice failed."""
        ...

    def status(self, status: Status | None) -> None:
        """Show how far the massage is; None when none is under way."""
        ...

    def close(self) -> None:
        """Restore the terminal."""
        ...
