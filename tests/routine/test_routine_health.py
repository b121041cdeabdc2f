"""The health questions are short and complete; what they rule out ends when it should."""

from datetime import date, timedelta

import pytest

from assistant.library.shipped import load_health, load_sources
from assistant.routine.health import Profile
from assistant.routine.plan import SpokenLine
from assistant.routine.schema import sentences

HEALTH = load_health()
TODAY = date(2026, 11, 22)
ROWS = {
    "any massage": {
        *("unwell", "skin_infection", "temple_pain", "cancer", "lymph_nodes"),
        *("trigeminal_neuralgia", "botox", "filler", "face_surgery", "dental_surgery"),
        *("eye_surgery", "skin_treatment"),
    },
    "lymph": {"blood_clot", "heart", "kidneys"},
    "neck": {
        *("thyroid", "irregular_heartbeat", "sensitive_pulse", "neck_arteries", "stroke"),
        *("blood_pressure", "fainting", "over_sixty", "neck_surgery"),
    },
    "eyes": {"glaucoma", "keratoconus", "retina", "eye_surgery"},
    "cold": {"cold_hives", "raynaud", "rosacea", "numb_skin"},
    "gua sha": {
        *("blood_thinners", "bleeding", "low_platelets", "pregnant", "acne", "rosacea", "eczema"),
        *("sunburn", "broken_skin", "changed_mole", "isotretinoin", "filler"),
    },
    "roller": {
        *("blood_thinners", "bleeding", "low_platelets", "pregnant", "acne", "rosacea", "eczema"),
        *("sunburn", "broken_skin", "changed_mole", "isotretinoin", "filler"),
    },
    "chilled tool": {
        *("blood_thinners", "bleeding", "low_platelets", "pregnant", "acne", "rosacea", "eczema"),
        *("sunburn", "broken_skin", "changed_mole", "isotretinoin", "filler"),
    },
    "device": {
        *("epilepsy", "implant", "under_eighteen", "pregnant", "acne", "rosacea", "eczema"),
        "neck_surgery",
        *("sunburn", "broken_skin", "changed_mole", "isotretinoin", "filler", "blood_thinners"),
        *("bleeding", "low_platelets"),
    },
}


@pytest.mark.parametrize("effect", ROWS)
def test_a_restriction_follows_from_exactly_these_conditions(effect):
    found = {
        name
        for name in HEALTH.conditions
        for restriction in HEALTH.restrictions({name: None}, TODAY).parts
        if effect in restriction.forbids or (effect == "any massage" and restriction.refuses)
    }
    assert found == ROWS[effect]


@pytest.mark.parametrize("name", ["blood_thinners", "bleeding", "low_platelets"])
def test_easy_bleeding_allows_feather_pressure_only(name):
    assert HEALTH.restrictions({name: None}, TODAY).firmest == "feather"


def test_there_are_three_questions_and_each_has_answers():
    assert len(HEALTH.questions) == 3
    answered = {condition.question for condition in HEALTH.conditions.values()}
    assert answered == HEALTH.questions.keys()


def test_the_questions_together_take_less_than_a_minute():
    lines = [HEALTH.opening, *(question.ask for question in HEALTH.questions.values())]
    said = [sentence for text in lines for sentence in sentences(text)]
    assert sum(SpokenLine(sentence, "what").seconds for sentence in said) < 50


@pytest.mark.parametrize("name", HEALTH.conditions)
@pytest.mark.parametrize("when", [None, TODAY])
def test_every_restriction_is_explained_in_short_whole_sentences(name, when):
    for restriction in HEALTH.restrictions({name: when}, TODAY).parts:
        for sentence in sentences(restriction.say):
            assert len(sentence.split()) <= 24, sentence
            assert "{" not in sentence
            assert sentence[-1] == "."


def test_the_same_words_never_name_two_conditions():
    templates = [template for template, _ in HEALTH.heard_as()]
    assert len(templates) == len(set(templates))


def test_every_condition_has_sources_that_are_explained():
    known = load_sources().sources
    for name, condition in HEALTH.conditions.items():
        assert set(condition.source) <= known.keys(), name


@pytest.mark.parametrize(
    ("days_ago", "refused", "tools_out"),
    [(0, True, True), (13, True, True), (14, False, True), (41, False, True), (42, False, False)],
)
def test_a_filler_needs_two_weeks_and_hard_tools_six(days_ago, refused, tools_out):
    restrictions = HEALTH.restrictions({"filler": TODAY - timedelta(days=days_ago)}, TODAY)
    assert bool(restrictions.refused) == refused
    assert any("gua sha" in restriction.forbids for restriction in restrictions.parts) == tools_out


def test_the_end_of_a_wait_is_said_as_a_date():
    (reason,) = HEALTH.restrictions({"botox": date(2026, 11, 20)}, TODAY).refused
    assert "until December 4." in reason


def test_a_treatment_without_a_date_counts_as_today():
    (reason,) = HEALTH.restrictions({"botox": None}, TODAY).refused
    assert "until you can tell me when it was" in reason


def test_an_answer_that_is_not_a_condition_is_never_ignored():
    with pytest.raises(KeyError):
        HEALTH.restrictions({"hangnail": None}, TODAY)


@pytest.mark.parametrize(
    ("screened", "due"),
    [(TODAY, False), (TODAY - timedelta(days=29), False), (TODAY - timedelta(days=30), True)],
)
def test_the_questions_come_again_after_thirty_days(screened, due):
    assert HEALTH.due(Profile(screened), TODAY) == (tuple(HEALTH.questions) if due else ())


def test_an_answer_about_today_is_asked_again_the_next_day():
    yesterday = TODAY - timedelta(days=1)
    assert HEALTH.due(Profile(TODAY, {"unwell": None}), TODAY) == ()
    assert HEALTH.due(Profile(yesterday, {"unwell": None, "heart": None}), TODAY) == ("today",)
    assert HEALTH.due(Profile(yesterday, {"heart": None}), TODAY) == ()


def test_the_questions_come_the_first_time_and_after_the_clock_went_back():
    assert HEALTH.due(None, TODAY)
    assert HEALTH.due(Profile(TODAY + timedelta(days=1)), TODAY)


def test_what_is_asked_every_day_does_not_put_off_the_other_questions():
    daily = Profile(TODAY - timedelta(days=29), {"acne": None}, TODAY)
    assert HEALTH.due(daily, TODAY) == (), "once a day is enough"
    assert HEALTH.due(daily, TODAY + timedelta(days=1)) == tuple(HEALTH.questions)
    later = Profile(TODAY - timedelta(days=20), {"acne": None}, TODAY - timedelta(days=1))
    assert HEALTH.due(later, TODAY) == ("today",)
