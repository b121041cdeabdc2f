"""Gives every step of a routine a technique that is possible with the tools and allowed by health.

Promises: nothing that is blocked, and no tool that is missing, is in the parts that it returns; dry
work comes before oiled work, with oil put on in between.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.routine.part import Part, stand_in
from assistant.routine.restrictions import Restrictions, lighter
from assistant.routine.schema import Pressure, RoutineStep, Technique

Techniques = Mapping[str, Technique]

OIL_STROKES = 4
"""Of the step that puts oil on, where a routine does not name it."""


@dataclass(slots=True)
class Equipped:
    """The parts, and what is not as the routine was written."""

    parts: list[Part] = field(default_factory=list)
    blocked: list[tuple[Technique, Pressure]] = field(default_factory=list)
    """What health left out or made lighter, with the pressure that it would have had."""
    missing: list[tuple[Technique, Part | None]] = field(default_factory=list)
    """What its tool was missing for, and what takes its place."""


def equip(
    steps: Sequence[RoutineStep],
    techniques: Techniques,
    tools: frozenset[str] | None,
    restrictions: Restrictions,
) -> Equipped:
    """Choose a technique for each step: its own, else a stand-in, else none."""
    equipped = Equipped()
    for step in steps:
        part, missing = None, []
        for candidate in _candidates(step, techniques):
            if not at_hand(candidate.technique.tool, tools):
                missing.append(candidate.technique)
                continue
            pressure = candidate.step.pressure or candidate.technique.pressure
            allowed = lighter(pressure, restrictions.firmest)
            forbidden = restrictions.forbid(candidate.technique)
            if forbidden or allowed != pressure:
                equipped.blocked.append((candidate.technique, pressure))
            if not forbidden:
                part = _with_pressure(candidate, allowed)
                break
        equipped.missing.extend((technique, part) for technique in missing[:1])
        if part:
            equipped.parts.append(part)
    equipped.parts = _by_surface(_without_doubles(equipped.parts), techniques)
    return equipped


def at_hand(tool: str, tools: frozenset[str] | None) -> bool:
    """Tell whether there is the tool; hands always, and without `tools` all."""
    return tools is None or tool == "hands" or tool in tools


def _candidates(step: RoutineStep, techniques: Techniques) -> Iterator[Part]:
    """Yield the step as written, then with each of the stand-ins in turn."""
    written = techniques[step.use]
    yield Part(step, step.use, written, step.strokes)
    seen, name = {step.use}, written.stand_in
    while name and name in techniques and name not in seen:
        seen.add(name)
        yield stand_in(step, written, name, techniques[name])
        name = techniques[name].stand_in


def _with_pressure(part: Part, pressure: Pressure) -> Part:
    if pressure == (part.step.pressure or part.technique.pressure):
        return part
    return replace(part, step=part.step.model_copy(update={"pressure": pressure}))


def _without_doubles(parts: Sequence[Part]) -> list[Part]:
    """Make one of two neighbours where a stand-in repeats the other; a bookend stays a bookend."""
    kept: list[Part] = []
    for part in parts:
        before = kept[-1] if kept else None
        if before and before.identifier == part.identifier and (before.stands_in or part.stands_in):
            kept[-1] = _merged(before, part)
        else:
            kept.append(part)
    return kept


def _merged(one: Part, other: Part) -> Part:
    longer = max(one, other, key=lambda part: part.count)
    if "work" in (one.step.role, other.step.role):
        return one if other.step.role == "work" else other
    strokes = one.count + other.count
    step = longer.step.model_copy(update={"strokes": strokes})
    return replace(longer, step=step, count=strokes)


def _by_surface(parts: Sequence[Part], techniques: Techniques) -> list[Part]:
    """Put dry work before the first oiled work, and between them the step that puts oil on."""
    oiled = [part.technique.surface == "oiled" or part.technique.spreads_oil for part in parts]
    if not any(oiled):
        return list(parts)
    first = oiled.index(True)
    oil = [part for part in parts if part.technique.spreads_oil]
    dry = [part for part in parts[first:] if _is_dry_work(part)]
    before = [part for part in parts[:first] if part not in oil]
    after = [part for part in parts[first:] if part not in oil and part not in dry]
    return [*before, *dry, *(oil[:1] or _oil(techniques)), *after]


def _is_dry_work(part: Part) -> bool:
    return part.step.role == "work" and part.technique.surface == "dry"


def _oil(techniques: Techniques) -> list[Part]:
    return [
        Part(RoutineStep(use=name, strokes=OIL_STROKES), name, technique, OIL_STROKES)
        for name, technique in techniques.items()
        if technique.spreads_oil
    ][:1]
