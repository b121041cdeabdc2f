"""A plan on paper: each step, its strokes, tempo, pressure, direction, and what will be said."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from assistant.routine.plan import Line, Plan


def as_text(plan: Plan) -> str:
    """Return the plan as text to read."""
    minutes, seconds = divmod(round(plan.seconds), 60)
    rows = [f"{plan.title}: {len(plan.steps)} steps, about {minutes}:{seconds:02d}", plan.prepare]
    for number, step in enumerate(plan.steps, 1):
        rows.append(
            f"\n{number}. {step.title} ({step.seconds:.0f} s; {step.pressure}; {step.direction})"
        )
        for item in step.score:
            if isinstance(item, Line):
                rows.append(f"     {item.text}")
            else:
                side = "" if item.side == "both" else f", {item.side}"
                rows.append(f"     … {item.count} strokes, {item.tempo:g} s each{side}")
        rows.append(f"   why: {step.why}")
    return "\n".join(rows)


def as_data(plan: Plan) -> Iterator[dict[str, Any]]:
    """Yield each step's data, its length in seconds included."""
    for step in plan.steps:
        yield {**asdict(step), "seconds": round(step.seconds, 1)}
