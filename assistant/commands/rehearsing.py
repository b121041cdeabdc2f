"""The commands that perform dialogue scripts: rehearsals, and the demonstration, which is one."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.commands.rehearsal_flags import acoustics
from assistant.config import load_settings
from assistant.errors import AudioFileError, MassageError
from assistant.rehearsal.script import read_script
from assistant.rehearsal.stage import Stage
from assistant.screen.plain import PlainScreen
from assistant.transcript import json_line

DEMO = Path(__file__).parent.parent / "rehearsal" / "demo.dialogue"


@dataclass(frozen=True, slots=True)
class Demo:
    """What a demonstration left behind."""

    recording: Path
    transcript: Path
    seconds: float
    commands: int


def rehearse(options: argparse.Namespace) -> Iterator[tuple[Path, str | None]]:
    """Perform scripts; yield for each what differs or keeps it from being performed, or None."""
    stage = Stage(load_settings(vars(options)), options.by == "voice", acoustics(options))
    for path in options.files:
        try:
            stage.perform(read_script(path))
        except MassageError as error:
            yield path, str(error)
        else:
            yield path, None


def demo(options: argparse.Namespace) -> Demo:
    """Perform the shipped script by voice, and write recording and transcript into `--folder`."""
    from assistant.audio.device import RATE_OUT
    from assistant.audio.wav_files import write_wav

    folder: Path = options.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AudioFileError(
            f"{folder} cannot be a folder: {error.strerror}. Choose another with --folder."
        ) from None
    stage = Stage(load_settings(vars(options)), by_voice=True)
    session, room = stage.perform(read_script(DEMO), PlainScreen(sys.stderr), record=True)
    made = Demo(
        folder / "demo.wav",
        folder / "demo.jsonl",
        session.seconds,
        sum(bool(entry["intents"]) for entry in session.transcript.by_user),
    )
    write_wav(made.recording, room.recorded(), RATE_OUT)
    made.transcript.write_text("".join(map(json_line, session.transcript.entries)), "utf-8")
    return made
