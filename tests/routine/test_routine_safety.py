"""For every symptom there are words at once, as serious as the symptom."""

import pytest

from assistant.library.shipped import load_safety
from assistant.routine.schema import sentences

SAFETY = load_safety()
TIERS = {
    "emergency": {
        "face_drooping",
        "emergency",
        "crisis",
        "arm_weak",
        "speech_slurred",
        "throat_swelling",
        "trouble_breathing",
        "vision_loss",
        "collapse",
        "skin_white_after_filler",
    },
    "urgent": {"hot_red_swelling", "temple_tender", "jaw_locked"},
    "doctor": {"gland_lump", "lasting_puffiness", "stop-see-doctor"},
    "rest": {
        "dizzy",
        "faint",
        "sick",
        "racing_heart",
        "feels_wrong",
        "burning",
        "numb",
        "stop-now",
    },
    "pain": {"hurts", "pressing_too_hard", "red_skin", "ease"},
}
EXPECTED = [(symptom, tier) for tier, symptoms in TIERS.items() for symptom in symptoms]


@pytest.mark.parametrize(("symptom", "tier"), sorted(EXPECTED))
def test_symptom_is_taken_as_seriously_as_it_should_be(symptom, tier):
    assert SAFETY.symptoms[symptom].tier == tier
    assert SAFETY.tier(symptom).ends == (tier != "pain")


def test_no_symptom_is_untested():
    assert {symptom for symptom, _ in EXPECTED} == SAFETY.symptoms.keys()


@pytest.mark.parametrize("symptom", sorted(SAFETY.symptoms))
def test_words_are_two_to_four_short_sentences(symptom):
    say = SAFETY.tier(symptom).say
    assert 2 <= len(say) <= 4
    for line in say:
        assert sentences(line) == [line]


@pytest.mark.parametrize("symptom", sorted(SAFETY.symptoms))
def test_the_first_words_stop_the_hands(symptom):
    first = SAFETY.tier(symptom).say[0].lower()
    assert any(word in first for word in ("off", "stop", "leave", "lift")), first


@pytest.mark.parametrize("symptom", sorted(TIERS["emergency"]))
def test_in_an_emergency_the_coach_says_whom_to_call_and_ends(symptom):
    tier = SAFETY.tier(symptom)
    assert "local emergency number" in " ".join(tier.say)
    assert tier.ends


def test_an_unknown_symptom_is_treated_as_pain():
    assert SAFETY.tier("something else") == SAFETY.tier("hurts")
