"""What an utterance leads to: with other people in the room, and over the coach's own voice."""

import pytest

from assistant.assembly import make_interpreter, make_meaning_finder
from assistant.dialogue.events import Called, Heard, NotUnderstood, Unsure
from assistant.hearing.speech_events import Utterance
from assistant.library.library import load_library
from assistant.understanding.attention import Attention
from assistant.understanding.intent import Intent
from assistant.understanding.meaning_finder import Meaning
from assistant.user_input import UserInput

FINDER = make_meaning_finder(make_interpreter(load_library()))
SYMPTOM = Meaning(perhaps=(Intent("pain", {"symptom": "emergency"}),))
WISH = Meaning(perhaps=(Intent("slower"),))
NOISE = Meaning(for_nobody=True)


def said(text: str, *, noisy: bool = False, late: float = 0.0) -> Utterance:
    return Utterance(text, (), 1.0, 2.0, 2.2, noisy, late=late)


@pytest.mark.parametrize("attention", [None, Attention("coach")])
@pytest.mark.parametrize("over_coach", [True, False])
def test_what_may_be_a_symptom_always_counts(attention: Attention | None, over_coach: bool) -> None:
    event, _ = UserInput(FINDER, attention).spoken(
        said("my chest has gone tight"), SYMPTOM, over_coach=over_coach
    )
    assert event == Unsure(SYMPTOM.perhaps)


def test_what_ends_a_massage_needs_no_attention_word() -> None:
    stop = Meaning((Intent("stop"), Intent("louder")))
    event, _ = UserInput(FINDER, Attention("coach")).spoken(said("stop and louder"), stop)
    assert event == Heard((Intent("stop"),))


def test_other_wishes_need_it() -> None:
    event, why = UserInput(FINDER, Attention("coach")).spoken(said("slower"), WISH)
    assert event is None
    assert "attention word" in why
    event, _ = UserInput(FINDER, Attention("coach")).spoken(said("coach"), NOISE)
    assert event == Called()


def test_a_doubtful_wish_over_the_coach_may_be_the_coach() -> None:
    heard = UserInput(FINDER)
    assert heard.spoken(said("a bit slow"), WISH)[0] == Unsure(WISH.perhaps)
    assert heard.spoken(said("a bit slow"), WISH, over_coach=True)[0] is None
    assert heard.spoken(said("mumble"), Meaning(), over_coach=True)[0] is None
    assert heard.spoken(said("mumble"), Meaning())[0] == NotUnderstood()


def test_talk_to_others_gets_no_answer() -> None:
    event, why = UserInput(FINDER).spoken(said("where are my keys"), NOISE)
    assert event is None
    assert why == "for somebody else"


def test_in_noise_it_asks_where_it_would_act_in_quiet() -> None:
    heard = UserInput(FINDER)
    text = "can we leave my nose out of it"
    assert [i.name for i in heard.spoken_meaning(said(text), "guiding").intents] == ["skip"]
    noisy = heard.spoken_meaning(said(text, noisy=True), "guiding")
    assert [i.name for i in noisy.perhaps] == ["skip"]


def test_a_command_that_is_decided_too_late_is_asked_for_again() -> None:
    heard, slower, stop = (
        UserInput(FINDER),
        Meaning((Intent("slower"),)),
        Meaning((Intent("stop"),)),
    )
    assert heard.spoken(said("slower", late=1.0), slower)[0] == Heard(slower.intents)
    assert heard.spoken(said("slower", late=10.0), slower)[0] == NotUnderstood()
    assert heard.spoken(said("stop", late=10.0), stop)[0] == Heard(stop.intents)
    assert heard.spoken(said("my chest", late=10.0), SYMPTOM)[0] == Unsure(SYMPTOM.perhaps)
    assert heard.spoken(said("where are my keys", late=10.0), NOISE)[0] is None


def test_what_may_be_the_coachs_own_voice_is_asked_about_if_it_would_end_the_massage() -> None:
    heard, doubtful = UserInput(FINDER), Utterance("stop", (), 1.0, 2.0, 2.2, doubtful=True)
    stop, start = Intent("stop"), Intent("start", {"routine": "puffy-eyes"})
    assert heard.spoken(doubtful, Meaning((stop,)), over_coach=True)[0] == Unsure((stop,))
    assert heard.spoken(doubtful, Meaning((start,)), over_coach=True)[0] is None
    assert heard.spoken(doubtful, SYMPTOM, over_coach=True)[0] == Unsure(SYMPTOM.perhaps)
