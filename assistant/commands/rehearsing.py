"""The commands that perform dialogue scripts: rehearsals, and the demonstration, which is one."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.assembly import make_ears, make_session
from assistant.config import Settings, load_settings
from assistant.errors import MassageError
from assistant.history.place_file import PlaceFile
from assistant.rehearsal.rehearsal import Rehearsal
from assistant.rehearsal.room import Room
from assistant.rehearsal.script import Script, read_script
from assistant.routine.library import load_library
from assistant.screen.plain import NoScreen, PlainScreen
from assistant.screen.screen import Screen
from assistant.session import Session
from assistant.speaking.voice import Clip
from assistant.transcript import Transcript, json_line

DEMO = Path(__file__).parent.parent / "rehearsal" / "demo.dialogue"
ECHO = 0.25
"""Gain of the coach's voice at the microphone, -12 dB: a laptop on a shelf, half turned up."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What a demonstration left behind."""

    recording: Path
    transcript: Path
    seconds: float
    commands: int


def rehearse(path: Path, options: argparse.Namespace) -> str | None:
    """Perform one script; return what differs or keeps it from being performed, or None."""
    try:
        perform(read_script(path), _settings(options), by_voice=options.by == "voice")
    except MassageError as error:
        return str(error)
    return None


def demo(options: argparse.Namespace) -> Demo:
    """Perform the shipped script by voice, and write recording and transcript into `--folder`."""
    from assistant.audio.wav_files import write_wav

    folder: Path = options.folder
    session, room = perform(
        read_script(DEMO),
        _settings(options),
        by_voice=True,
        screen=PlainScreen(sys.stderr),
        record=True,
    )
    made = Demo(
        folder / "demo.wav",
        folder / "demo.jsonl",
        session.seconds,
        sum(bool(entry["intents"]) for entry in session.transcript.by_user),
    )
    from assistant.audio.device import RATE_OUT

    write_wav(made.recording, room.recorded(), RATE_OUT)
    made.transcript.write_text("".join(map(json_line, session.transcript.entries)), "utf-8")
    return made


def perform(
    script: Script,
    settings: Settings,
    *,
    by_voice: bool,
    screen: Screen | None = None,
    record: bool = False,
) -> tuple[Session, Room]:
    """Perform a script to its end; raises ScriptError at the first difference."""
    room = Room(audible=by_voice, echo=ECHO if by_voice else 0.0, record=record)
    session = make_session(
        settings,
        room,
        screen or NoScreen(),
        Transcript(),
        PlaceFile(None),
        library=load_library(),
        ears=make_ears(settings) if by_voice else None,
    )
    session.state = replace(session.state, minutes=script.minutes, tools=script.tools)
    try:
        Rehearsal(script, session, room, _users_voice() if by_voice else None).run()
    finally:
        session.close()
    return session, room


def _users_voice() -> Callable[[str], Clip]:
    """Return a voice that is not the coach's."""
    from assistant.speaking.choose import simulated_user

    return simulated_user().render


def _settings(options: argparse.Namespace) -> Settings:
    return load_settings({"model": options.model, "voice": options.voice})
