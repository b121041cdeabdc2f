"""Holds a conversation on any device: what `talk`, `chat` and `play` have in common."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from pathlib import Path

from assistant.assembly import make_content, make_interpreter, make_session
from assistant.audio.device import Device
from assistant.audio.keyboard import KeyboardDevice
from assistant.config import Settings
from assistant.dialogue.state import State
from assistant.errors import AudioFileError
from assistant.files import open_private
from assistant.folders import data_folder
from assistant.hearing.speech_input import SpeechInput
from assistant.history.user_store import UserStore
from assistant.library.library import load_library, problems_of_own_files
from assistant.misses import kept_misses
from assistant.routine.health import Profile
from assistant.screen.screen import Screen
from assistant.transcript import Transcript, TranscriptEntry, json_line


def converse(
    settings: Settings,
    device: Device,
    speech_input: SpeechInput | None,
    transcript: Path | None = None,
    notes: tuple[str, ...] = (),
    *,
    keep_misses: Path | None = None,
    remembers: bool = True,
) -> None:
    """Hold a conversation to its end, then close `device`; `notes` are shown first.

    What is not understood is added to the file `keep_misses`. Without `remembers`, nothing kept
    about the user is read or written, and no health questions are asked: a recording may be of
    anybody, who cannot answer them.

    Raises AudioFileError when the transcript cannot be written.
    """
    today = date.today()
    with ExitStack() as stack:
        stack.callback(device.close)
        listeners = [stack.enter_context(_written(transcript))] if transcript else []
        screen = choose_screen()
        stack.callback(screen.close)
        if keep_misses:
            listeners.append(stack.enter_context(kept_misses(keep_misses, screen.note)).add)
        for note in notes:
            screen.note(note)
        library = load_library()
        for problem in problems_of_own_files(library):
            screen.note(f"Left out: {problem}")
        content = make_content(library, today)
        store = UserStore(data_folder() if remembers else None, content.health)
        session = make_session(
            settings,
            device,
            screen,
            Transcript(*listeners),
            content=content,
            interpreter=make_interpreter(library, attention=settings.attention),
            store=store,
            initial=None if remembers else State(profile=Profile(today)),
            speech_input=speech_input,
        )
        for notice in store.notices:
            screen.note(notice)
        stack.callback(session.close)
        session.run()


def converse_typed(
    settings: Settings,
    transcript: Path | None = None,
    notes: tuple[str, ...] = (),
    keep_misses: Path | None = None,
) -> None:
    """Hold a conversation in writing: the user types, the coach writes."""
    device = KeyboardDevice(sys.stdin)
    converse(settings, device, None, transcript, notes, keep_misses=keep_misses)


def choose_screen() -> Screen:
    """Return the screen for standard error: drawn in a terminal, plain lines elsewhere."""
    if not sys.stderr.isatty():
        from assistant.screen.plain import PlainScreen

        return PlainScreen(sys.stderr)
    from rich.console import Console

    from assistant.screen.terminal import TerminalScreen

    return TerminalScreen(Console(stderr=True))


@contextmanager
def _written(path: Path) -> Iterator[Callable[[TranscriptEntry], None]]:
    """Yield what writes a transcript entry by entry, so that a crash loses nothing."""

    def failed(error: OSError) -> AudioFileError:
        return AudioFileError(
            f"{path} cannot be written: {error.strerror}. Choose another place for the transcript."
        )

    try:
        file = open_private(path, "w")
    except OSError as error:
        raise failed(error) from None

    def write(entry: TranscriptEntry) -> None:
        try:
            file.write(json_line(entry))
            file.flush()
        except OSError as error:
            raise failed(error) from None

    try:
        yield write
    finally:
        with suppress(OSError):
            file.close()
