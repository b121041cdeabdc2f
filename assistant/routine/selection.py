"""Chooses a technique for every step of a routine: one that the tools and the user's health allow.

Promises: no technique that health forbids, and none whose tool is missing, is among those chosen;
dry work comes before oiled work, and a step that puts oil on comes in between.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil

from assistant.routine.restrictions import Restrictions, lighter
from assistant.routine.routine_schema import RoutineStep
from assistant.routine.schema import Pressure, Technique

Techniques = Mapping[str, Technique]

OIL_STROKES = 4
"""In the step that puts oil on, when the routine does not have one."""

_NO_OWN_WORDS = {"say": "", "say_only": ""}

MOST_GROWTH = 2
"""A step grows to at most this multiple of its written strokes: more would bore, or redden."""


@dataclass(frozen=True, slots=True)
class DraftStep:
    """A step in the making: the technique chosen for it, and how many strokes it has so far."""

    step: RoutineStep
    """As written; for a stand-in, rewritten to last as long at the stand-in's tempo."""
    identifier: str
    """Of the technique."""
    technique: Technique
    count: int
    """Strokes; on each side, if the step is done on each."""
    stands_in: bool = False
    round: int = 1
    times: int = 1
    """How many steps of this massage use the technique, and share its `most_seconds`."""

    @property
    def tempo(self) -> float:
        """Seconds per stroke; in a step that is written in seconds, so that its strokes fill it."""
        return self._written[1]

    @property
    def strokes(self) -> int:
        """Strokes as written."""
        return self._written[0]

    @property
    def _written(self) -> tuple[int, float]:
        """Strokes, and seconds for each."""
        tempo, seconds = self.step.tempo or self.technique.tempo, self.step.seconds
        if seconds is None:
            return self.step.strokes or 1, tempo
        strokes = max(1, round(seconds / tempo))
        return strokes, seconds / strokes

    @property
    def pressure(self) -> Pressure:
        """The step's own pressure, or else the technique's."""
        return self.step.pressure or self.technique.pressure

    @property
    def stroke_seconds(self) -> float:
        """Seconds that one more stroke takes, on both sides if the step is done on each."""
        return self.tempo * (2 if self.step.sides == "each" else 1)

    @property
    def fewest(self) -> int:
        """The fewest strokes to which it may be trimmed."""
        trim_to = self.step.trim_to
        if trim_to is None or self.step.role != "work":
            return self.strokes
        return trim_to if self.step.seconds is None else max(1, round(trim_to / self.tempo))

    @property
    def most(self) -> int:
        """The most strokes to which it may grow."""
        if self.technique.stroke == "rest":  # time that is left over is for the work
            return self.strokes
        grown = self.strokes * MOST_GROWTH
        if self.technique.most_seconds is None:
            return grown
        return max(
            self.fewest, min(grown, int(self.technique.most_seconds / self.times / self.tempo))
        )


@dataclass(slots=True)
class Selection:
    """The steps with their techniques, and what differs from the routine as written."""

    drafts: list[DraftStep] = field(default_factory=list)
    restricted: list[tuple[Technique, Pressure]] = field(default_factory=list)
    """Techniques that health forbids or makes lighter, with the pressure they would have had."""
    missing: list[tuple[Technique, DraftStep | None]] = field(default_factory=list)
    """Techniques whose tool is missing, with the step that takes their place, if any."""


def select_techniques(
    steps: Sequence[RoutineStep],
    techniques: Techniques,
    tools: frozenset[str] | None,
    restrictions: Restrictions,
    preferred: str = "",
) -> Selection:
    """Choose for each step its own technique, or the first stand-in that is possible, or none.

    `tools` are those at hand; None means all of them. A technique that is only pressed too hard
    stays, with the firmest pressure allowed. A `preferred` tool takes the place of those with which
    the same work is done: nobody wants to change tools at every step.
    """
    selection = Selection()
    if not _at_hand(preferred, tools):
        preferred = ""
    written = [techniques[step.use] for step in steps]
    put_aside = {technique.tool for technique in written if preferred in technique.with_tool}
    for step in steps:
        chosen, missing = None, []
        for candidate in _candidates(step, techniques, preferred):
            if candidate.technique.tool in put_aside:
                continue
            allowed = lighter(candidate.pressure, restrictions.firmest)
            forbidden = restrictions.forbid(candidate.technique)
            # What health forbids would not be done with the tool either.
            if not forbidden and not _at_hand(candidate.technique.tool, tools):
                missing.append(candidate.technique)
                continue
            if forbidden or allowed != candidate.pressure:
                selection.restricted.append((candidate.technique, candidate.pressure))
            if not forbidden:
                chosen = _with_pressure(candidate, allowed)
                break
        # A stand-in whose own tool is missing too is not worth a sentence: nobody asked for it.
        selection.missing.extend((technique, chosen) for technique in missing[:1])
        if chosen:
            selection.drafts.append(chosen)
    selection.drafts = _by_surface(_without_doubles(selection.drafts), techniques)
    return selection


def _at_hand(tool: str, tools: frozenset[str] | None) -> bool:
    return tools is None or tool == "hands" or tool in tools


def _candidates(step: RoutineStep, techniques: Techniques, preferred: str) -> Iterator[DraftStep]:
    """Yield the step with the preferred tool, as written, then with each of the stand-ins."""
    written = techniques[step.use]
    for tool, other in written.with_tool.items():
        if tool == preferred and other in techniques:
            yield _stand_in(step, written, other, techniques[other])
    yield _draft(step, step.use, written)
    # `seen` ends a circle of stand-ins, which the user's own files may have.
    seen, name = {step.use}, written.stand_in
    while name and name in techniques and name not in seen:
        seen.add(name)
        yield _stand_in(step, written, name, techniques[name])
        name = techniques[name].stand_in


def _draft(step: RoutineStep, identifier: str, technique: Technique) -> DraftStep:
    draft = DraftStep(step, identifier, technique, 0)
    return replace(draft, count=draft.strokes)


def _stand_in(
    step: RoutineStep, instead_of: Technique, identifier: str, technique: Technique
) -> DraftStep:
    """Return `step` done with `technique` instead.

    It lasts as long, so a slower movement has fewer strokes. A tempo or pressure that the step
    sets, and its own words, were meant for the other technique, so the new one keeps its own.
    """
    changes: dict[str, object] = {**_NO_OWN_WORDS, "tempo": None, "pressure": None}
    if step.strokes is not None:
        scale = (step.tempo or instead_of.tempo) / technique.tempo
        strokes = max(1, round(step.strokes * scale))
        trim_to = None if step.trim_to is None else min(strokes, max(1, ceil(step.trim_to * scale)))
        changes |= {"strokes": strokes, "trim_to": trim_to}
    draft = _draft(step.model_copy(update=changes), identifier, technique)
    return replace(draft, stands_in=True)


def _with_pressure(draft: DraftStep, pressure: Pressure) -> DraftStep:
    if pressure == draft.pressure:
        return draft
    # Own words may name the pressure that is not allowed: the coach describes the step instead.
    changes = {**_NO_OWN_WORDS, "pressure": pressure}
    return replace(draft, step=draft.step.model_copy(update=changes))


def _without_doubles(drafts: Sequence[DraftStep]) -> list[DraftStep]:
    """Merge neighbors that became the same technique because a stand-in repeats the other."""
    kept: list[DraftStep] = []
    for draft in drafts:
        alike = kept and kept[-1].identifier == draft.identifier
        if alike and (kept[-1].stands_in or draft.stands_in):
            kept[-1] = _merged(kept[-1], draft)
        else:
            kept.append(draft)
    return kept


def _merged(one: DraftStep, other: DraftStep) -> DraftStep:
    """Return one step for both; work gives way, so that an opening or closing stays what it is."""
    if "work" in (one.step.role, other.step.role):
        return one if other.step.role == "work" else other
    longer = max(one, other, key=lambda draft: draft.count)
    strokes = one.count + other.count
    step = longer.step.model_copy(update={"strokes": strokes, "duration": None})
    return replace(longer, step=step, count=strokes)


def _by_surface(drafts: Sequence[DraftStep], techniques: Techniques) -> list[DraftStep]:
    """Put dry work before the first oiled work, and between them the step that puts oil on."""
    oiled = [draft.technique.surface == "oiled" or draft.technique.spreads_oil for draft in drafts]
    if not any(oiled):
        return list(drafts)
    first = oiled.index(True)
    oil = [draft for draft in drafts if draft.technique.spreads_oil]
    dry = [draft for draft in drafts[first:] if _is_dry_work(draft)]
    before = [draft for draft in drafts[:first] if draft not in oil]
    after = [draft for draft in drafts[first:] if draft not in oil and draft not in dry]
    return [*before, *dry, *(oil[:1] or _oil(techniques)), *after]


def _is_dry_work(draft: DraftStep) -> bool:
    # Dry opening and closing steps stay where they are; `over_oil` says how to do them on oil.
    return draft.step.role == "work" and draft.technique.surface == "dry"


def _oil(techniques: Techniques) -> list[DraftStep]:
    return [
        DraftStep(RoutineStep(use=name, strokes=OIL_STROKES), name, technique, OIL_STROKES)
        for name, technique in techniques.items()
        if technique.spreads_oil
    ][:1]
