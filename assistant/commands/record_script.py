"""Holds a conversation and writes it down as a dialogue script, for `massage rehearse --record`.

Nothing kept about the user is read or written: the script must pass on any computer.
"""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from assistant.audio.device import Device
from assistant.audio.keyboard import DeviceWithKeyboard, KeyboardDevice, TypedLines
from assistant.commands.conversation import choose_screen
from assistant.config import Settings
from assistant.errors import DeviceError, ScriptError
from assistant.rehearsal.recorder import Recorder
from assistant.rehearsal.script import Script, read_script
from assistant.rehearsal.stage import Stage


def record(path: Path, by_voice: bool, mic: Path | None, settings: Settings) -> None:
    """Hold the conversation, write its script to `path` and rehearse it by text.

    The script is written after Ctrl-C as well. `mic` is a recording to hear instead of the
    microphone. Raises ScriptError when the file cannot be written, before anything is said, and
    when the rehearsal differs.
    """
    stage = Stage(settings, by_voice=by_voice)
    with ExitStack() as stack:
        device = _spoken_input(mic) if by_voice else KeyboardDevice(sys.stdin)
        stack.callback(device.close)
        file = stack.enter_context(_new_file(path))
        screen = choose_screen()
        stack.callback(screen.close)
        session = stage.session(Script(path, path.stem), device, screen)
        stack.callback(session.close)
        recorder = Recorder(session)
        stack.callback(lambda: _write(file, path, recorder.script(path)))
        recorder.run()
    Stage(settings, by_voice=False).perform(read_script(path))


def _new_file(path: Path) -> TextIO:
    try:
        return path.open("x", encoding="utf-8")
    except FileExistsError:
        raise ScriptError(f"{path} exists already; choose another name to record to.") from None
    except OSError as error:
        raise _cannot_write(path, error) from None


def _write(file: TextIO, path: Path, text: str) -> None:
    try:
        file.write(text)
        file.flush()
    except OSError as error:
        raise _cannot_write(path, error) from None


def _cannot_write(path: Path, error: OSError) -> ScriptError:
    return ScriptError(
        f"{path} cannot be written: {error.strerror}. Choose another place to record to."
    )


def _spoken_input(mic: Path | None) -> Device:
    """Return the recording to hear, or else microphone and speaker."""
    from assistant.audio.sound_card import open_sound_card, probe
    from assistant.audio.wav_files import WavDevice

    if mic:
        return WavDevice(mic, None)
    found = probe()
    if not found.microphone:
        raise DeviceError(
            "There is no microphone to hear you: connect one, give a recording with --mic, "
            "or leave --by voice out and type."
        )
    card = open_sound_card(want_mic=True, want_speaker=bool(found.speaker))
    return DeviceWithKeyboard(card, TypedLines(sys.stdin)) if sys.stdin.isatty() else card
