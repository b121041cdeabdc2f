"""The health questions, answered in people's words: what is told is kept, and heeded at once.

The conversations are typed ones, through templates, table and planner.
"""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.dialogue.dates import date_told
from assistant.dialogue.state import State
from assistant.library.shipped import load_health
from assistant.rehearsal.script import read_script
from assistant.rehearsal.stage import TODAY, Stage

HEALTH = load_health()
STAGE = Stage(Settings(), by_voice=False)
TOLD = {
    "unwell": "I have a temperature",
    "skin_infection": "a cold sore",
    "temple_pain": "sore temples",
    "acne": "I've got some pimples",
    "eczema": "a rash",
    "sunburn": "I'm sunburnt",
    "broken_skin": "I have a cut",
    "changed_mole": "a mole",
    "rosacea": "rosacea",
    "numb_skin": "my numb face",
    "blood_clot": "I had a blood clot",
    "heart": "I have a heart condition",
    "kidneys": "kidney disease",
    "cancer": "I had cancer",
    "lymph_nodes": "lymph nodes removed",
    "thyroid": "an overactive thyroid",
    "irregular_heartbeat": "atrial fibrillation",
    "sensitive_pulse": "a sensitive neck",
    "neck_arteries": "narrowed arteries",
    "stroke": "I had a mini stroke",
    "blood_pressure": "high blood pressure",
    "fainting": "I faint easily",
    "over_sixty": "I'm over sixty",
    "blood_thinners": "I take blood thinners",
    "bleeding": "I bruise easily",
    "low_platelets": "low platelets",
    "pregnant": "I'm expecting a baby",
    "trigeminal_neuralgia": "trigeminal neuralgia",
    "glaucoma": "I have glaucoma",
    "keratoconus": "keratoconus",
    "retina": "a detached retina",
    "cold_hives": "cold hives",
    "raynaud": "I have Raynaud's",
    "epilepsy": "I have seizures",
    "implant": "I have a pacemaker",
    "under_eighteen": "I'm under eighteen",
    "isotretinoin": "I take acne tablets",
    "botox": "botox last week",
    "filler": "I had a lip filler two weeks ago",
    "face_surgery": "I had a nose job",
    "dental_surgery": "wisdom teeth",
    "eye_surgery": "laser eye surgery",
    "neck_surgery": "thyroid surgery",
    "skin_treatment": "a chemical peel",
}


def answered(tmp_path: Path, routine: str, question: str, said: str) -> tuple[State, str]:
    """Answer `question` by yes and then `said`, the others by no; return the state and all said."""
    lines = ["profile: new", f"you: {routine}", "coach: *"]
    for name in HEALTH.questions:
        lines += ["you: yes", f"you: {said}", "you: no"] if name == question else ["you: no"]
    path = tmp_path / "told.dialogue"
    path.write_text("\n".join([*lines, "[1 minute]"]))
    session, _ = STAGE.perform(read_script(path))
    entries = session.transcript.entries
    return session.state, " ".join(entry["coach"] for entry in entries if "coach" in entry)


def test_there_is_a_way_to_tell_every_condition():
    assert list(TOLD) == list(HEALTH.conditions)


@pytest.mark.parametrize("name", TOLD)
def test_what_is_told_is_kept_and_heeded(name: str, tmp_path: Path):
    condition = HEALTH.conditions[name]
    state, said = answered(tmp_path, "full face", condition.question, TOLD[name])
    assert state.profile is not None
    assert list(state.profile.answers) == [name]
    assert f"Noted: {condition.spoken}. Anything else?" in said
    restrictions = HEALTH.restrictions(state.profile.answers, TODAY)
    if restrictions.refused:
        assert state.place is None
        assert all(reason in said for reason in restrictions.refused)
    else:
        assert state.mode == "preparing"
        assert state.place is not None
        assert all(note in said for note in state.place.plan.notes)


def test_what_is_told_unasked_does_not_put_off_the_questions(tmp_path: Path):
    path = tmp_path / "told.dialogue"
    path.write_text("you: I have acne\nyou: no\n[expect choosing]\n")
    session, _ = STAGE.perform(read_script(path))
    profile = session.state.profile
    assert profile is not None
    assert HEALTH.due(profile, TODAY) == ()
    assert HEALTH.due(profile, TODAY + timedelta(days=1)) == ("today",)
    long_ago = replace(profile, screened=TODAY - timedelta(days=30))
    assert HEALTH.due(long_ago, TODAY) == tuple(HEALTH.questions)


def test_what_concerns_the_massage_is_said_to_be_left_out(tmp_path: Path):
    _, said = answered(tmp_path, "full face", "body", "I have a thyroid problem")
    assert "Because of your thyroid, I'll leave out the neck." in said


@pytest.mark.parametrize(
    ("slots", "day"),
    [
        ({"days": 0}, TODAY),
        ({"weeks": 2}, date(2026, 2, 16)),
        ({"months": 1}, TODAY - timedelta(days=30)),
        ({"weekday": 0}, TODAY),
        ({"weekday": 1}, date(2026, 2, 24)),
        ({"month": 3}, TODAY),
        ({"month": 2}, date(2026, 2, 28)),
        ({"month": 12}, date(2025, 12, 31)),
        ({}, None),
    ],
)
def test_a_date_is_the_latest_that_the_words_allow(slots: dict[str, int], day: date | None):
    assert date_told(slots, TODAY) == day
