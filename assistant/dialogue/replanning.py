"""The same point in another plan of the same routine, for a massage that is already going on.

Promises: strokes that are done still count, and nothing is left unsaid because the new plan expects
it to have been said in a step that was never done.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from assistant.dialogue.state import Place
from assistant.routine.plan import Plan, SpokenLine, Step
from assistant.routine.schema import PRESSURES

Name = tuple[str, str, int]
"""Identifies a step: the technique that the routine names, the role, and a count among equals."""


def _by_name(steps: Iterable[Step], earlier: Iterable[Step] = ()) -> dict[Name, Step]:
    """Return `steps`, in order, by names that stay the same whatever technique replaces them.

    `earlier` are steps before them, which count for the names.
    """
    seen = Counter((step.written, step.role) for step in earlier)
    named: dict[Name, Step] = {}
    for step in steps:
        named[step.written, step.role, seen[step.written, step.role]] = step
        seen[step.written, step.role] += 1
    return named


def rest_of(place: Place) -> dict[Name, Step]:
    """Return the current step and those after it, by name."""
    return _by_name(place.plan.steps[place.step :], place.plan.steps[: place.step])


def moved(place: Place, plan: Plan) -> Place:
    """Return the same point in another plan of the same routine.

    If the current step is the same movement in `plan`, pressed no more lightly, it stays as it was,
    to the stroke. If it is another movement, it begins again. If `plan` leaves it out, the massage
    goes on with the next step that `plan` has.
    """
    old = list(_by_name(place.plan.steps))
    plan = _wanted(plan, place.plan.unwanted, old)
    names = list(_by_name(plan.steps))
    here = old[place.step]
    if here in names and _still_right(place.now, plan.steps[names.index(here)]):
        step = names.index(here)
        steps = (*plan.steps[:step], place.now, *plan.steps[step + 1 :])
        after = replace(place, plan=replace(plan, steps=steps), step=step)
        return _told(after, place)
    coming = old[place.step if place.strokes else place.step + 1 :]
    step = next((names.index(name) for name in coming if name in names), len(names) - 1)
    return _told(Place(plan, step), place)


def _still_right(told: Step, planned: Step) -> bool:
    """Return whether a step may go on as it is: the same movement, and no harder than planned."""
    harder = PRESSURES.index(told.pressure) > PRESSURES.index(planned.pressure)
    return told.technique == planned.technique and not harder


def _wanted(plan: Plan, unwanted: tuple[str, ...], old: list[Name]) -> Plan:
    """Leave out of `plan` the steps for unwanted areas, except those that are in `old`."""
    steps = tuple(
        step
        for name, step in _by_name(plan.steps).items()
        if name in old or step.spreads_oil or {*unwanted}.isdisjoint(step.areas)
    )
    return replace(plan, steps=steps, unwanted=unwanted)


def _told(after: Place, before: Place) -> Place:
    """Return `after` with the area said for movements that its plan wrongly takes as known."""
    steps = list(after.plan.steps)
    known = {step.technique for step in before.plan.steps[: before.step + 1]}
    for index in range(after.step, len(steps)):
        step = steps[index]
        kinds = [item.kind if isinstance(item, SpokenLine) else "" for item in step.score]
        area = SpokenLine(step.area_line, "what")
        if step.technique not in known and area not in step.score:
            at = kinds.index("what")
            steps[index] = replace(step, score=(*step.score[:at], area, *step.score[at:]))
        known.add(step.technique)
    return replace(after, plan=replace(after.plan, steps=tuple(steps)))


def missed_cautions(before: Place, after: Place) -> list[str]:
    """Return the cautions in the steps before `after` that the user has not heard.

    A technique's own caution counts only if the technique comes again.
    """
    past, rest = after.plan.steps[: after.step], after.plan.steps[after.step :]
    heard = {*_cautions(before.plan.steps[: before.step + 1]), *_cautions(rest)}
    again = {step.technique for step in rest}
    behind = [
        text
        for step in past
        for text in _cautions([step])
        if text not in step.caution or step.technique in again
    ]
    return [text for text in dict.fromkeys(behind) if text not in heard]


def skipped_cautions(before: Place, after: Place) -> list[str]:
    """Return the cautions between two steps of one plan that hold for what is still to come."""
    rest = after.plan.steps[after.step :]
    tags = {tag for step in rest for tag in step.tags}
    heard = {*_cautions(after.plan.steps[: before.step + 1]), *_cautions(rest)}
    own = " ".join(step.caution for step in rest)
    said = (item for step in after.plan.steps[: after.step] for item in step.score)
    cautions = [i for i in said if isinstance(i, SpokenLine) and i.kind == "caution"]
    matter = (line.text for line in cautions if line.about in tags or line.text in own)
    return [text for text in dict.fromkeys(matter) if text not in heard]


def _cautions(steps: Iterable[Step]) -> list[str]:
    lines = (item for step in steps for item in step.score if isinstance(item, SpokenLine))
    return [line.text for line in lines if line.kind == "caution"]
