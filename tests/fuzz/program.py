"""Imports the program once, and does what its commands would all do first."""

import gc
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.fuzz.limits import ROOT

HURRIED_BLOCK = 0.001
"""Seconds. Typed conversations pass twenty times as quickly as they do for a user."""
LEFT_OUT = ("assistant.audio.portaudio", "assistant.speaking.pyttsx3_worker", "assistant.__main__")
"""Modules that do something when they are imported."""


def import_as_installed(folder: Path) -> None:
    """Import the whole program as if from a wheel, since a checkout's models are in itself.

    `folder` gets links to the package and its data, and must stay. To be called before anything of
    the package is imported.
    """
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # a fork does not take threads with it
    package = folder / "assistant"
    (package / "_data" / "models").mkdir(parents=True)
    for part in (ROOT / "assistant").iterdir():
        if part.name not in ("__pycache__", "_data"):
            (package / part.name).symlink_to(part)
    (package / "_data" / "routines").symlink_to(ROOT / "routines")
    (package / "_data" / "models" / "catalog.toml").symlink_to(ROOT / "models" / "catalog.toml")
    sys.path.insert(0, str(folder))
    os.environ["PYTHONPATH"] = str(folder)  # for processes that the program starts
    import assistant

    assert Path(assistant.__file__).parent == package
    for found in pkgutil.walk_packages(assistant.__path__, "assistant."):
        if found.name not in LEFT_OUT:
            importlib.import_module(found.name)
    for name in (
        "numpy",
        "pydantic",
        "hassil.recognize",
        "rich.console",
        "soundfile",
        "soxr",
        "vosk",
    ):
        importlib.import_module(name)
    wall_clock: Any = importlib.import_module("assistant.audio.wall_clock")
    wall_clock.BLOCK_SECONDS = HURRIED_BLOCK
    _keep_sentences()
    gc.freeze()  # so that a child does not copy everything when it collects


def _keep_sentences() -> None:
    """Let conversations without routines of the user's own share one interpreter, made once.

    To read and compile the shipped sentences takes ten times as long as most cases do.
    """
    from assistant._resources import resource
    from assistant.dialogue.state import MODES
    from assistant.library.library import Library
    from assistant.understanding.interpreter import Interpreter
    from assistant.understanding.templates import Templates

    assembly: Any = importlib.import_module("assistant.assembly")
    load, kept = assembly.load_templates, dict[str, Templates]()

    def load_or_take(paths: Sequence[Path], lists: Any = None) -> Templates:
        return kept.get(repr((paths, lists))) or load(paths, lists)

    def load_and_keep(paths: Sequence[Path], lists: Any = None) -> Templates:
        return kept.setdefault(repr((paths, lists)), load(paths, lists))

    def interpreter(given: Any) -> Interpreter:
        templates = given if isinstance(given, Templates) else given()
        same = templates.digest == shipped.templates.digest
        return shipped if same and templates.fillers == shipped.templates.fillers else made(given)

    made = Interpreter
    assembly.load_templates = load_and_keep
    shipped = assembly.make_interpreter(Library([resource("routines")]))
    shipped.prepare()
    for mode in (*MODES, None):
        _ = shipped.grammar(mode).phrases
    assembly.load_templates = load_or_take
    assembly.Interpreter = interpreter


def keep_model(path: Path) -> None:
    """Load the speech model once, for all commands that do not name another one."""
    from assistant.config import Settings
    from assistant.hearing.vosk import VoskModel

    assembly: Any = importlib.import_module("assistant.assembly")
    load, kept = assembly.load_speech_model, VoskModel(path)

    def load_or_take(settings: Settings) -> VoskModel:
        return load(settings) if settings.model else kept

    assembly.load_speech_model = load_or_take
