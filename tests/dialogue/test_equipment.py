"""A change of tools in the middle: nothing impossible is asked for, and no stroke is lost."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml

import assistant.understanding
from assistant._resources import resource
from assistant.assembly import make_content
from assistant.dialogue.effects import Save, Say
from assistant.dialogue.events import Heard
from assistant.dialogue.hurting import lightened
from assistant.dialogue.respond import respond
from assistant.dialogue.state import Mode, Place, State
from assistant.history.user_store import UserStore
from assistant.library.library import Library
from assistant.routine.health import Profile
from assistant.routine.plan import SpokenLine, Step, Strokes
from assistant.routine.restrictions import Restrictions
from assistant.routine.tools import TOOLS, known_tools
from assistant.understanding.intent import Intent

LIBRARY = Library([resource("routines")])
TODAY = date(2026, 11, 22)
CONTENT = make_content(LIBRARY, TODAY)
CONTENT = replace(CONTENT, plan=cache(CONTENT.plan))  # the same few plans, from every step
TO_LOSE = [tool for tool in TOOLS if tool != "hands"]
COMMON = Path(assistant.understanding.__file__).parent / "sentences" / "en" / "_common.yaml"


def tell(state: State, **slots: str) -> tuple[State, list[str]]:
    """Say what is at hand; return the state and what the coach says."""
    after, effects = respond(CONTENT, state, Heard((Intent("change_tool", slots),)))
    return after, [effect.text for effect in effects if isinstance(effect, Say)]


def after_one_stroke(name: str, step: int, minutes: float | None = None) -> State:
    place = Place(CONTENT.plan(name, minutes, None, Restrictions()), step)
    run = next(i for i, item in enumerate(place.now.score) if isinstance(item, Strokes))
    return State(mode="guiding", place=replace(place, item=run, stroke=1))


def rest(state: State) -> tuple[Step, ...]:
    assert state.place is not None
    return state.place.plan.steps[state.place.step :]


@pytest.mark.parametrize("tool", TO_LOSE)
@pytest.mark.parametrize("minutes", [None, 5, 45])
@pytest.mark.parametrize("name", LIBRARY.routines)
def test_wherever_a_tool_is_lost_the_rest_needs_it_no_more(name, minutes, tool):
    for step in range(len(CONTENT.plan(name, minutes, None, Restrictions()).steps)):
        before = after_one_stroke(name, step, minutes)
        after, _ = tell(before, without=tool)
        if after.mode == "paused":
            assert name == "device-timer", "only a device cannot be replaced"
            assert after.place == before.place
            continue
        assert after.place is not None
        assert before.place is not None
        assert all(step.tool != tool for step in rest(after))
        assert rest(after)[-1].role == "closing"
        if before.place.now.technique == after.place.now.technique:
            assert after.place.stroke == 1
            assert after.place.now == before.place.now
        else:
            assert before.place.now.tool == tool
            assert (after.place.item, after.place.stroke) == (0, 0)


@pytest.mark.parametrize("minutes", [None, 45])
@pytest.mark.parametrize("name", LIBRARY.routines)
def test_a_new_movement_says_where_it_is_done(name, minutes):
    """Also in a later round, whose plan takes the first one for told."""
    for step in range(len(CONTENT.plan(name, minutes, None, Restrictions()).steps)):
        before = after_one_stroke(name, step, minutes)
        assert before.place is not None
        heard = {s.technique for s in before.place.plan.steps[: step + 1]}
        after, _ = tell(before, tool="hands")
        for coming in rest(after):
            if coming.technique not in heard and after.mode == "guiding":
                assert SpokenLine(coming.area_line, "what") in coming.score
            heard.add(coming.technique)


def test_what_was_missing_before_stays_missing_and_the_minutes_stay_asked_for():
    state, _ = tell(after_one_stroke("full-face", 0, minutes=15), without="gua-sha")
    state, _ = tell(state, without="jade-roller")
    state, _ = tell(state, tool="cloth")
    assert state.place is not None
    assert state.place.plan.asked == 15 * 60
    assert state.place.plan.at_hand == state.tools == ("hands", "cloth", "chilled tool", "device")
    state, _ = tell(state, tool="gua-sha")
    state, _ = tell(state, tool="jade-roller")
    assert state.tools is None


def test_what_is_missing_is_remembered_on_the_disk(tmp_path):
    store = UserStore(tmp_path, CONTENT.health)
    after, effects = respond(
        CONTENT,
        after_one_stroke("gua-sha", 3),
        Heard((Intent("change_tool", {"without": "gua-sha"}),)),
    )
    saved = next(effect.place for effect in effects if isinstance(effect, Save))
    store.save_place(saved)
    again, _ = tell(State(mode="paused", place=store.place()), without="jade-roller")
    assert saved == after.place
    assert all(step.tool == "hands" for step in rest(again))


def test_an_area_that_was_left_out_stays_left_out():
    skip = Heard((Intent("skip", {"area": "forehead"}),))
    state, _ = respond(CONTENT, after_one_stroke("gua-sha", 3), skip)
    state, _ = tell(state, without="gua-sha")
    state, _ = tell(state, tool="gua-sha")
    titles = [step.title for step in rest(state)]
    assert "Gua sha over the cheek" in titles
    assert "Gua sha over the forehead" not in titles


def test_a_step_made_lighter_stays_light():
    state = after_one_stroke("gua-sha", 0)
    assert state.place is not None
    light = lightened(state.place, CONTENT.pressures)
    after, _ = tell(replace(state, place=light), without="gua-sha")
    assert after.place is not None
    assert after.place.now.pressure == light.now.pressure == "feather"


def test_where_the_strokes_of_a_lost_tool_are_all_done_the_next_step_comes():
    before = after_one_stroke("gua-sha", 3)
    assert before.place is not None
    closing_words = len(before.place.now.score) - 1
    done = replace(before.place, item=closing_words, stroke=0)
    after, said = tell(replace(before, place=done), without="gua-sha")
    assert after.place is not None
    assert (after.place.step, after.place.item) == (4, 0)
    assert said == ["In that case, use the flat backs of your fingers."]


@pytest.mark.parametrize("mode", ["preparing", "guiding", "paused"])
def test_a_massage_whose_file_is_gone_goes_on_as_it_was(mode: Mode):
    state = after_one_stroke("jawline", 2)
    assert state.place is not None
    gone = replace(state.place, plan=replace(state.place.plan, routine="once-upon-a-time"))
    after, said = tell(replace(state, mode=mode, place=gone), without="gua-sha")
    assert (after.mode, after.place) == (mode, gone)
    assert said == ["I can't change the tools for this one now. If you're missing one, say skip."]


@pytest.mark.parametrize("tool", TO_LOSE)
def test_every_tool_named_alone_finds_its_massage_or_the_choice(tool):
    heard = Heard((Intent("start", {"tool": tool}),))
    after, _ = respond(CONTENT, State(profile=Profile(TODAY)), heard)
    if tool == "cloth":
        assert after.mode == "choosing"
    else:
        assert after.place is not None
        assert tool in after.place.plan.tools


def test_every_tool_that_can_be_named_is_known():
    lists = yaml.safe_load(COMMON.read_text("utf-8"))["lists"]
    names = {value["out"] for name in ("tool", "bare_hands") for value in lists[name]["values"]}
    assert known_tools(names) == {*TOOLS}


@pytest.mark.parametrize("name", ["gua-sha", "jade-roller", "jawline"])
@pytest.mark.parametrize(("tool", "called"), [("roller", "jade-roller"), ("gua sha", "gua-sha")])
def test_a_tool_that_turns_up_is_the_only_one_to_hold_from_then_on(name, tool, called):
    """Changing between two tools from step to step would be a nuisance."""
    for step in range(len(CONTENT.plan(name, None, None, Restrictions()).steps)):
        before = after_one_stroke(name, step)
        after, _ = tell(before, tool=called)
        assert after.mode == "guiding"
        assert {each.tool for each in rest(after)} <= {"hands", tool}
        assert after.place is not None
        assert after.place.step == step


def test_a_tool_of_no_use_does_not_put_aside_the_one_in_use():
    state, _ = tell(after_one_stroke("gua-sha", 3), tool="jade-roller")
    after, said = tell(state, tool="device")
    assert said == ["This one doesn't use a device."]
    assert after.place == state.place


def test_a_tool_that_is_lost_again_leaves_the_hands():
    state, _ = tell(after_one_stroke("jawline", 4), tool="jade-roller")
    after, _ = tell(state, without="jade-roller", also_without="gua-sha")
    assert {each.tool for each in rest(after)} == {"hands"}


@pytest.mark.parametrize("tool", [*TO_LOSE, ""])
@pytest.mark.parametrize("name", LIBRARY.routines)
def test_oil_is_mentioned_where_it_is_needed(name, tool):
    """Told before the massage begins, it is answered once, whichever tool is named as well."""
    slots = {"routine": name, "without": "oil", **({"tool": tool} if tool else {})}
    heard = Heard((Intent("start", slots),))
    after, effects = respond(CONTENT, State(profile=Profile(TODAY)), heard)
    said = " ".join(effect.text for effect in effects if isinstance(effect, Say))
    assert after.place is not None
    needed = any(step.needs_oil for step in after.place.plan.steps)
    assert said.count("Instead of oil, use face cream") == needed
    assert said.count("doesn't need oil") == (not needed)
    assert said.count("Tell me when you're ready.") == 1
