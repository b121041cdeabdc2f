"""Makes a routine ready for the minutes there are, the tools at hand and the user's health.

Pure and deterministic. Steps get techniques that are possible and allowed (`equipping`), strokes
are fitted to the time (`fitting`), and the plan's `notes` say what is not as it was asked for.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from assistant.errors import PlanRefused
from assistant.routine.equipping import Equipped, equip
from assistant.routine.fitting import fitted
from assistant.routine.narration import NarrationTemplates
from assistant.routine.plan import Plan
from assistant.routine.restrictions import Restrictions
from assistant.routine.schema import Routine, Technique
from assistant.routine.scoring import scored
from assistant.routine.tools import TOOLS

FEWEST_MINUTES, MOST_MINUTES = 2.0, 45.0
"""A wish beyond these is taken as these: more would strain the skin and the arms."""


def plan(
    identifier: str,
    routine: Routine,
    techniques: Mapping[str, Technique],
    phrases: NarrationTemplates,
    minutes: float | None = None,
    tools: frozenset[str] | None = None,
    restrictions: Restrictions | None = None,
) -> Plan:
    """Make `routine` ready to be performed.

    `minutes` is the length wished for: the plan comes as near as its limits allow and says in its
    notes when that is not near; None leaves the strokes as written. `tools` are those at hand,
    hands always among them; None means all that the routine names. A step whose tool is missing,
    or which `restrictions` forbid, uses the technique's stand-in, or is left out. Raises
    PlanRefused with the reason when no massage is allowed, or no opening, work or closing is left.
    """
    restrictions = restrictions or Restrictions()
    if restrictions.refused:
        raise PlanRefused(" ".join(restrictions.refused))
    equipped = equip(routine.steps, techniques, tools, restrictions)
    reasons = restrictions.concerning(equipped.blocked)
    _require_all_roles(routine, equipped, phrases, reasons)
    parts, brief = equipped.parts, False
    if minutes is not None:
        wished = min(max(minutes, FEWEST_MINUTES), MOST_MINUTES) * 60
        parts, brief = fitted(parts, phrases, wished)
    kept = {part.step.use for part in parts}
    lost = dict.fromkeys(step.use for step in routine.steps if step.use not in kept)
    used = {"hands", *(part.technique.tool for part in parts)}
    made = Plan(
        routine=identifier,
        title=routine.title,
        tools=tuple(tool for tool in TOOLS if tool in used),
        prepare=_prepare(routine, used),
        steps=scored(parts, phrases, brief=brief),
        left_out=tuple(techniques[use].title for use in lost),
        asked=None if minutes is None else minutes * 60,
        at_hand=None if tools is None else tuple(tool for tool in TOOLS if tool in tools),
        notes=(*reasons, *_about_tools(equipped, phrases)),
    )
    return made if made.near else _with_length_note(made, phrases)


def _prepare(routine: Routine, used: Collection[str]) -> str:
    """Return what to have ready, which is less when none of the routine's tools is used."""
    its_own = {*routine.tools} - {"hands"}
    bare = routine.prepare_without_tools and its_own.isdisjoint(used)
    return routine.prepare_without_tools if bare else routine.prepare


def _require_all_roles(
    routine: Routine, equipped: Equipped, phrases: NarrationTemplates, reasons: tuple[str, ...]
) -> None:
    """Refuse a massage of which the opening, the work or the closing is gone."""
    left = {part.step.role for part in equipped.parts if not part.technique.spreads_oil}
    if left >= {step.role for step in routine.steps}:
        return
    needs = [
        phrases.notes.needs.format(tool=technique.tool)
        for technique, instead in equipped.missing
        if instead is None
    ]
    why = dict.fromkeys([*reasons, *needs])
    if not needs:
        why[phrases.notes.nothing_left.format(title=routine.title.lower())] = None
    raise PlanRefused(" ".join(why))


def _about_tools(equipped: Equipped, phrases: NarrationTemplates) -> tuple[str, ...]:
    """Say what takes the place of each missing tool, once, and what cannot be done without it."""
    said: dict[tuple[str, str], str] = {}
    for technique, instead in equipped.missing:
        if instead is None:
            key = (technique.tool, technique.title)
            template = phrases.notes.without
        else:
            key = (technique.tool, "")
            template = phrases.notes.instead
        contact = instead.technique.contact if instead else ""
        text = template.format(tool=technique.tool, contact=contact, title=technique.title.lower())
        said.setdefault(key, text)
    return tuple(said.values())


def _with_length_note(made: Plan, phrases: NarrationTemplates) -> Plan:
    wished = made.asked or 0.0
    note = phrases.notes.shortest if made.seconds > wished else phrases.notes.longest
    return replace(made, notes=(*made.notes, note))
