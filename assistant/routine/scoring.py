"""Makes the parts of a massage into steps that can be performed: facts, lines and strokes."""

from collections.abc import Sequence

from assistant.routine.narration import NarrationTemplates, Telling, facts, score
from assistant.routine.part import Part
from assistant.routine.plan import Item, SpokenLine, Step


def scored(parts: Sequence[Part], phrases: NarrationTemplates, *, brief: bool) -> tuple[Step, ...]:
    """Narrate the parts in their order; what was told once is not told twice.

    `brief` leaves out what is only colour, and in the closing what the opening has told. Second
    and later rounds are always told briefly.
    """
    said: set[str] = set()
    told: set[str] = set()
    steps, oiled, rounds = [], False, 1
    for part in parts:
        known = part.identifier in told
        telling: Telling = "brief" if brief else "full"
        if known and (brief or part.round > 1):
            telling = "again"
        items = score(phrases, part.technique, part.step, part.count, said, telling)
        if oiled and part.technique.surface == "dry" and phrases.over_oil not in said:
            said.add(phrases.over_oil)
            items = (items[0], SpokenLine(phrases.over_oil, "caution"), *items[1:])
        if part.round > rounds:
            rounds = part.round
            items = (SpokenLine(phrases.rounds[rounds - 1], "title"), *items)
        steps.append(_step(part, phrases, items))
        told.add(part.identifier)
        oiled = oiled or part.technique.spreads_oil or part.technique.surface == "oiled"
    return tuple(steps)


def _step(part: Part, phrases: NarrationTemplates, items: tuple[Item, ...]) -> Step:
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
        tempo=part.tempo,
        why=technique.why,
        caution=technique.caution,
        role=step.role,
        score=items,
        area_line=spoken.area,
        direction_line=spoken.direction,
        timing_line=spoken.timing,
        tool=technique.tool,
        areas=technique.area_tags,
        written=step.use,
        source=technique.source,
    )
