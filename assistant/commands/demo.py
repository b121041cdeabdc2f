"""`massage demo`: a whole session with a simulated user's voice, without any device."""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.commands.contract import Output
from assistant.commands.options import add_shared
from assistant.config import load_settings
from assistant.errors import AudioFileError

ABOUT = "play a whole session with a simulated user, without any device"
SCRIPT = Path(__file__).parent.parent / "rehearsal" / "demo.dialogue"


@dataclass(frozen=True)
class Options:
    """Where to write, and how it sounds."""

    folder: Path = Path()
    settings: Mapping[str, str] = field(default_factory=dict)


def add_arguments(to: argparse.ArgumentParser) -> None:
    """Add the folder and how it sounds."""
    to.add_argument("--folder", type=Path, default=Path(), help="for demo.wav and demo.jsonl")
    add_shared(to, "model", "voice", "rate", "volume", "bed")


def run(options: Options, out: Output) -> int:
    """Perform the shipped script by voice and write its recording and transcript.

    Raises AudioFileError when they cannot be written.
    """
    from assistant.commands.setup import ensure_model

    ensure_model(options.settings, out)
    out.remark("A session with a simulated user, faster than real time:")
    from assistant.audio.device import RATE_OUT
    from assistant.audio.wav_files import write_wav
    from assistant.rehearsal.script import read_script
    from assistant.rehearsal.stage import Stage
    from assistant.screen.plain import PlainScreen
    from assistant.transcript import json_line

    folder = _folder(options.folder)
    stage = Stage(load_settings(options.settings), by_voice=True)
    session, room = stage.perform(read_script(SCRIPT), PlainScreen(sys.stderr), record=True)
    recording, transcript = folder / "demo.wav", folder / "demo.jsonl"
    write_wav(recording, room.recorded(), RATE_OUT)
    try:
        transcript.write_text("".join(map(json_line, session.transcript.entries)), "utf-8")
    except OSError as error:
        raise AudioFileError(
            f"{transcript} cannot be written: {error.strerror}. Choose another place with --folder."
        ) from None
    understood = sum(bool(entry["intents"]) for entry in session.transcript.by_user)
    out.remark(
        f"{session.seconds:.0f} seconds of conversation, {understood} commands understood: "
        f"{recording} (coach left, user right), {transcript}"
    )
    return 0


def _folder(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AudioFileError(
            f"{folder} cannot be created: {error.strerror}. Choose another place with --folder."
        ) from None
    return folder
