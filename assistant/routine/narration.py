"""Turns the drafts of a massage into steps: what is said and done in each, in order.

Promises: every step says its direction, pressure and timing, and its area and contact unless it
repeats a technique. Authors cannot forget them, because these sentences are composed from the
fields with the templates of `narration.yaml`. Only an author's `say_only` replaces them; what keeps
the user safe is said all the same. A sentence has at most `schema.MOST_WORDS` words,
unless a field alone has more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from assistant.numbers import in_words
from assistant.routine.narration_schema import Amounts, NarrationTemplates
from assistant.routine.plan import Counting, Item, SpokenLine, Step, Strokes
from assistant.routine.schema import StrokeKind, sentences
from assistant.routine.selection import DraftStep

Value = TypeVar("Value")
Detail = Literal["full", "brief", "repeat"]
"""How much is said of a step: everything; everything but cues and the closing line, to save time;
or, where its technique was done before, only title, direction, pressure and timing."""

CHANGE_SIDES = 2.0
"""Seconds between the announcement of the other side and its first stroke."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The sentences that hold the facts of a step; most of them also answer questions."""

    area: str
    direction: str
    pressure: str
    timing: str


def compose_steps(
    drafts: Sequence[DraftStep], templates: NarrationTemplates, *, brief: bool
) -> tuple[Step, ...]:
    """Return the steps of a massage, in order.

    A cue or a caution is said once in a massage. `brief` saves time, see `Detail`. From the second
    round on, a technique that was done before is a repeat in any case.
    """
    said: set[str] = set()
    done: set[str] = set()
    steps, oiled, rounds = [], False, 1
    for draft in drafts:
        detail: Detail = "brief" if brief else "full"
        if draft.identifier in done and (brief or draft.round > 1):
            detail = "repeat"
        score = _score(draft, templates, said, detail)
        if oiled and draft.technique.surface == "dry" and templates.over_oil not in said:
            said.add(templates.over_oil)
            score = (score[0], SpokenLine(templates.over_oil, "caution"), *score[1:])
        if draft.round > rounds:
            rounds = draft.round
            score = (SpokenLine(templates.rounds[rounds - 1], "title"), *score)
        steps.append(_step(draft, templates, score))
        done.add(draft.identifier)
        oiled = oiled or draft.technique.spreads_oil or draft.technique.surface == "oiled"
    return tuple(steps)


def _step(draft: DraftStep, templates: NarrationTemplates, score: tuple[Item, ...]) -> Step:
    technique, facts = draft.technique, compose_facts(draft, templates)
    return Step(
        technique=draft.identifier,
        title=technique.title,
        area=technique.area,
        contact=technique.contact,
        pressure=draft.pressure,
        direction=technique.direction,
        stroke=technique.stroke,
        tempo=draft.tempo,
        why=technique.why,
        caution=technique.caution,
        role=draft.step.role,
        score=score,
        area_line=facts.area,
        direction_line=facts.direction,
        timing_line=facts.timing,
        tool=technique.tool,
        areas=technique.area_tags,
        tags=tuple(sorted(technique.tags)),
        written=draft.step.use,
        source=technique.source,
        spreads_oil=technique.spreads_oil,
        needs_oil=technique.surface == "oiled" and not technique.spreads_oil,
    )


def compose_facts(draft: DraftStep, templates: NarrationTemplates) -> Facts:
    """Compose area with contact, direction, pressure, and timing of the draft's strokes."""
    technique, kind = draft.technique, draft.technique.stroke
    return Facts(
        area=_of(templates.area, kind).format(contact=technique.contact, area=technique.area),
        direction=templates.direction[kind].format(direction=technique.direction),
        pressure=templates.pressure[draft.pressure],
        timing=compose_timing(draft, templates),
    )


def _score(
    draft: DraftStep, templates: NarrationTemplates, said: set[str], detail: Detail
) -> tuple[Item, ...]:
    """Return all that is said and done in one step; cues and cautions are added to `said`."""
    technique, facts = draft.technique, compose_facts(draft, templates)
    full, own = detail == "full", draft.step.say_only
    before = [(tag, text) for tag, text in templates.before.items() if tag in technique.tags]
    lines = [
        SpokenLine(templates.title[draft.step.role].format(title=technique.title), "title"),
        *(line for tag, text in before for line in _unsaid(text, "caution", said, tag)),
        *(SpokenLine(text, "what") for text in _what(draft, facts, detail)),
        *_unsaid(technique.caution, "caution", said),
        *_unsaid(technique.cue if full and not own else "", "cue", said),
        *(SpokenLine(text, "cue") for text in sentences(draft.step.say if full else "")),
        *([] if own else [SpokenLine(facts.timing, "what")]),
        *_unsaid(_about_turns(draft, templates) if full else "", "cue", said),
    ]
    close = [SpokenLine(_of(templates.close, technique.stroke), "close")] if full else []
    return (*lines, *_performance(draft, templates), *close)


def _what(draft: DraftStep, facts: Facts, detail: Detail) -> list[str]:
    """Return the sentences that say what to do, but for how often: the author's own, if any."""
    if draft.step.say_only:
        return sentences(draft.step.say_only)
    pressed = draft.technique.stroke != "rest"
    return [
        *([] if detail == "repeat" else [facts.area]),
        facts.direction,
        *(sentences(facts.pressure) if pressed else []),
    ]


def _performance(draft: DraftStep, templates: NarrationTemplates) -> Iterator[Item]:
    kind = draft.technique.stroke
    lead_in = SpokenLine(_of(templates.lead_in, kind), "lead in")
    run = Strokes(
        draft.count,
        draft.tempo,
        earcons=kind not in ("hold", "rest"),
        turn=_turn(draft, templates),
        counting=Counting(**_of(templates.counting, kind).model_dump()),
    )
    match draft.step.sides:
        case "both":
            yield lead_in
            yield run
        case "each":
            yield SpokenLine(templates.side["first"], "side")
            yield lead_in
            yield replace(run, side="left")
            yield SpokenLine(templates.side["second"], "side")
            yield replace(run, side="right", lead=CHANGE_SIDES)
        case "left" | "right" as side:
            yield SpokenLine(templates.side[side], "side")
            yield lead_in
            yield replace(run, side=side)


def _about_turns(draft: DraftStep, templates: NarrationTemplates) -> str:
    """Return what the sound of a turn means, unless a word is said along with it."""
    worded = _of(templates.counting, draft.technique.stroke).turn
    return templates.turns.told if _turn(draft, templates) and not worded else ""


def _turn(draft: DraftStep, templates: NarrationTemplates) -> float:
    """Return where each stroke turns back; 0 if it is too short for that, or does not turn."""
    if draft.tempo < templates.turns.shortest:
        return 0.0
    of_its_kind = templates.turns.at.get(draft.technique.stroke, 0.0)
    return of_its_kind if draft.technique.turn is None else draft.technique.turn


def _unsaid(
    text: str, kind: Literal["caution", "cue"], said: set[str], about: str = ""
) -> Iterator[SpokenLine]:
    """Yield the sentences that are not in `said`, and add them to it."""
    for sentence in sentences(text):
        if sentence not in said:
            said.add(sentence)
            yield SpokenLine(sentence, kind, about)


def _of(table: Mapping[str, Value], kind: StrokeKind) -> Value:
    return table.get(kind, table["other"])


def compose_timing(draft: DraftStep, templates: NarrationTemplates) -> str:
    """Compose how often and how long: the only sentence that depends on the number of strokes."""
    kind, tempo, count = draft.technique.stroke, draft.tempo, draft.count
    amounts = templates.amounts
    timing = _of(templates.timing, kind)
    times = amounts.times[count > 1].format(count=in_words(count))
    length = _length(amounts, count * tempo, exact=kind in ("hold", "rest"))
    if draft.step.sides == "each":
        times += amounts.on_each_side
        length += amounts.on_each_side
    template = timing.few if count <= templates.countable else timing.many
    said = template.format(
        tempo=amounts.every_second if round(tempo * 2) == 2 else _seconds(amounts, tempo),
        count=in_words(count),
        times=times,
        length=length,
    )
    return said[0].upper() + said[1:]


def _length(amounts: Amounts, seconds: float, exact: bool) -> str:
    if seconds < 60:
        said = _seconds(amounts, seconds)
    else:
        halves = round(seconds / 30)
        said = _with_unit(amounts, halves / 2, amounts.minute)
        exact = exact and seconds == halves * 30
    return said if exact else amounts.about.format(length=said)


def _seconds(amounts: Amounts, seconds: float) -> str:
    return _with_unit(amounts, round(seconds * 2) / 2, amounts.second)


def _with_unit(amounts: Amounts, value: float, unit: tuple[str, str]) -> str:
    whole = int(value)
    said = in_words(whole)
    if value != whole:
        said = amounts.half.format(whole=said)
    return f"{said} {unit[value != 1]}"
