"""Fits a routine to the minutes that there are and the tools at hand. Pure and deterministic.

The order in which time is saved: strokes shrink towards `trim_to`, the least shrunk step first;
then optional steps go, the last first. Time that is left over, or wished for, goes back into
strokes. Opening and closing steps keep all their strokes, whatever was asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.routine.narration import Phrases, facts, score
from assistant.routine.plan import Item, Plan, Step, Strokes
from assistant.routine.schema import Routine, RoutineStep, Technique

MOST_GROWTH = 2
"""Times its written strokes: the most that a step grows to. More would only bore, or redden."""


TIMING_WORDS = 3.0
"""Seconds by which the lines that announce the timing may grow when the strokes get fewer."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A step with the technique chosen for it and the strokes given to it."""

    step: RoutineStep
    identifier: str
    technique: Technique
    count: int

    @property
    def stroke_seconds(self) -> float:
        """What one more stroke costs, on both sides if it is given to each."""
        tempo = self.step.tempo or self.technique.tempo
        return tempo * (2 if self.step.sides == "each" else 1)

    @property
    def fullness(self) -> float:
        """The share of its written strokes that it has; 1 before it is fitted."""
        return self.count / self.step.strokes

    @property
    def fewest(self) -> int:
        """The fewest strokes that time may leave it."""
        trims = self.step.role == "work" and self.step.trim_to is not None
        return self.step.trim_to if trims and self.step.trim_to else self.step.strokes


def plan(
    identifier: str,
    routine: Routine,
    techniques: Mapping[str, Technique],
    phrases: Phrases,
    minutes: float | None = None,
    tools: frozenset[str] | None = None,
) -> Plan:
    """Make `routine` ready to be performed.

    `minutes` is the length wished for: the plan comes as near as its limits allow, so compare its
    `seconds`; None leaves the strokes as written. `tools` are those at hand, hands always among
    them; None means all that the routine names. A step whose tool is missing uses the technique's
    stand-in, or is left out.
    """
    parts = _equip(routine.steps, techniques, tools)
    if minutes is not None:
        parts = _fit(parts, phrases, minutes * 60)
    kept = {part.step.use for part in parts}
    lost = (step.use for step in routine.steps if step.use not in kept)
    return Plan(
        routine=identifier,
        title=routine.title,
        tools=tuple(tool for tool in routine.tools if _at_hand(tool, tools)),
        prepare=routine.prepare,
        steps=_narrated(parts, phrases),
        left_out=tuple(techniques[use].title for use in dict.fromkeys(lost)),
    )


def _equip(
    steps: Sequence[RoutineStep],
    techniques: Mapping[str, Technique],
    tools: frozenset[str] | None,
) -> list[_Part]:
    parts = []
    for step in steps:
        use: str | None = step.use
        while use is not None and not _at_hand(techniques[use].tool, tools):
            use = techniques[use].stand_in
        if use is not None:
            parts.append(_Part(step, use, techniques[use], step.strokes))
    return parts


def _at_hand(tool: str, tools: frozenset[str] | None) -> bool:
    return tools is None or tool == "hands" or tool in tools


def _fit(parts: list[_Part], phrases: Phrases, seconds: float) -> list[_Part]:
    parts = _shrunk(parts, seconds - _narration_seconds(parts, phrases))
    while _seconds(parts, phrases) > seconds + TIMING_WORDS:
        optional = [index for index, part in enumerate(parts) if part.step.optional]
        if not optional:
            return parts
        del parts[optional[-1]]
    return _grown(parts, seconds - _narration_seconds(parts, phrases))


def _shrunk(parts: Sequence[_Part], seconds: float) -> list[_Part]:
    """Take strokes away until the strokes fit into `seconds` or all are at their fewest."""
    parts = list(parts)
    while _stroke_seconds(parts) > seconds:
        spare = [index for index, part in enumerate(parts) if part.count > part.fewest]
        if not spare:
            break
        fullest = max(spare, key=lambda index: parts[index].fullness)
        parts[fullest] = replace(parts[fullest], count=parts[fullest].count - 1)
    return parts


def _grown(parts: Sequence[_Part], seconds: float) -> list[_Part]:
    """Give strokes back while they fit into `seconds`, the step that lacks most first."""
    parts = list(parts)
    while True:
        left = seconds - _stroke_seconds(parts)
        able = [
            index
            for index, part in enumerate(parts)
            if part.fullness < MOST_GROWTH and part.stroke_seconds <= left
        ]
        if not able:
            return parts
        emptiest = min(able, key=lambda index: parts[index].fullness)
        parts[emptiest] = replace(parts[emptiest], count=parts[emptiest].count + 1)


def _stroke_seconds(parts: Sequence[_Part]) -> float:
    return sum(part.count * part.stroke_seconds for part in parts)


def _narration_seconds(parts: Sequence[_Part], phrases: Phrases) -> float:
    items: list[Item] = [item for step in _narrated(parts, phrases) for item in step.score]
    return sum(item.seconds for item in items if not isinstance(item, Strokes))


def _seconds(parts: Sequence[_Part], phrases: Phrases) -> float:
    return _narration_seconds(parts, phrases) + _stroke_seconds(parts)


def _narrated(parts: Sequence[_Part], phrases: Phrases) -> tuple[Step, ...]:
    said: set[str] = set()
    return tuple(_step(part, phrases, said) for part in parts)


def _step(part: _Part, phrases: Phrases, said: set[str]) -> Step:
    step, technique = part.step, part.technique
    spoken = facts(phrases, technique, step, part.count)
    return Step(
        technique=part.identifier,
        title=technique.title,
        area=technique.area,
        contact=technique.contact,
        pressure=step.pressure or technique.pressure,
        direction=technique.direction,
        stroke=technique.stroke,
        tempo=step.tempo or technique.tempo,
        why=technique.why,
        caution=technique.caution,
        role=step.role,
        score=score(phrases, technique, step, part.count, said),
        area_line=spoken.area,
        direction_line=spoken.direction,
        timing_line=spoken.timing,
        tool=technique.tool,
        source=technique.source,
    )
