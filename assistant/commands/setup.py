"""`massage setup`: fetches the speech model, once, and does what makes the first start quick."""

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.commands.contract import Output
from assistant.commands.options import add_shared
from assistant.config import load_settings
from assistant.errors import ModelError

ABOUT = "fetch the speech model, once"


@dataclass(frozen=True)
class Options:
    """A zip or aar to take the model from, instead of the network."""

    source: Path | None = None


def add_arguments(to: argparse.ArgumentParser) -> None:
    """Add where to take the model from."""
    to.add_argument("--from", dest="source", type=Path, metavar="FILE", help="a zip or aar")
    add_shared(to)


def run(options: Options, out: Output) -> int:
    """Fetch the speech model, or take it from a file. Raises ModelError."""
    from assistant.hearing.model_trial import trial_fault
    from assistant.screen.progress import download_progress
    from assistant.speech_model.fetch import fetch_model

    with download_progress("Speech model") as progress:
        folder = fetch_model(options.source, progress, trial=trial_fault)
    out.remark(f"The speech model is in {folder}.")
    from assistant.commands.first_start import prepare_first_start

    prepare_first_start()
    return 0


def ensure_model(given: Mapping[str, str], out: Output) -> None:
    """Fetch the speech model if there is none, after saying how large it is.

    Raises ModelError when it cannot be fetched, for a damaged model, and for a missing model that
    was asked for by name: to fetch another one instead would hide the mistake.
    """
    from assistant.hearing.model_trial import trial_fault
    from assistant.speech_model.store import (
        MODEL_VARIABLE,
        find_model,
        sound_model,
        speech_model,
    )

    name = load_settings(given).model
    named = Path(name) if name else None
    try:
        find_model(named)
    except ModelError:
        if named or os.environ.get(MODEL_VARIABLE):
            raise
        megabytes = speech_model().size / 1e6
        out.remark(
            f"The speech model is downloaded once, {megabytes:.0f} MB; after that, nothing is."
        )
        run(Options(), out)
    else:
        sound_model(named, trial_fault)
