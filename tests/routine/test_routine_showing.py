"""A plan on paper holds everything that will be said and done, and where it comes from."""

import json

import pytest

from assistant.commands.showing import as_data, as_text, planned
from assistant.errors import PlanRefused, SettingsError, UnknownRoutine, UnknownTool
from assistant.routine.plan import SpokenLine


def test_every_sentence_is_printed_with_its_step_and_the_sources_at_the_end():
    plan = planned("gua-sha", 10, [])
    text = as_text(plan)
    steps, sources = text.split("\nSources\n")
    for step in plan.steps:
        assert f". {step.title} ({step.role}, {step.seconds:.0f} s)" in steps
        assert f"{step.pressure} pressure, {step.tempo:g} s each" in steps
        assert f"direction: {step.direction}" in steps
        for item in step.score:
            if isinstance(item, SpokenLine):
                assert f'"{item.text}"' in steps
        for key in step.source:
            assert f"  {key}: " in sources


def test_a_plan_that_is_not_as_asked_for_says_so_at_the_top():
    top = as_text(planned("gua-sha", 2, ["gua-sha"])).split("\n\n")[0]
    assert "Without a gua sha, use two bent knuckles" in top
    assert "This one can't be any shorter." in top
    assert "stone" not in top


def test_data_has_one_json_object_per_step():
    rows = [json.loads(json.dumps(row)) for row in as_data(planned("jawline", None, []))]
    sweep = next(row for row in rows if row["technique"] == "gua-sha-jaw")
    assert sweep["strokes"] == 2 * 5
    assert sweep["pressure"] == "light"
    assert sweep["sources"]["AHN"]["grade"] == "A"
    assert "Left side first." in sweep["said"]


@pytest.mark.parametrize("minutes", [0, -3, 46, float("nan"), float("inf")])
def test_minutes_that_nobody_can_mean_are_refused(minutes):
    with pytest.raises(SettingsError, match="choose up to 45"):
        planned("glow", minutes, [])


def test_what_cannot_be_shown_is_told_in_one_sentence():
    with pytest.raises(UnknownTool, match="There is no tool 'hammer'"):
        planned("glow", None, ["hammer"])
    with pytest.raises(UnknownRoutine, match="Did you mean glow"):
        planned("glo", None, [])
    with pytest.raises(PlanRefused, match="can't do this massage without a device"):
        planned("device-timer", None, ["device"])
