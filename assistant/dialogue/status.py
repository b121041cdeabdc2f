"""How far the massage has come: for answers, and for the status line on the screen."""

from dataclasses import dataclass

from assistant.dialogue.state import PACES, RATES, Mode, Place, State
from assistant.routine.plan import Item, Plan, Strokes


@dataclass(frozen=True, slots=True)
class Status:
    """What the screen shows about a massage."""

    mode: Mode
    title: str
    step: int
    """From 1."""
    steps: int
    step_title: str
    stroke: int
    """Strokes done in the current run; 0 while the step is being explained."""
    strokes: int
    side: str
    seconds_left: float


def status(state: State) -> Status | None:
    """Return how far the massage has come, or None if there is no massage."""
    place = state.place
    if place is None or state.mode in ("choosing", "finished"):
        return None
    run = place.strokes
    return Status(
        mode=state.mode,
        title=place.plan.title,
        step=place.step + 1,
        steps=len(place.plan.steps),
        step_title=place.now.title,
        stroke=place.stroke,
        strokes=run.count + place.extra if run else 0,
        side=run.side if run else "both",
        seconds_left=seconds_left(state),
    )


def paced_seconds(plan: Plan, pace: int) -> float:
    """Estimate how many seconds a whole massage takes at this pace."""
    return sum(_seconds(pace, item) for step in plan.steps for item in step.score)


def seconds_left(state: State) -> float:
    """Estimate the seconds to the end of the massage at the current pace."""
    place = state.place
    if place is None:
        return 0.0
    later = place.plan.steps[place.step + 1 :]
    return step_seconds_left(state) + sum(_seconds(state.pace, i) for s in later for i in s.score)


def step_seconds_left(state: State) -> float:
    """Estimate the seconds to the end of the current step at the current pace."""
    place = state.place
    if place is None:
        return 0.0
    ahead = sum(_seconds(state.pace, item) for item in place.now.score[place.item :])
    return max(0.0, ahead + _strokes_changed(place) * PACES[state.pace])


def _seconds(pace: int, item: Item) -> float:
    if isinstance(item, Strokes):
        return item.seconds * PACES[pace]
    return item.seconds / RATES[pace]


def _strokes_changed(place: Place) -> float:
    """Return the seconds, at the normal pace, that added strokes add and done strokes save."""
    run = place.strokes
    if run is None:
        return 0.0
    return (place.extra - place.stroke) * run.tempo - (run.lead if place.stroke else 0.0)
