"""Makes a routine ready for the minutes there are, the tools at hand and the user's health.

Pure and deterministic. `selection` gives the steps techniques that are possible and allowed,
`fitting` fits their strokes to the time, and `narration` puts them into words. The plan's notes say
what is not as it was asked for.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from assistant.errors import PlanRefused
from assistant.routine.fitting import fit_to_time
from assistant.routine.narration import compose_steps
from assistant.routine.narration_schema import NarrationTemplates
from assistant.routine.plan import Plan
from assistant.routine.restrictions import Restrictions
from assistant.routine.routine_schema import Routine
from assistant.routine.schema import Technique
from assistant.routine.selection import Selection, select_techniques
from assistant.routine.tools import TOOLS

FEWEST_MINUTES, MOST_MINUTES = 2.0, 45.0
"""Minutes outside these limits are treated as the limit: more would strain skin and arms."""


def plan(
    identifier: str,
    routine: Routine,
    techniques: Mapping[str, Technique],
    templates: NarrationTemplates,
    minutes: float | None = None,
    tools: frozenset[str] | None = None,
    restrictions: Restrictions | None = None,
    preferred: str = "",
) -> Plan:
    """Make `routine` ready to be performed.

    `minutes` is the length asked for: the plan comes as near as its limits allow, and a note says
    so when that is not near. None leaves the strokes as written. `tools` are those at hand, besides
    the hands; None means all that the routine uses. A step whose tool is missing, or which
    `restrictions` forbid, uses a stand-in or is left out. With a `preferred` tool, the same work is
    done with that one where the techniques say how. Raises PlanRefused with the reason when
    no massage is allowed, or when no opening, no work or no closing is left.
    """
    restrictions = restrictions or Restrictions()
    if restrictions.refused:
        raise PlanRefused(" ".join(restrictions.refused))
    selection = select_techniques(routine.steps, techniques, tools, restrictions, preferred)
    reasons = restrictions.concerning(selection.restricted)
    _require_all_roles(routine, selection, templates, reasons)
    drafts, brief = selection.drafts, False
    if minutes is not None:
        seconds = min(max(minutes, FEWEST_MINUTES), MOST_MINUTES) * 60
        drafts, brief = fit_to_time(drafts, templates, seconds)
    kept = {draft.step.use for draft in drafts}
    lost = dict.fromkeys(step.use for step in routine.steps if step.use not in kept)
    used = {"hands", *(draft.technique.tool for draft in drafts)}
    made = Plan(
        routine=identifier,
        title=routine.title,
        tools=tuple(tool for tool in TOOLS if tool in used),
        prepare=_prepare(routine, used, preferred, templates),
        steps=compose_steps(drafts, templates, brief=brief),
        left_out=tuple(techniques[use].title for use in lost),
        asked=None if minutes is None else minutes * 60,
        at_hand=None if tools is None else tuple(tool for tool in TOOLS if tool in tools),
        preferred=preferred,
        notes=(*reasons, *_about_tools(selection, templates)),
    )
    return made if made.near else _with_length_note(made, templates)


def _prepare(
    routine: Routine, used: Collection[str], preferred: str, templates: NarrationTemplates
) -> str:
    """Return what to have ready: less if none of the routine's tools is used, or another tool."""
    its_own = {*routine.tools} - {"hands"}
    bare = routine.prepare_without_tools and its_own.isdisjoint(used)
    prepare = routine.prepare_without_tools if bare else routine.prepare
    if preferred in used and preferred not in routine.tools:
        return f"{prepare} {templates.notes.also.format(tool=preferred)}"
    return prepare


def _require_all_roles(
    routine: Routine, selection: Selection, templates: NarrationTemplates, reasons: tuple[str, ...]
) -> None:
    """Refuse a massage that lost all of its opening, its work or its closing."""
    # Oil alone does nothing: it does not count as the work that is left.
    left = {draft.step.role for draft in selection.drafts if not draft.technique.spreads_oil}
    if left >= {step.role for step in routine.steps}:
        return
    needs = [
        templates.notes.needs.format(tool=technique.tool)
        for technique, instead in selection.missing
        if instead is None
    ]
    why = dict.fromkeys([*reasons, *needs])
    if not needs:
        why[templates.notes.nothing_left.format(title=routine.title.lower())] = None
    raise PlanRefused(" ".join(why))


def _about_tools(selection: Selection, templates: NarrationTemplates) -> tuple[str, ...]:
    """Say what takes the place of each missing tool, once, and what cannot be done without it."""
    notes: dict[tuple[str, str], str] = {}
    for technique, instead in selection.missing:
        if instead is None:
            key = (technique.tool, technique.title)
            template = templates.notes.without
        else:
            # One note a tool: the first stand-in's contact speaks for the others.
            key = (technique.tool, "")
            template = templates.notes.instead
        contact = instead.technique.contact if instead else ""
        text = template.format(tool=technique.tool, contact=contact, title=technique.title.lower())
        notes.setdefault(key, text)
    return tuple(notes.values())


def _with_length_note(made: Plan, templates: NarrationTemplates) -> Plan:
    asked = made.asked or 0.0
    note = templates.notes.shortest if made.seconds > asked else templates.notes.longest
    return replace(made, notes=(*made.notes, note))
