"""`massage show`: a routine's steps, times and narration, or a picture of one step."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.commands.contract import Output
from assistant.commands.options import add_shared
from assistant.config import load_settings
from assistant.errors import SettingsError

if TYPE_CHECKING:
    from assistant.routine.plan import Plan

ABOUT = "show a routine's steps, times and narration"


@dataclass(frozen=True)
class Options:
    """The routine, how it is to be, and how to show it."""

    routine: str
    minutes: float | None = None
    without: tuple[str, ...] = ()
    json: bool = False
    score: Path | None = None
    step: int | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


def add_arguments(to: argparse.ArgumentParser) -> None:
    """Add the routine, how it is to be, and how to show it."""
    to.add_argument("routine")
    to.add_argument("--minutes", type=float)
    to.add_argument("--without", nargs="+", default=[], metavar="TOOL", help="such as gua-sha")
    to.add_argument("--json", action="store_true", help="one JSON line per step")
    to.add_argument("--score", type=Path, metavar="FILE.png", help="draw what sounds when")
    to.add_argument("--step", type=int, metavar="N", help="draw this step instead of the first")
    add_shared(to, "voice")


def run(options: Options, out: Output) -> int:
    """Print the plan, or draw one of its steps."""
    from assistant.commands.plan_text import as_data, as_text

    _check(options)
    plan = planned(options)
    if options.score:
        _draw(plan, options.score, options)
    elif options.json:
        for step in as_data(plan):
            out.json(step)
    else:
        out.line(as_text(plan))
    return 0


def planned(options: Options) -> "Plan":
    """Return the plan of the routine for `minutes` and `without` some tools.

    Raises UnknownRoutine, UnknownTool, PlanRefused, ContentError, and SettingsError for minutes
    that are not a length of a massage.
    """
    from assistant.library.library import load_library
    from assistant.routine.planner import MOST_MINUTES
    from assistant.routine.tools import TOOLS, known_tools

    minutes = options.minutes
    if minutes is not None and not (isfinite(minutes) and 0 < minutes <= MOST_MINUTES):
        raise SettingsError(
            f"A massage cannot take {minutes:g} minutes: choose up to {MOST_MINUTES:g}."
        )
    missing = known_tools(options.without)
    tools = set(TOOLS) - missing if missing else None
    return load_library().plan(options.routine, minutes, tools)


def _check(options: Options) -> None:
    """Raise SettingsError for an option of the picture without a picture."""
    if options.score is None and options.step is not None:
        raise SettingsError("--step goes with --score FILE.png: name the picture to draw.")


def _draw(plan: "Plan", path: Path, options: Options) -> None:
    """Draw step `options.step`, or the first one with a sound for each stroke.

    Raises SettingsError for a step that does not exist, and PictureError.
    """
    steps = len(plan.steps)
    if options.step is not None and not 1 <= options.step <= steps:
        raise SettingsError(f"There is no step {options.step}: choose 1 to {steps}.")
    from assistant.score.picture import draw, require_drawing
    from assistant.score.step_recording import record_step

    require_drawing()
    index = _first_with_earcons(plan) if options.step is None else options.step - 1
    recording = record_step(plan, index, load_settings(options.settings))
    title = f"{plan.title}, step {index + 1} of {steps}: {recording.step.title}"
    draw(recording, f"{title}, {recording.seconds:.1f} seconds", path)


def _first_with_earcons(plan: "Plan") -> int:
    from assistant.routine.plan import Strokes

    for index, step in enumerate(plan.steps):
        if any(isinstance(item, Strokes) and item.earcons for item in step.score):
            return index
    return 0
