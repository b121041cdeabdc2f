"""Tools that are missing, or there after all: the massage is made anew for what is at hand.

It goes on at the same step, and from the same stroke where the movement stays the same. What is
told is only what is new in the rest of it. Nothing is asked for that cannot be done: where there is
no such massage without the tool, the coach says so and waits.
"""

from dataclasses import dataclass

from assistant.dialogue.effects import Save
from assistant.dialogue.replanning import missed_cautions, moved, rest_of
from assistant.dialogue.state import Place
from assistant.dialogue.turn import Turn
from assistant.errors import ContentError, PlanRefused, UnknownRoutine
from assistant.routine.plan import Step
from assistant.routine.tools import TOOLS, known_tools
from assistant.understanding.intent import Intent

_SLOTS = ("tool", "without", "also_without")

Kit = tuple[str, ...] | None
"""The tools at hand; None is all that there are."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was said about tools."""

    named: frozenset[str]
    """To be used; hands alone if it is only they."""
    missing: frozenset[str]

    @property
    def empty(self) -> bool:
        """Nothing was said that a plan depends on."""
        return not (self.named or self.missing)

    def fulfilled(self, kit: Kit) -> Kit:
        """Return what is at hand when `kit` was."""
        if self.named == {"hands"}:
            return ("hands",)
        have = (frozenset(kit or TOOLS) | self.named) - self.missing
        return None if have >= {*TOOLS} else tuple(tool for tool in TOOLS if tool in have)


def wish(intent: Intent) -> Wish:
    """Return what the slots of `intent` say about tools."""
    said = {name: str(intent.slots[name]) for name in _SLOTS if name in intent.slots}
    named = known_tools([said.pop("tool")] if "tool" in said else [])
    return Wish(named, known_tools(said.values()) - {"hands"})


def prefer(turn: Turn, intent: Intent) -> str | None:
    """Remember which tools there are; return the routine that is made for the one named, if any."""
    said = wish(intent)
    tool = next(iter(said.named - {"hands"}), "")
    turn.change(tools=said.fulfilled(turn.state.tools), wished_tool=tool)
    return turn.content.made_for.get(tool)


def change(turn: Turn, intent: Intent) -> None:
    """Make the massage anew with the tools that there are now, and go on with it."""
    said, before = wish(intent), turn.place
    if said.empty:
        turn.reply("any oil" if intent.slots else "which tool?")
        return
    kit = said.fulfilled(before.plan.at_hand)
    turn.change(tools=kit)
    asked = before.plan.asked
    try:
        plan = turn.content.plan(before.plan.routine, asked and asked / 60, kit, turn.restrictions)
    except PlanRefused as refusal:
        _wait_for_it(turn, str(refusal))
        return
    except (UnknownRoutine, ContentError):
        turn.reply("tools are settled")  # taken up again, and its file is gone since
        return
    after = moved(before, plan)
    turn.change(place=after)
    _tell(turn, before)
    if turn.state.mode == "preparing":
        if plan.prepare != before.plan.prepare:
            turn.speak(plan.prepare)
        turn.speak(turn.content.replies.text("ready?"))
    else:
        turn.do(Save(after))
    turn.prepare(after.step)


def _wait_for_it(turn: Turn, why: str) -> None:
    if turn.state.mode == "guiding":
        turn.enter("paused")
        turn.do(Save(turn.place))
    turn.reply("not without it", why=why)


def _tell(turn: Turn, before: Place) -> None:
    """Say what takes the place of what, and the cautions that would have come earlier."""
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
    """Tell whether another movement came in for want of a tool, or because it is there again."""
    return step.technique != instead_of.technique if instead_of else step.tool != "hands"
