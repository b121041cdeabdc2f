"""A plan in writing: each step, its strokes, tempo, pressure, direction, and what will be said."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from assistant._resources import resource
from assistant.content.validation import load
from assistant.routine.plan import Item, Plan, SpokenLine, Step
from assistant.routine.schema import Source, Sources


def as_text(plan: Plan) -> str:
    """Return the plan as text to read."""
    rows = [f"{plan.title}: {len(plan.steps)} steps, about {_clock(plan.seconds)}"]
    rows += [*plan.notes, plan.prepare]
    for number, step in enumerate(plan.steps, 1):
        rows.append(f"\n{number}. {step.title} ({step.role}, {step.seconds:.0f} s)")
        rows.append(f"     technique: {step.technique}")
        rows.append(f"     {step.stroke}, {step.pressure} pressure, {step.tempo:.3g} s each")
        rows.append(f"     direction: {step.direction}")
        rows += [f"     {_shown(item)}" for item in step.score]
        rows.append(f"     why: {step.why}")
        rows.append(f"     sources: {', '.join(step.source)}")
    rows.append("\nSources")
    rows += [f"  {key}: {source.title} ({source.url})" for key, source in _cited(plan).items()]
    return "\n".join(rows)


def as_data(plan: Plan) -> Iterator[dict[str, Any]]:
    """Yield each step's data, with its length in seconds and its sources in full."""
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


def _strokes(step: Step) -> int:
    return sum(item.count for item in step.score if not isinstance(item, SpokenLine))


def _shown(item: Item) -> str:
    if isinstance(item, SpokenLine):
        return f'"{item.text}"'
    side = "" if item.side == "both" else f", {item.side}"
    strokes = "stroke" if item.count == 1 else "strokes"
    lead = f", after {item.lead:g} s to change sides" if item.lead else ""
    return f"… {item.count} {strokes}, {item.tempo:.3g} s each{side}{lead}: {item.seconds:g} s"


def _cited(plan: Plan) -> Mapping[str, Source]:
    """Return the sources of all steps; a key that is not in the shipped file is left out."""
    known = load(resource("routines") / "sources.yaml", Sources).sources
    keys = sorted({key for step in plan.steps for key in step.source})
    return {key: known[key] for key in keys if key in known}


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
