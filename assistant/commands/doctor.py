"""`massage doctor`: what works on this computer, what does not, and what to do about it."""

import argparse
import logging
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.commands.contract import Output
from assistant.commands.options import add_shared
from assistant.config import load_settings
from assistant.errors import MassageError
from assistant.folders import data_folder

if TYPE_CHECKING:
    from assistant.audio.sound_card import CardInfo

_log = logging.getLogger(__name__)

ABOUT = "say what works on this computer, and what to do about the rest"
ENOUGH_DISK = 300_000_000
"""Bytes: the speech model and a full cache of clips."""
REPORT = (
    "To report a problem, run `massage --log report.txt` until it happens, and send report.txt: "
    "it holds what was heard and done, as text, never audio."
)


@dataclass(frozen=True)
class Options:
    """How to print the findings, and the speech model and voice to examine."""

    json: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """One part and whether it works."""

    part: str
    good: bool
    text: str


def add_arguments(to: argparse.ArgumentParser) -> None:
    """Add how to print the findings, and what to examine."""
    to.add_argument("--json", action="store_true", help="one JSON line per finding")
    add_shared(to, "model", "voice")


def run(options: Options, out: Output) -> int:
    """Print each finding as soon as it is known; 1 when there is a problem."""
    works = True
    for finding in examine(options.settings):
        _log.info("%s", finding)
        works = works and finding.good
        if options.json:
            out.json(asdict(finding))
        else:
            out.line(f"{'ok' if finding.good else 'problem':8} {finding.part}: {finding.text}")
    if not options.json:
        out.line(REPORT)
    return 0 if works else 1


def examine(given: Mapping[str, str]) -> Iterator[Finding]:
    """Yield a finding on microphone, speaker, speech model, voice and disk.

    Where there is a microphone, its echo is measured as well, and it is listened to for five
    seconds.
    """
    from assistant.audio.sound_card import probe

    settings = load_settings(given)
    found = probe()
    yield _device("microphone", found.microphone, found.troubles, "type `massage chat`")
    yield _device("speaker", found.speaker, found.troubles, "read along in the terminal")
    yield (model := _model(settings.model))
    yield _voice(settings.voice)
    yield from _own_routines()
    free = shutil.disk_usage(_there(data_folder())).free
    enough = free > ENOUGH_DISK
    advice = "" if enough else "; make some room, 300 MB is enough"
    yield Finding("disk", enough, f"{free / 1e9:.1f} GB free{advice}")
    if found.microphone and model.good:
        from assistant.commands.doctor_listening import listen

        yield from listen(settings, bool(found.speaker))


def _device(part: str, card: "CardInfo | None", troubles: tuple[str, ...], else_do: str) -> Finding:
    if card is not None:
        return Finding(part, True, f"{card.name}, {card.rate} Hz")
    why = next((trouble for trouble in troubles if part in trouble), "none was found.")
    return Finding(part, False, f"{why} Until then, {else_do}.")


def _there(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    return folder if folder.exists() else _there(folder.parent)


def _own_routines() -> Iterator[Finding]:
    """Yield a finding for each of the user's content files that is left out, or one for all."""
    from assistant.library.library import load_library, own_folder, problems_of_own_files

    problems = problems_of_own_files(load_library())
    yield from (Finding("your files", False, problem) for problem in problems)
    if own_folder().is_dir() and not problems:
        yield Finding("your routines", True, str(own_folder()))


def _model(named: str | None) -> Finding:
    from assistant.hearing.model_trial import trial_fault
    from assistant.speech_model.store import sound_model

    try:
        folder = sound_model(Path(named) if named else None, trial_fault, certainly=True)
        return Finding("speech model", True, str(folder))
    except MassageError as error:
        return Finding("speech model", False, str(error))


def _voice(named: str | None) -> Finding:
    from assistant.speaking.choose import choose_voices
    from assistant.speaking.renderer import Renderer

    problems: list[str] = []
    try:
        renderer = Renderer(choose_voices(named), None, problems.append)
        clip = renderer.wait("This is how I sound.")
        name = " ".join(renderer.voice.key.split()[:2])  # the rest of the key is its version
        renderer.close()
    except MassageError as error:
        return Finding("voice", False, str(error))
    good = clip.samples is not None
    return Finding("voice", good, "; ".join([name, *problems]))
