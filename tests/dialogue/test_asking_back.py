"""Asking back: one question, which a yes, a no, or the right command answers."""

import pytest

from assistant.dialogue.effects import Effect, Hush, Say
from assistant.dialogue.events import Event, Heard, NotUnderstood, Started, TimePassed, Unsure
from assistant.dialogue.respond import respond
from assistant.dialogue.state import Place, State
from assistant.dialogue.turn import DialogueContent
from assistant.routine.health import Profile
from assistant.understanding.intent import Intent
from tests.dialogue.sayable import ANY_DAY

YES, NO = Heard((Intent("yes"),)), Heard((Intent("no"),))
SLOWER, FASTER = Intent("slower"), Intent("faster")
EMERGENCY = Intent("pain", {"symptom": "emergency"})


@pytest.fixture
def guiding(content: DialogueContent) -> State:
    nothing = content.health.restrictions({}, ANY_DAY)
    plan = content.plan("puffy-eyes", None, None, nothing)
    return State(mode="guiding", place=Place(plan), profile=Profile(ANY_DAY))


def _said(effects: tuple[Effect, ...]) -> list[str]:
    return [effect.text for effect in effects if isinstance(effect, Say)]


def _after(content: DialogueContent, state: State, *events: Event) -> tuple[State, list[str]]:
    said: list[str] = []
    for event in events:
        state, effects = respond(content, state, event)
        said += _said(effects)
    return state, said


def test_a_wish_is_asked_back_in_its_own_words(content, guiding) -> None:
    _, said = _after(content, guiding, Unsure((SLOWER,)))
    assert said[0] == "Slower?"


def test_two_wishes_are_a_choice(content, guiding) -> None:
    _, said = _after(content, guiding, Unsure((SLOWER, FASTER)))
    assert said[0] == "Slower, or faster?"


def test_yes_does_it(content, guiding) -> None:
    after, _ = _after(content, guiding, Unsure((SLOWER,)), YES)
    assert after.pace == guiding.pace - 1


def test_yes_to_a_choice_asks_about_the_first_alone(content, guiding) -> None:
    asked, said = _after(content, guiding, Unsure((SLOWER, FASTER)), YES)
    assert said[-1] == "Slower?"
    assert asked.pace == guiding.pace
    after, _ = _after(content, asked, YES)
    assert after.pace == guiding.pace - 1


@pytest.mark.parametrize("answer", [NO, NotUnderstood()])
def test_anything_else_drops_it(content, guiding, answer) -> None:
    after, _ = _after(content, guiding, Unsure((SLOWER,)), answer, YES)
    assert after.pace == guiding.pace


def test_silence_drops_it(content, guiding) -> None:
    asked, _ = _after(content, guiding, Unsure((SLOWER,)))
    after, _ = _after(content, asked, TimePassed(asked.timer))
    assert not after.suggested


def test_no_to_a_wish_does_not_pause(content, guiding) -> None:
    after, _ = _after(content, guiding, Unsure((SLOWER,)), NO)
    assert after.mode == "guiding"


def test_the_massage_goes_on_meanwhile(content, guiding) -> None:
    _, effects = respond(content, guiding, Unsure((SLOWER,)))
    assert not any(isinstance(effect, Hush) for effect in effects)


def test_a_possible_symptom_stops_the_hands_first(content, guiding) -> None:
    after, effects = respond(content, guiding, Unsure((EMERGENCY,)))
    assert after.mode == "confirming"
    assert any(isinstance(effect, Hush) for effect in effects)
    assert _said(effects) == ["Is something wrong?"]


def test_yes_to_the_check_is_a_report_of_the_symptom(content, guiding) -> None:
    after, said = _after(content, guiding, Unsure((EMERGENCY,)), YES)
    assert "Call your local emergency number" in " ".join(said)
    assert after.mode == "finished"


def test_no_to_the_check_goes_on_with_the_massage(content, guiding) -> None:
    after, said = _after(content, guiding, Unsure((EMERGENCY,)), NO)
    assert after.mode == "guiding"
    assert after.place == guiding.place
    assert not any("emergency" in sentence for sentence in said)


def test_before_a_massage_the_check_waits_for_its_answer(content) -> None:
    greeted, _ = respond(content, State(profile=Profile(ANY_DAY)), Started())
    _, said = _after(content, greeted, Unsure((EMERGENCY,)), YES)
    assert "Call your local emergency number" in " ".join(said)


def test_health_is_never_guessed_at(content, guiding) -> None:
    after, said = _after(content, guiding, Unsure((Intent("tell", {"condition": "glaucoma"}),)))
    assert not after.suggested
    assert not any("glaucoma" in sentence.lower() for sentence in said)


def test_every_wish_has_words_to_be_asked_back_with(content, templates) -> None:
    asked = {group.intent for group in templates.groups} - {"pain", "ask", "backchannel"}
    health = {intent for intent in asked if intent.startswith("tell")}
    for intent in sorted(asked - health):
        assert content.replies.text(f"perhaps {intent}").islower()
    for wish, words in (
        (Intent("start", {"routine": "glow"}), "Glow?"),
        (Intent("ask", {"topic": "oil"}), "Are you asking: should I use oil?"),
    ):
        assert _after(content, State(), Unsure((wish,)))[1] == [words]


def test_every_routine_and_every_answer_can_be_asked_back(content) -> None:
    for title in content.topic_titles.values():
        assert title[-1] == "?"
