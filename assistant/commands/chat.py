"""`massage chat`: the same conversation, typed. The coach writes, paced by the wall clock."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.commands.contract import Output
from assistant.commands.options import SHARED, add_shared
from assistant.config import load_settings

ABOUT = "hold the same conversation, typed"


@dataclass(frozen=True)
class Options:
    """What a conversation without audio can be told."""

    settings: Mapping[str, str] = field(default_factory=dict)
    transcript: Path | None = None
    keep_misses: Path | None = None


def add_arguments(to: argparse.ArgumentParser) -> None:
    """Add all shared options, so that what starts `massage` starts this, too.

    Those about sound make no difference here.
    """
    add_shared(to, *SHARED)


def run(options: Options, out: Output) -> int:  # noqa: ARG001 - the screen shows what is said
    """Converse in writing until the input or the conversation ends."""
    from assistant.commands.conversation import converse_typed

    settings, keep = load_settings(options.settings), options.keep_misses
    converse_typed(settings, options.transcript, keep_misses=keep)
    return 0
