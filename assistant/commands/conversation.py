"""The commands that hold a conversation: talking, typing, and with files for devices."""

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from pathlib import Path

from assistant.assembly import (
    make_content,
    make_endpointer,
    make_interpreter,
    make_session,
    make_speech_input,
)
from assistant.audio.device import Device
from assistant.config import Settings, load_settings
from assistant.dialogue.state import State
from assistant.errors import AudioFileError, DeviceError
from assistant.hearing.speech_input import SpeechInput
from assistant.hearing.threaded_input import ThreadedSpeechInput
from assistant.history.user_store import UserStore, default_folder
from assistant.library.library import load_library
from assistant.routine.health import Profile
from assistant.screen.screen import Screen
from assistant.transcript import Transcript, TranscriptEntry, json_line


def talk(options: argparse.Namespace) -> int:
    """Talk, with what there is: the keyboard helps where microphone or speaker is missing."""
    from assistant.audio.keyboard import DeviceWithKeyboard, TypedLines
    from assistant.audio.sound_card import open_sound_card, probe

    found, terminal = probe(), sys.stdin.isatty()
    if not (found.microphone or terminal):
        raise DeviceError(
            "There is no microphone to hear you and no terminal to type in: connect a microphone, "
            "type `massage chat` in a terminal, or try `massage demo`."
        )
    if not found.microphone and not found.speaker:
        return chat(options, found.troubles)
    settings = load_settings(vars(options))
    with ThreadPoolExecutor(1, "speech model") as beside:
        # Its errors are raised by the speech input, once the session listens.
        endpointer = beside.submit(make_endpointer, settings).result if found.microphone else None
        device: Device = open_sound_card(bool(found.microphone), bool(found.speaker))
        if terminal:
            device = DeviceWithKeyboard(device, TypedLines(sys.stdin))
        speech_input = (
            ThreadedSpeechInput(lambda: make_speech_input(endpointer())) if endpointer else None
        )
        return _converse(options, settings, device, speech_input, found.troubles)


def chat(options: argparse.Namespace, troubles: tuple[str, ...] = ()) -> int:
    """Type; the coach writes, paced by the wall clock."""
    from assistant.audio.keyboard import KeyboardDevice

    keyboard = KeyboardDevice(sys.stdin)
    return _converse(options, load_settings(vars(options)), keyboard, None, troubles)


def play(options: argparse.Namespace) -> int:
    """Hear a recording and write another, as fast as the processor allows."""
    from assistant.audio.wav_files import WavDevice

    settings = load_settings(vars(options))
    device = WavDevice(options.mic, options.speaker)
    speech_input = make_speech_input(make_endpointer(settings))
    return _converse(options, settings, device, speech_input, remembers=False)


def _converse(
    options: argparse.Namespace,
    settings: Settings,
    device: Device,
    speech_input: SpeechInput | None,
    troubles: tuple[str, ...] = (),
    *,
    remembers: bool = True,
) -> int:
    """Hold a conversation. Only one that remembers has place, pace and health answers of its own.

    A recording may be anybody's: its user is taken for one who has nothing to answer.
    """
    today = date.today()
    with ExitStack() as stack:
        stack.callback(device.close)
        transcript = stack.enter_context(_transcript(options.transcript))
        screen = choose_screen()
        stack.callback(screen.close)
        for trouble in troubles:
            screen.note(trouble)
        library = load_library()
        content = make_content(library, today)
        store = UserStore(default_folder() if remembers else None, content.health)
        session = make_session(
            settings,
            device,
            screen,
            transcript,
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
    return 0


def choose_screen() -> Screen:
    """Return the screen for standard error: drawn in a terminal, else plain lines."""
    if not sys.stderr.isatty():
        from assistant.screen.plain import PlainScreen

        return PlainScreen(sys.stderr)
    from rich.console import Console

    from assistant.screen.terminal import TerminalScreen

    return TerminalScreen(Console(stderr=True))


@contextmanager
def _transcript(path: Path | None) -> Iterator[Transcript]:
    """Yield a transcript that is written line by line, so that nothing is lost."""
    if path is None:
        yield Transcript()
        return

    def failed(error: OSError) -> AudioFileError:
        return AudioFileError(
            f"{path} cannot be written: {error.strerror}. Choose another place for the transcript."
        )

    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise failed(error) from None

    def write(entry: TranscriptEntry) -> None:
        try:
            file.write(json_line(entry))
            file.flush()
        except OSError as error:
            raise failed(error) from None

    try:
        yield Transcript(write)
    finally:
        with suppress(OSError):
            file.close()
