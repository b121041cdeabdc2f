"""What is wrong with a massage whose file has the right form: unsafe, or not to be played."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant._resources import resource
from assistant.errors import PlanRefused
from assistant.library.check import check_file
from assistant.library.library import Library
from tests.library.files import GOOD, TECHNIQUE


def with_tags(*tags: str, **fields: str) -> str:
    text = TECHNIQUE.replace("area_tags: [temples]", f"area_tags: [{', '.join(tags)}]")
    assert text != TECHNIQUE or tags == ("temples",)
    for field, value in fields.items():
        assert f"\n{field}: " in text or field == "tool"
        rows = [row for row in text.splitlines() if not row.startswith(f"{field}: ")]
        text = "\n".join([*rows, f"{field}: {value}", ""])
    return text


@pytest.mark.parametrize("area", ["neck", "eyes"])
@pytest.mark.parametrize("pressure", ["moderate", "firm"])
def test_pressure_on_the_neck_and_round_the_eyes_is_warned_of(problems_of, area, pressure):
    (found,) = problems_of(
        with_tags("jaw", area, stroke="knead", pressure=pressure), "techniques/mine.yaml"
    )
    assert found.partition(" ")[2] == (
        f"pressure: found '{pressure}' where area_tags name the {area}; "
        "allowed: rest, feather, light"
    )


def test_pressure_that_a_step_sets_counts_too(problems_of):
    (found,) = problems_of(GOOD.replace("role: opening", "role: opening\n    pressure: firm"))
    assert found.startswith("10: pressure: found 'firm' where area_tags name the neck; allowed: ")


@pytest.mark.parametrize("area", ["shoulders", "scalp", "hands"])
def test_elsewhere_kneading_may_be_firm(problems_of, area):
    assert problems_of(with_tags(area, stroke="knead", pressure="firm"), "techniques/a.yaml") == []


@pytest.mark.parametrize("area", ["neck", "eyes", "temples"])
def test_a_device_is_warned_of_where_it_must_not_go(problems_of, area):
    (found,) = problems_of(with_tags(area, tool="device"), "techniques/mine.yaml")
    assert f"tool: found a device where area_tags name the {area}; allowed: " in found


def test_an_area_must_be_known_or_declared(tmp_path, problems_of):
    (found,) = problems_of(with_tags("neckk"), "techniques/mine.yaml")
    assert "area_tags: found 'neckk', which neither we nor an areas.yaml declares; " in found
    assert found.endswith("did you mean 'neck'?")
    (found,) = problems_of(with_tags("feet"), "techniques/mine.yaml")
    (tmp_path / "areas.yaml").write_text("areas: {feet: [feet, foot]}\n")
    assert problems_of(with_tags("feet"), "techniques/mine.yaml") == []
    (found,) = problems_of("areas: {Feet!: [feet]}\n", "areas.yaml")
    assert "names in lowercase letters" in found


def test_a_gua_sha_massage_of_the_neck_that_opens_with_oil_alone_is_not_good(tmp_path, problems_of):
    technique = with_tags("neck", tool="gua sha", stroke="scrape", pressure="light")
    assert problems_of(technique, "techniques/neck-stone.yaml") == []
    routine = GOOD.replace("under-eye-sweep", "neck-stone").replace("neck-sides", "oil-on", 1)
    assert problems_of(routine) == [
        "6: steps: found only oil as opening; allowed: at least one with role: opening "
        "that does more"
    ]
    with pytest.raises(PlanRefused):
        Library([resource("routines"), tmp_path]).plan("mine")


@pytest.mark.parametrize("words", ["()", "[]", "a [ ] b", "!", "(" * 3000 + "a" + ")" * 3000])
def test_words_that_would_break_the_conversation_are_not_good(problems_of, words):
    (found,) = problems_of(GOOD.replace("[quick eyes]", f"['{words}']"))
    assert found.startswith("3: heard_as: found ")


SHIPPED = Library([resource("routines")])


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["oil-on", "rest", *sorted(SHIPPED.techniques)]),
            st.sampled_from(["opening", "work", "closing"]),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_good_can_be_shown(tmp_path_factory, parts):
    folder = tmp_path_factory.mktemp("own")
    steps = "".join(f"  - {{use: {use}, strokes: 4, role: {role}}}\n" for use, role in parts)
    (folder / "mine.yaml").write_text(GOOD.partition("  - use")[0] + steps)
    if check_file(folder / "mine.yaml") == []:
        assert Library([resource("routines"), folder]).plan("mine").steps


STEP = "use: under-eye-sweep\n    strokes: 6\n    trim_to: 3"


@pytest.mark.parametrize(
    "step",
    [
        "use: under-eye-sweep\n    duration: 45 s",
        "use: under-eye-sweep\n    duration: 1.5 min\n    trim_to: 30 s",
        "use: under-eye-sweep\n    duration: 45\n    say: Think of the sea.",
        "use: under-eye-sweep\n    strokes: 6\n    say_only: As you like it.",
        "rest: 20 seconds",
        "rest: 20 s\n    say_only: Drink some water.\n    optional: true",
    ],
)
def test_steps_may_be_written_in_seconds_be_rests_and_have_own_words(problems_of, step):
    assert STEP in GOOD
    assert problems_of(GOOD.replace(STEP, step)) == []


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("strokes: 6", "10: use: found nothing; allowed: a technique's identifier, "),
        ("use: eye-palms", "10: strokes: found nothing; allowed: a whole number, or a duration"),
        ("use: eye-palms\n    duration: long", "11: duration: found 'long'; allowed: a time such"),
        ("use: eye-palms\n    duration: 1 s", "11: duration: found '1 s'; allowed: 2 or more"),
        ("use: eye-palms\n    duration: 20 min", "11: duration: found '20 min'; allowed: 600 or"),
        (
            "use: eye-palms\n    duration: 9 s\n    strokes: 5",
            "12: strokes: found 5; allowed: either strokes or duration",
        ),
        (
            "use: eye-palms\n    duration: 30 s\n    trim_to: 40 s",
            "12: trim_to: found '40 s'; allowed: at most the duration, 30 s",
        ),
        ("rest: 20 s\n    use: eye-palms", "11: use: found 'eye-palms'; allowed: either use or"),
        ("rest: 20 s\n    strokes: 3", "11: strokes: found 3; allowed: either strokes or rest"),
        ("rest: 20 s\n    duration: 3 s", "11: duration: found '3 s'; allowed: nothing beside"),
        ("rest: 20 s\n    sides: each", "11: sides: found 'each'; allowed: nothing beside rest"),
        ("rest: 20 s\n    trim_to: 5 s", "11: trim_to: found '5 s'; allowed: nothing beside rest"),
        (
            "rest: 20 s\n    say: Yawn.\n    say_only: Drink.",
            "12: say_only: found 'Drink.'; allowed: either say or say_only",
        ),
        ("rest: 20 s\n    say: Pause.", "11: say: found 'Pause.', which is a command when said"),
        ("rest: 20 s\n    say: It detoxes.", "11: say: found the promise 'detoxes'; allowed: "),
        ("rest: 20 s\n    say: Drink water", "11: say: found 'Drink water'; allowed: whole sent"),
        ("rest: soon", "10: rest: found 'soon'; allowed: a time such as 45 s or 2 min"),
    ],
)
def test_a_step_that_says_two_things_at_once_is_told_apart(problems_of, step, problem):
    (found,) = problems_of(GOOD.replace(STEP, step))
    assert found.startswith(problem), found
