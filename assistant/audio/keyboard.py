"""Typing instead of talking, or as well: typed lines come in with the blocks."""

import os
import queue
import sys
import threading
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace
from io import UnsupportedOperation
from typing import TextIO

from assistant.audio.device import Device, Incoming, Samples
from assistant.audio.wall_clock import WallClock


class TypedLines:
    """The lines typed into `stream`, read on a thread so that the loop never waits for the user.

    The thread does not keep the process alive.
    """

    def __init__(self, stream: TextIO) -> None:
        self.ended = False
        """The input is over and every line has been returned."""
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(stream,), daemon=True, name="typing").start()

    def poll(self) -> tuple[str, ...]:
        """Return the next line without its line break, or nothing; at most one line."""
        if self.ended:
            return ()
        try:
            line = self._lines.get_nowait()
        except queue.Empty:
            return ()
        if line is None:
            self.ended = True
            return ()
        return (line,)

    def _read(self, stream: TextIO) -> None:
        with _own_copy(stream) as source, suppress(OSError):  # the terminal was closed
            for line in source:
                if line.strip():
                    self._lines.put(line.rstrip("\r\n"))
        self._lines.put(None)


class KeyboardDevice:
    """Typed lines and no sound; the wall clock sets the pace."""

    realtime = True
    audible = False

    def __init__(self, stream: TextIO = sys.stdin) -> None:
        self._typed = TypedLines(stream)
        self._clock = WallClock()

    def exchange(self, out: Samples) -> Incoming:  # noqa: ARG002 - nothing is played
        """Wait until the next 20 ms have passed; return what was typed, at most one line."""
        self._clock.wait()
        lines = self._typed.poll()
        return Incoming(lines=lines, ended=self._typed.ended)

    def close(self) -> None:
        """Do nothing: the stream belongs to the caller."""


class DeviceWithKeyboard:
    """Another device, with typed lines added. It ends when that device does."""

    def __init__(self, device: Device, typed: TypedLines) -> None:
        self._device, self._typed = device, typed
        self.realtime, self.audible = device.realtime, device.audible

    def exchange(self, out: Samples) -> Incoming:
        """Exchange a block with the device; add what was typed meanwhile."""
        incoming = self._device.exchange(out)
        lines = self._typed.poll()
        return replace(incoming, lines=lines) if lines else incoming

    def close(self) -> None:
        """Close the device."""
        self._device.close()


def _own_copy(stream: TextIO) -> AbstractContextManager[TextIO]:
    """Open the stream's file a second time, if it has one.

    Python closes `sys.stdin` at exit, and aborts if another thread is reading from it then.
    """
    try:
        descriptor = os.dup(stream.fileno())
    except (UnsupportedOperation, OSError):
        return nullcontext(stream)
    return open(descriptor, encoding=stream.encoding, errors="replace")  # noqa: PTH123
