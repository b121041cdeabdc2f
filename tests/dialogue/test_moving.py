"""Wherever the user goes, what must be known before touching has been said."""

import pytest

from assistant.dialogue.effects import Say
from assistant.dialogue.events import Heard
from assistant.dialogue.respond import respond
from assistant.dialogue.state import Place, State
from assistant.dialogue.turn import DialogueContent
from assistant.library.library import load_library
from assistant.routine.plan import SpokenLine, Step, Strokes
from assistant.routine.restrictions import Restrictions
from assistant.understanding.intent import Intent

LIBRARY = load_library()


def cautions(step: Step) -> set[str]:
    lines = (item for item in step.score if isinstance(item, SpokenLine))
    return {line.text for line in lines if line.kind == "caution"}


@pytest.mark.parametrize("name", LIBRARY.routines)
def test_a_jump_leaves_out_no_caution_about_the_step_it_leads_to(
    content: DialogueContent, name: str
) -> None:
    """What the steps in between would have said of its area or its tool is said first."""
    plan = content.plan(name, None, None, Restrictions())
    before = LIBRARY.narration.before
    for number, step in enumerate(plan.steps[1:], start=2):
        state = State(mode="guiding", place=Place(plan))
        after, effects = respond(content, state, Heard((Intent("go_to_step", {"number": number}),)))
        said = {effect.text for effect in effects if isinstance(effect, Say)}
        told = said | cautions(plan.steps[0]) | cautions(step)
        for tag in (*step.areas, step.tool):
            assert before.get(tag, "")[:30] in " ".join(told), tag
        assert after.place == Place(plan, number - 1)


@pytest.mark.parametrize("name", LIBRARY.routines)
@pytest.mark.parametrize("wish", [{"side": "left"}, {"only": "left"}, {"side": "other"}])
def test_after_a_side_is_left_out_each_stroke_is_on_the_other(
    content: DialogueContent, name: str, wish: dict[str, str]
) -> None:
    """Whether the step is being explained, or its strokes have begun."""
    plan = content.plan(name, None, None, Restrictions())
    gone = "left" if wish.get("side") == "left" else "right"
    for index, step in enumerate(plan.steps):
        first = next(i for i, item in enumerate(step.score) if isinstance(item, Strokes))
        for item in (0, first):
            state = State(mode="guiding", place=Place(plan, index, item))
            after, _ = respond(content, state, Heard((Intent("skip", wish),)))
            assert after.place is not None
            assert after.place.step == index, "the step is not left"
            sides = {
                run.side
                for run in after.place.now.score[after.place.item :]
                if isinstance(run, Strokes)
            }
            assert sides == {"both"} or (sides and gone not in sides)
