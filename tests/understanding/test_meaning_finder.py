"""What sentences mean: templates, model, slots, negation, corrections, several wishes."""

import pytest

from assistant.assembly import make_interpreter, make_meaning_finder
from assistant.library.library import load_library
from assistant.understanding.intent import Intent
from assistant.understanding.meaning_finder import Meaning, MeaningFinder
from assistant.understanding.neighbors import Neighbor

INTERPRETER = make_interpreter(load_library())
FINDER = make_meaning_finder(INTERPRETER)

QUICK = "you're going too quick for my old hands"


def find(text: str, state: str = "guiding") -> Meaning:
    return FINDER.find(text, state)


def names(meaning: Meaning) -> list[str]:
    return [intent.name for intent in meaning.intents]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        (QUICK, "slower"),
        ("i can barely hear you over this tap", "louder"),
        ("have we got much longer to go on this", "time_left"),
        ("whereabouts on my face should my fingers be", "ask_area"),
        ("can we leave my nose out of it", "skip"),
    ],
)
def test_what_no_template_holds_is_understood(text: str, intent: str) -> None:
    assert not INTERPRETER.interpret(text, "guiding")
    assert names(find(text)) == [intent]


@pytest.mark.parametrize("text", ["it is blue", "it looks white", "my face is sagging"])
def test_a_symptom_that_only_a_template_finds_is_asked_about(text: str) -> None:
    """One question instead of "call your emergency number"."""
    assert names(find(text)) == []
    assert find(text).perhaps[0].name == "pain"


@pytest.mark.parametrize("text", ["i'm numb with happiness", "i can't breathe in these jeans"])
def test_a_symptom_inside_a_figure_of_speech_is_left_alone(text: str) -> None:
    meaning = find(text)
    assert not meaning.intents
    assert not meaning.perhaps


@pytest.mark.parametrize(
    "text",
    ["don't skip this", "don't go back", "don't pause", "i don't want to stop", "never skip this"],
)
def test_what_is_denied_is_not_done(text: str) -> None:
    assert set(names(find(text))) <= {"backchannel", "resume"}


@pytest.mark.parametrize(
    "text", ["no pain", "i have no pain", "i'm not dizzy", "it doesn't burn at all"]
)
def test_a_denied_symptom_is_none(text: str) -> None:
    meaning = find(text)
    assert "pain" not in names(meaning)
    assert not meaning.perhaps


@pytest.mark.parametrize(
    "text", ["ow", "ouch that hurts", "stop it hurts", "i feel faint", "no it still hurts"]
)
def test_pain_is_never_talked_away(text: str) -> None:
    assert names(find(text))[0] == "pain"


@pytest.mark.parametrize(
    "text",
    [
        "i can't swallow any more it's closing",
        "i'm sorry to be dramatic but i believe i may be having a stroke",
    ],
)
@pytest.mark.parametrize("state", ["screening", "guiding"])
def test_what_may_be_an_emergency_is_at_least_asked_about(text: str, state: str) -> None:
    meaning = find(text, state)
    assert "pain" in [intent.name for intent in (*meaning.intents, *meaning.perhaps)]


def test_in_the_health_questions_a_doubtful_word_is_no_illness() -> None:
    assert "tell" not in names(find("puffy eyes", "screening"))


@pytest.mark.parametrize("text", ["stop", "stop the massage please", "i want to stop"])
def test_stop_stops(text: str) -> None:
    assert names(find(text)) == ["stop"]


def test_a_correction_takes_the_place_of_what_came_before() -> None:
    assert names(find("slower no faster")) == ["faster"]
    assert names(find("skip this actually don't")) == ["backchannel"]


def test_two_wishes_are_both_done() -> None:
    assert names(find("slower please and a bit louder")) == ["slower", "louder"]
    spoken = find("you're rushing me and i can hardly hear you")
    assert set(names(spoken)) == {"slower", "louder"}


@pytest.mark.parametrize(
    ("text", "routine"),
    [
        ("my eyes are so puffy today", "puffy-eyes"),
        ("my jaw's tight from clenching", "jaw-clenching"),
        ("i woke up looking like a balloon", "morning-puffiness"),
        ("dark circles", "puffy-eyes"),
    ],
)
def test_a_concern_finds_its_massage(text: str, routine: str) -> None:
    meaning = find(text, "choosing")
    found = meaning.intents or meaning.perhaps
    assert found[0].name == "start"
    assert found[0].slots["routine"] == routine


def test_slots_are_found_in_any_words() -> None:
    meaning = find("could we manage ten minutes for my grumpy forehead with no oil", "choosing")
    slots = (meaning.intents or meaning.perhaps)[0].slots
    assert slots == {"minutes": 10, "routine": "forehead", "without": "oil"}


@pytest.mark.parametrize(
    "text", ["darling have you seen my keys", "and now the weather for the south east"]
)
def test_talk_to_others_is_for_nobody(text: str) -> None:
    meaning = find(text)
    assert not meaning.intents
    assert not meaning.perhaps


def test_more_evidence_is_needed_in_noise() -> None:
    assert FINDER.find(QUICK, "guiding").intents
    assert not FINDER.find(QUICK, "guiding", raised=20.0).intents


def test_what_was_weighed_is_told() -> None:
    assert any("model" in why and "slower" in why for why in find(QUICK).why)


def test_without_a_model_only_templates_count() -> None:
    plain = MeaningFinder(INTERPRETER)
    assert names(plain.find("slower", "guiding")) == ["slower"]
    assert not plain.find(QUICK, "guiding").intents


def test_a_sentence_like_one_of_your_own_means_the_same() -> None:
    def own(text: str) -> list[Neighbor]:
        return [Neighbor(Intent("louder"), 0.95, "crank it")] if text == "crank it up" else []

    assert FINDER._model is not None
    mine = MeaningFinder(INTERPRETER, FINDER._model, own_examples=own)
    assert names(mine.find("crank it up", "guiding")) == ["louder"]
