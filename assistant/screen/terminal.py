"""The terminal: a scrolling conversation above a status line with step, stroke and time left."""

from rich.console import Console
from rich.live import Live
from rich.text import Text

from assistant.dialogue.status import Status
from assistant.printable import printable

BAR_WIDTH = 24
"""Of the stroke bar, in characters."""


class TerminalScreen:
    """Draws with Rich. The status line is redrawn only when its text changes."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._live.start()
        self._shown = ""

    def coach(self, text: str) -> None:
        """Write what the coach says."""
        self._console.print(Text.assemble(("coach  ", "bold cyan"), printable(text)))

    def user(self, text: str, understood: bool) -> None:
        """Write what the user said, dimmed if it was not understood."""
        style = "green" if understood else "dim"
        self._console.print(
            Text.assemble(("  you  ", "bold green"), (printable(text) or "…", style))
        )

    def note(self, text: str) -> None:
        """Write a remark."""
        self._console.print(Text(f"       {printable(text)}", style="yellow"))

    def status(self, status: Status | None) -> None:
        """Redraw the status line."""
        line = status_line(status) if status else ""
        if line != self._shown:
            self._shown = line
            self._live.update(
                Text(line, style="reverse" if line else "", no_wrap=True), refresh=True
            )

    def close(self) -> None:
        """Remove the status line and leave the conversation."""
        self._live.stop()


def status_line(status: Status) -> str:
    """Return the status line: routine, step, a bar of strokes, time left."""
    minutes, seconds = divmod(round(status.seconds_left), 60)
    parts = [status.title, f"step {status.step} of {status.steps}: {status.step_title}"]
    if status.strokes:
        done = round(BAR_WIDTH * min(status.stroke / status.strokes, 1))
        side = "" if status.side == "both" else f" {status.side}"
        bar = "█" * done + "░" * (BAR_WIDTH - done)
        parts.append(f"{bar} {status.stroke}/{status.strokes}{side}")
    if status.mode == "paused":
        parts.append("paused")
    parts.append(f"{minutes}:{seconds:02d} left")
    return f" {' · '.join(parts)} "
