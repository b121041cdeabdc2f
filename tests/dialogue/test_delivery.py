"""The coach whispers if the user asked for it, but never when it talks about pain."""

import pytest

from assistant.dialogue.effects import Effect, Say
from assistant.dialogue.events import Heard
from assistant.dialogue.respond import respond
from assistant.dialogue.state import Place, State
from assistant.dialogue.turn import DialogueContent
from assistant.routine.restrictions import Restrictions
from assistant.understanding.intent import Intent


@pytest.fixture
def whispering(content: DialogueContent) -> State:
    plan = content.plan("puffy-eyes", None, None, Restrictions())
    return State(mode="guiding", place=Place(plan), sound="whisper")


def hear(content: DialogueContent, state: State, intent: Intent) -> list[Say]:
    effects: tuple[Effect, ...] = respond(content, state, Heard((intent,)))[1]
    return [effect for effect in effects if isinstance(effect, Say)]


def test_an_answer_is_whispered_and_advice_about_pain_is_not(
    content: DialogueContent, whispering: State
) -> None:
    answers = hear(content, whispering, Intent("time_left"))
    advice = hear(content, whispering, Intent("pain", {"symptom": "hurts"}))
    assert {said.delivery for said in answers} == {"whispered"}
    assert advice[0].delivery == "aloud"
