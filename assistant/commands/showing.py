"""A plan on paper: each step, its strokes, tempo, pressure, direction, and what will be said."""

import argparse
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import Any

from assistant._resources import resource
from assistant.config import load_settings
from assistant.content.validation import load
from assistant.errors import SettingsError
from assistant.library.library import load_library
from assistant.routine.plan import Item, Plan, SpokenLine, Step, Strokes
from assistant.routine.planner import MOST_MINUTES
from assistant.routine.schema import Source, Sources
from assistant.routine.tools import TOOLS, known_tools


def planned(routine: str, minutes: float | None, without: Iterable[str]) -> Plan:
    """Return the plan for these wishes.

    Raises UnknownRoutine, UnknownTool, PlanRefused, ContentError, and SettingsError for minutes
    that nobody can mean.
    """
    if minutes is not None and not (isfinite(minutes) and 0 < minutes <= MOST_MINUTES):
        raise SettingsError(
            f"A massage cannot take {minutes:g} minutes: choose up to {MOST_MINUTES:g}."
        )
    missing = known_tools(without)
    tools = set(TOOLS) - missing if missing else None
    return load_library().plan(routine, minutes, tools)


def as_text(plan: Plan) -> str:
    """Return the plan as text to read."""
    rows = [f"{plan.title}: {len(plan.steps)} steps, about {_clock(plan.seconds)}"]
    rows += [*plan.notes, plan.prepare]
    for number, step in enumerate(plan.steps, 1):
        rows.append(f"\n{number}. {step.title} ({step.role}, {step.seconds:.0f} s)")
        rows.append(f"     {step.stroke}, {step.pressure} pressure, {step.tempo:g} s each")
        rows.append(f"     direction: {step.direction}")
        rows += [f"     {_shown(item)}" for item in step.score]
        rows.append(f"     why: {step.why}")
        rows.append(f"     sources: {', '.join(step.source)}")
    rows.append("\nSources")
    rows += [f"  {key}: {source.title} ({source.url})" for key, source in _cited(plan).items()]
    return "\n".join(rows)


def as_data(plan: Plan) -> Iterator[dict[str, Any]]:
    """Yield each step's data, its length in seconds and its sources in full included."""
    cited = _cited(plan)
    for step in plan.steps:
        sources = {key: cited[key].model_dump() for key in step.source if key in cited}
        yield {
            **asdict(step),
            "seconds": round(step.seconds, 1),
            "strokes": _strokes(step),
            "said": [item.text for item in step.score if isinstance(item, SpokenLine)],
            "sources": sources,
        }


def draw_score(plan: Plan, options: argparse.Namespace) -> None:
    """Draw one step into `score`: `step` from 1, or the first one with a sound for each stroke.

    Raises SettingsError for a step that there is not, or without a file; PictureError.
    """
    path: Path | None = options.score
    number: int | None = options.step
    if path is None:
        raise SettingsError("--step goes with --score FILE.png: name the picture to draw.")
    steps = len(plan.steps)
    if number is not None and not 1 <= number <= steps:
        raise SettingsError(f"There is no step {number}: choose 1 to {steps}.")
    from assistant.score.picture import draw, require_drawing
    from assistant.score.step_recording import record_step

    require_drawing()
    index = _first_with_earcons(plan) if number is None else number - 1
    recording = record_step(plan, index, load_settings(vars(options)))
    title = f"{plan.title}, step {index + 1} of {steps}: {recording.step.title}"
    draw(recording, f"{title}, {recording.seconds:.1f} seconds", path)


def _first_with_earcons(plan: Plan) -> int:
    def has_earcons(step: Step) -> bool:
        return any(isinstance(item, Strokes) and item.earcons for item in step.score)

    return next((i for i, step in enumerate(plan.steps) if has_earcons(step)), 0)


def _strokes(step: Step) -> int:
    return sum(item.count for item in step.score if not isinstance(item, SpokenLine))


def _shown(item: Item) -> str:
    if isinstance(item, SpokenLine):
        return f'"{item.text}"'
    side = "" if item.side == "both" else f", {item.side}"
    strokes = "stroke" if item.count == 1 else "strokes"
    lead = f", after {item.lead:g} s to change sides" if item.lead else ""
    return f"… {item.count} {strokes}, {item.tempo:g} s each{side}{lead}: {item.seconds:g} s"


def _cited(plan: Plan) -> Mapping[str, Source]:
    """Return the sources of all steps; a key that the shipped file lacks is left out."""
    known = load(resource("routines") / "sources.yaml", Sources).sources
    keys = sorted({key for step in plan.steps for key in step.source})
    return {key: known[key] for key in keys if key in known}


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
