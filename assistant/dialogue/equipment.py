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
from assistant.routine.plan import Step
from assistant.routine.tools import TOOLS, known_tools
from assistant.understanding.intent import Intent

_SLOTS = ("tool", "without", "also_without")

Kit = tuple[str, ...] | None
"""The tools at hand; None means all that exist."""


@dataclass(frozen=True, slots=True)
class ToolsSaid:
    """What the user said about tools."""

    named: frozenset[str]
    """Tools to be used; only {"hands"} means hands alone."""
    missing: frozenset[str]

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
    said = {name: str(intent.slots[name]) for name in _SLOTS if name in intent.slots}
    named = known_tools([said.pop("tool")] if "tool" in said else [])
    return ToolsSaid(named, known_tools(said.values()) - {"hands"})


def prefer(turn: Turn, intent: Intent) -> str | None:
    """Remember which tools are at hand; return the routine made for the one named, if any."""
    said = _tools_said(intent)
    tool = next(iter(said.named - {"hands"}), "")
    turn.change(tools=said.applied_to(turn.state.tools), tool_named=tool)
    return turn.content.made_for.get(tool)


def change(turn: Turn, intent: Intent) -> None:
    """Plan the massage again for the tools that are at hand now, and go on with it."""
    said, before = _tools_said(intent), turn.place
    if said.empty:
        turn.reply("any oil" if intent.slots else "which tool?")
        return
    kit = said.applied_to(before.plan.at_hand)
    turn.change(tools=kit)
    asked = before.plan.asked
    try:
        plan = turn.content.plan(before.plan.routine, asked and asked / 60, kit, turn.restrictions)
    except PlanRefused as refusal:
        _wait_for_it(turn, str(refusal))
        return
    except (UnknownRoutine, ContentError):
        turn.reply("tools are settled")  # a massage of an earlier day whose file has been deleted
        return
    after = moved(before, plan)
    turn.change(place=after)
    _tell(turn, before)
    if turn.state.mode == "preparing":
        if plan.prepare != before.plan.prepare:
            turn.speak(plan.prepare)
        turn.add("ready?")
    else:
        turn.do(Save(after))
    prepare(turn, after.step)


def _wait_for_it(turn: Turn, why: str) -> None:
    if turn.state.mode == "guiding":
        turn.enter("paused")
        turn.do(Save(turn.place))
    turn.reply("not without it", why=why)


def _tell(turn: Turn, before: Place) -> None:
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
    else:
        turn.reply("tools change nothing")
    for caution in missed_cautions(before, after):
        turn.speak(caution)


def _is_new(step: Step, instead_of: Step | None) -> bool:
    """Return whether the movement is another one because of a tool that is gone or back."""
    return step.technique != instead_of.technique if instead_of else step.tool != "hands"
