"""The log that `--log FILE` asks for: what happens, for a report. Text only, never audio.

Every module logs through `logging.getLogger(__name__)`. Nothing is written anywhere unless a file
was asked for.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from assistant.errors import SettingsError

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


@contextmanager
def logging_to(path: Path | None) -> Iterator[None]:
    """Append all records of the program to `path` meanwhile, from DEBUG up; None writes nothing.

    A new file can be read by its owner only: it holds what was said. Raises SettingsError when the
    file cannot be written.
    """
    program = logging.getLogger("assistant")
    # Without any handler the standard library would print warnings to standard error.
    handler = logging.NullHandler() if path is None else _LogFile(path)
    level = program.level
    program.addHandler(handler)
    if path is not None:
        program.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        program.removeHandler(handler)
        program.setLevel(level)
        handler.close()


class _LogFile(logging.Handler):
    """Appends each record to a file at once, so that a crash loses nothing.

    It writes without a buffer: what a full disk refuses is left out, and nothing is tried again
    when the program ends.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise SettingsError(
                f"--log: {path} cannot be written: {error.strerror}. Choose another file."
            ) from None
        self.setFormatter(_OneLine(FORMAT))

    def emit(self, record: logging.LogRecord) -> None:
        line = f"{self.format(record)}\n".encode(errors="backslashreplace")
        with suppress(OSError):
            os.write(self._file, line)

    def close(self) -> None:
        with suppress(OSError):
            os.close(self._file)
        super().close()


class _OneLine(logging.Formatter):
    """One line per record, with the time of day to the millisecond and its offset from UTC."""

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record).replace("\n", "\\n")

    def formatTime(  # noqa: N802 - the name that logging calls
        self,
        record: logging.LogRecord,
        datefmt: str | None = None,  # noqa: ARG002
    ) -> str:
        now = datetime.fromtimestamp(record.created).astimezone()
        return now.isoformat(timespec="milliseconds")
