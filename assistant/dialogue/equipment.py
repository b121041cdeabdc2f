"""Tools that are missing, or there after all: the massage is planned again for what is at hand.

It goes on at the same step and, if the movement stays the same, from the same stroke. The coach
says only what is different in the rest of it. If the massage cannot be done without the tool, the
coach says so and waits.
"""

from dataclasses import dataclass

from assistant.dialogue.effects import Save
from assistant.dialogue.performing import prepare
from assistant.dialogue.replanning import missed_cautions, moved, rest_of
from assistant.dialogue.state import Place
from assistant.dialogue.turn import Turn
from assistant.errors import ContentError, PlanRefused, UnknownRoutine
from assistant.routine.plan import Plan, Step
from assistant.routine.tools import TOOLS, known_tools
from assistant.understanding.intent import Intent

MISSING = ("without", "also_without", "nor")
"""Slots for what is missing; "tool" is what there is."""
OIL = "oil"

Kit = tuple[str, ...] | None
"""The tools at hand; None means all that exist."""


@dataclass(frozen=True, slots=True)
class ToolsSaid:
    """What the user said about tools."""

    named: frozenset[str]
    """Tools to be used; only {"hands"} means hands alone."""
    missing: frozenset[str]
    oil: bool | None
    """Whether there is oil, if that was said."""

    @property
    def empty(self) -> bool:
        """Whether nothing was said that a plan depends on."""
        return not (self.named or self.missing)

    def applied_to(self, kit: Kit) -> Kit:
        """Return the tools at hand now if `kit` was at hand before."""
        if self.named == {"hands"}:
            return ("hands",)
        have = (frozenset(kit or TOOLS) | self.named) - self.missing
        return None if have >= {*TOOLS} else tuple(tool for tool in TOOLS if tool in have)


def _tools_said(intent: Intent) -> ToolsSaid:
    named = [str(intent.slots["tool"])] if "tool" in intent.slots else []
    missing = [str(intent.slots[name]) for name in MISSING if name in intent.slots]
    oil = None if OIL not in (*named, *missing) else OIL in named
    return ToolsSaid(known_tools(named), known_tools(missing) - {"hands"}, oil)


def prefer(turn: Turn, intent: Intent) -> str | None:
    """Remember which tools are at hand; return the routine made for the one named, if any."""
    said = _tools_said(intent)
    tool = next(iter(said.named - {"hands"}), "")
    turn.change(tools=said.applied_to(turn.state.tools), tool_named=tool)
    _note_oil(turn, said)
    return turn.content.made_for.get(tool)


def _note_oil(turn: Turn, said: ToolsSaid) -> None:
    if said.oil is not None:
        turn.change(no_oil=not said.oil)


def is_new(turn: Turn, intent: Intent) -> bool:
    """Return whether a tool was named that the present massage does not use."""
    return bool(_tools_said(intent).named - {*turn.place.plan.tools})


def change(turn: Turn, intent: Intent) -> None:
    """Plan the massage again for the tools that are at hand now, and go on with it."""
    said, before = _tools_said(intent), turn.place
    _note_oil(turn, said)
    if said.empty:
        turn.reply("any oil" if intent.slots else "which tool?")
        return
    kit = said.applied_to(before.plan.at_hand)
    turn.change(tools=kit)
    try:
        plan = _planned(turn, said, kit)
    except PlanRefused as refusal:
        _wait_for_it(turn, str(refusal))
        return
    except (UnknownRoutine, ContentError):
        turn.reply("tools are settled")  # a massage of an earlier day whose file has been deleted
        return
    after = moved(before, plan)
    turn.change(place=after)
    _tell(turn, before, said)
    if turn.state.mode == "preparing":
        if plan.prepare != before.plan.prepare:
            turn.speak(plan.prepare)
        turn.add("ready?")
    else:
        turn.do(Save(after))
    prepare(turn, after.step)


def _planned(turn: Turn, said: ToolsSaid, kit: Kit) -> Plan:
    """Plan for `kit` and the tool that was named or, if it has no use here, the one before it."""
    before = turn.place.plan
    minutes = before.asked and before.asked / 60
    for tool in sorted(said.named - {"hands"}):
        plan = turn.content.plan(before.routine, minutes, kit, turn.restrictions, tool)
        if tool in plan.tools:
            return plan
    return turn.content.plan(before.routine, minutes, kit, turn.restrictions, before.preferred)


def _wait_for_it(turn: Turn, why: str) -> None:
    if turn.state.mode == "guiding":
        turn.enter("paused")
        turn.do(Save(turn.place))
    turn.reply("not without it", why=why)


def _tell(turn: Turn, before: Place, said: ToolsSaid) -> None:
    """Say what is done instead, and the cautions that would have come earlier."""
    after = turn.place
    old, rest = rest_of(before), rest_of(after)
    other = [step for name, step in rest.items() if _is_new(step, old.get(name))]
    gone = [step for name, step in old.items() if name not in rest and step.tool != "hands"]
    if other and other[0] == after.now:
        turn.reply("instead", contact=other[0].contact)
    elif other:
        turn.reply("instead later", contact=other[0].contact)
    elif gone:
        turn.reply("no part without it", title=gone[0].title.lower())
    elif unused := said.named - {"hands"} - {step.tool for step in rest.values()}:
        turn.reply("tool has no part", tool=next(iter(unused)))
    else:
        turn.reply("tools change nothing")
    if said.oil is False and any(step.needs_oil for step in rest.values()):
        turn.add("instead of oil")
    for caution in missed_cautions(before, after):
        turn.speak(caution)


def _is_new(step: Step, instead_of: Step | None) -> bool:
    """Return whether the movement is another one because of a tool that is gone or back."""
    return step.technique != instead_of.technique if instead_of else step.tool != "hands"
