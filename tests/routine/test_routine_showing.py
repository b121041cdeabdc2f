"""A plan on paper holds everything that will be said and done, and where it comes from."""

import json

import pytest

from assistant.commands import show
from assistant.commands.plan_text import as_data, as_text
from assistant.errors import PlanRefused, SettingsError, UnknownRoutine, UnknownTool
from assistant.routine.plan import SpokenLine


def test_every_sentence_is_printed_with_its_step_and_the_sources_at_the_end():
    plan = show.planned(show.Options("gua-sha", 10))
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
    top = as_text(show.planned(show.Options("gua-sha", 2, without=("gua-sha",)))).split("\n\n")[0]
    assert "Without a gua sha, use two bent knuckles" in top
    assert "This one can't be any shorter," in top
    assert "stone" not in top


def test_data_has_one_json_object_per_step():
    rows = [json.loads(json.dumps(row)) for row in as_data(show.planned(show.Options("jawline")))]
    sweep = next(row for row in rows if row["technique"] == "gua-sha-jaw")
    assert sweep["strokes"] == 2 * 5
    assert sweep["pressure"] == "light"
    assert sweep["sources"]["AHN"]["grade"] == "A"
    assert "Left side first." in sweep["said"]


@pytest.mark.parametrize("minutes", [0, -3, 46, float("nan"), float("inf")])
def test_minutes_that_nobody_can_mean_are_refused(minutes):
    with pytest.raises(SettingsError, match="choose up to 45"):
        show.planned(show.Options("glow", minutes))


def test_what_cannot_be_shown_is_told_in_one_sentence():
    with pytest.raises(UnknownTool, match="There is no tool 'hammer'"):
        show.planned(show.Options("glow", without=("hammer",)))
    with pytest.raises(UnknownRoutine, match="Did you mean glow"):
        show.planned(show.Options("glo"))
    with pytest.raises(PlanRefused, match="can't do this massage without a device"):
        show.planned(show.Options("device-timer", without=("device",)))
