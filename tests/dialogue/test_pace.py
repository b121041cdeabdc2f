"""A change of pace reaches all that is still to come: strokes, sentences, words, and the file."""

import pytest

from assistant.dialogue.effects import Effect, LayStrokes, Prepare, SavePace, Say
from assistant.dialogue.events import Heard, Said
from assistant.dialogue.respond import respond
from assistant.dialogue.state import NORMAL, PACES, RATES, Place, State
from assistant.dialogue.status import paced_seconds
from assistant.dialogue.turn import DialogueContent
from assistant.routine.health import Profile
from assistant.routine.plan import Strokes
from assistant.routine.restrictions import Restrictions
from assistant.understanding.intent import Intent


@pytest.fixture
def stroking(content: DialogueContent) -> State:
    """Two strokes of the first run are done."""
    plan = content.plan("puffy-eyes", None, None, Restrictions())
    score = plan.steps[0].score
    item = next(i for i, item in enumerate(score) if isinstance(item, Strokes))
    return State(mode="guiding", place=Place(plan, item=item, stroke=2), awaited=1, tags=1)


def hear(content: DialogueContent, state: State, intent: str) -> tuple[State, tuple[Effect, ...]]:
    return respond(content, state, Heard((Intent(intent),)))


@pytest.mark.parametrize(("intent", "pace"), [("slower", NORMAL - 1), ("faster", NORMAL + 1)])
def test_strokes_and_speech_change_together_from_the_present_stroke_on(
    content: DialogueContent, stroking: State, intent: str, pace: int
) -> None:
    state, effects = hear(content, stroking, intent)
    (answer,) = (effect for effect in effects if isinstance(effect, Say))
    assert answer.rate == RATES[pace]
    assert SavePace(pace) in effects
    _, (laid,) = respond(content, state, Said(answer.tag))
    assert isinstance(laid, LayStrokes)
    assert stroking.place is not None
    run = stroking.place.doing
    assert isinstance(run, Strokes)
    assert (laid.track.count, laid.track.tempo) == (run.count - 2, run.tempo * PACES[pace])
    assert laid.rate == RATES[pace]
    assert laid.track.words


def test_words_and_sentences_to_come_are_rendered_ahead_at_the_new_rate_before_the_answer(
    content: DialogueContent, stroking: State
) -> None:
    _, effects = hear(content, stroking, "slower")
    kinds = [type(effect) for effect in effects]
    ahead = effects[kinds.index(Prepare)]
    assert isinstance(ahead, Prepare)
    assert ahead.rate == RATES[NORMAL - 1]
    assert {"And.", "Two to go.", "Last one.", "And rest."} <= {*ahead.texts}
    assert kinds.index(Prepare) < kinds.index(Say)


@pytest.mark.parametrize("pace", range(len(PACES)))
def test_ten_minutes_are_ten_minutes_at_every_pace(content: DialogueContent, pace: int) -> None:
    state = State(mode="choosing", pace=pace, profile=Profile(content.today))
    wish = Intent("start", {"routine": "full-face", "minutes": 10})
    after, _ = respond(content, state, Heard((wish,)))
    assert after.place is not None
    assert paced_seconds(after.place.plan, pace) == pytest.approx(600, rel=0.08)


@pytest.mark.parametrize("pace", range(len(PACES)))
def test_minutes_stay_what_they_were_when_health_changes_what_is_done(
    content: DialogueContent, pace: int
) -> None:
    state = State(mode="choosing", pace=pace, profile=Profile(content.today))
    for intent in (
        Intent("start", {"routine": "full-face", "minutes": 12}),
        Intent("tell", {"condition": "rosacea"}),
        Intent("no"),
    ):
        state, _ = respond(content, state, Heard((intent,)))
    assert state.mode == "preparing"
    assert state.place is not None
    assert paced_seconds(state.place.plan, pace) == pytest.approx(720, rel=0.08)


def test_no_length_is_said_beside_the_one_at_the_users_pace(content: DialogueContent) -> None:
    state = State(mode="choosing", pace=0, profile=Profile(content.today))
    wish = Intent("start", {"routine": "puffy-eyes", "minutes": 2})
    _, effects = respond(content, state, Heard((wish,)))
    said = [effect.text for effect in effects if isinstance(effect, Say)]
    assert [text for text in said if "minute" in text] == said[:1]
    assert (
        said[1]
        == "This one can't be any shorter, because the beginning and the end keep their length."
    )
