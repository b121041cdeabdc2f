"""The command line puts the commands together; it is the only place that prints or exits.

Results are printed on standard output, those for programs as JSON lines. The conversation and every
remark are on standard error.
"""

import argparse
import json
import logging
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from typing import NoReturn

from assistant import __version__
from assistant.commands import (
    chat,
    check,
    demo,
    doctor,
    hear,
    misses,
    new,
    play,
    profile,
    rehearse,
    schema,
    setup,
    show,
    talk,
    understand,
    voices,
)
from assistant.commands import list as list_routines
from assistant.commands.contract import Command, Output
from assistant.commands.options import Parser, read_options, refuse_unusable
from assistant.commands.overwriting import refuse_overwriting
from assistant.errors import MassageError
from assistant.logs import logging_to
from assistant.printable import printable, printable_json

_log = logging.getLogger(__name__)

CONVERSATION: tuple[Command, ...] = (chat, play, demo, hear, understand, rehearse)
CONTENT: tuple[Command, ...] = (list_routines, show, check, new, schema, misses, profile)
UPKEEP: tuple[Command, ...] = (setup, doctor, voices)
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit: 0 done, 1 failed, 2 wrong usage, 3 no device, 130 Ctrl-C."""
    for name in ("SIGTERM", "SIGHUP"):  # the window was closed, or the connection was lost
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, _terminate)
    _prepare_streams()
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except MassageError as error:
        print(f"massage: {printable(str(error))}", file=sys.stderr)
        status = error.exit_status
    except KeyboardInterrupt:
        print("massage: stopped.", file=sys.stderr)
        status = INTERRUPTED
    except BrokenPipeError:  # whoever reads the output has read enough
        status = 0
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - for the flush at exit
    except OSError as error:
        status = 1
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - what waits there cannot go out
        what = printable(str(error.filename or "the output"))
        with suppress(OSError):
            print(f"massage: {what} cannot be used: {error.strerror}.", file=sys.stderr)
    sys.exit(status)


def _prepare_streams() -> None:
    """Make up for streams that are closed, and for consoles that cannot show every character."""
    if sys.stdin is None:  # the parent process closed it, so nothing will be typed
        sys.stdin = open(os.devnull)  # noqa: PTH123, SIM115 - stays open as long as the process
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: PTH123, SIM115 - likewise
        if isinstance(stream := getattr(sys, name), TextIOWrapper):
            stream.reconfigure(errors="replace")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = Parser(prog="massage", description=talk.ABOUT)
    top.add_argument("--version", action="version", version=f"massage-assistant {__version__}")
    talk.add_arguments(top)
    top.set_defaults(command=talk)
    commands = top.add_subparsers(title="commands", metavar="COMMAND")
    for command in (*CONVERSATION, *CONTENT, *UPKEEP):
        name = command.__name__.rpartition(".")[2]
        added = commands.add_parser(name, help=command.ABOUT, description=command.ABOUT)
        command.add_arguments(added)
        added.set_defaults(command=command)
    return top


def _run(arguments: Sequence[str] | None) -> int:
    """Read the arguments and run the command, logged if that was asked for."""
    parsed, unknown = parser().parse_known_args(arguments)
    refuse_unusable(parsed, unknown)
    refuse_overwriting(parsed)
    command: Command = parsed.command
    options = read_options(command.Options, parsed)
    with logging_to(getattr(parsed, "log", None)):
        _log.info("massage-assistant %s, Python %s, %s", __version__, sys.version, sys.platform)
        _log.info("%s: %s", parsed.prog, options)
        try:
            status = command.run(options, _Printer())
        except MassageError as error:
            _log.error("%s", error)
            raise
        except BaseException as error:
            _log.info("ended by %s", type(error).__name__, exc_info=isinstance(error, Exception))
            raise
        _log.info("exit status %d", status)
    return status


def _terminate(number: int, *_: object) -> NoReturn:
    """Exit as after Ctrl-C, so that the user's place is kept."""
    sys.exit(128 + number)


class _Printer(Output):
    """Prints."""

    def line(self, text: str) -> None:
        print(printable(text))

    def json(self, value: object) -> None:
        print(printable_json(json.dumps(value, ensure_ascii=False)), flush=True)

    def remark(self, text: str) -> None:
        print(printable(text), file=sys.stderr)
