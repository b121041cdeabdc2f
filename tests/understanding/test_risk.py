"""What is done about a reading, with bars that are easy to follow."""

from dataclasses import replace

from assistant.assembly import make_interpreter
from assistant.library.library import load_library
from assistant.understanding.reading import Candidate, Guess, Reading
from assistant.understanding.risk import RISKY, Bars, Decision, decide, reported_conditions

BARS = Bars(
    act=2, act_risky=3, act_question=1, margin=0.5, margin_risky=1, ask=0,
    symptom=2, check=-1, grave=3, check_grave=-2, topic=0, reported=0, reported_alone=-1, negated=0,
)  # fmt: skip
QUIET = Reading(
    candidates=(),
    topics=(Guess("oil", 1), Guess("ice", -1)),
    tiers=(Guess("ease", -5), Guess("emergency", -6)),
    symptom=-5,
    reported=(),
    negated=(),
)


def wish(*candidates: tuple[str, float], topic: float = 1) -> Reading:
    return replace(
        QUIET, candidates=tuple(Candidate(*c) for c in candidates), topics=(Guess("oil", topic),)
    )


def symptom(odds: float, tier: str, of_tier: float) -> Reading:
    tiers = (Guess(tier, of_tier), Guess("ease", -3))
    return replace(QUIET, symptom=odds, tiers=(*tiers, Guess("emergency", -4)))


def test_harmless_intents_act_above_their_bar() -> None:
    assert decide(wish(("slower", 2.1), ("faster", 1)), BARS) == Decision("act", "slower")
    assert decide(wish(("slower", 1.9)), BARS) == Decision("ask", "slower")
    assert decide(wish(("slower", -0.1)), BARS) == Decision("leave")


def test_risky_intents_need_more() -> None:
    assert decide(wish(("stop", 2.9)), BARS) == Decision("ask", "stop")
    assert decide(wish(("stop", 3.1)), BARS) == Decision("act", "stop")


def test_close_rivals_are_asked_about() -> None:
    assert decide(wish(("slower", 4), ("faster", 3.6)), BARS) == Decision("ask", "slower")
    assert decide(wish(("next", 4), ("previous", 3.2)), BARS) == Decision("ask", "next")


def test_in_noise_the_bars_rise() -> None:
    assert decide(wish(("slower", 2.5)), BARS, raised=1) == Decision("ask", "slower")
    assert decide(wish(("slower", 0.5)), BARS, raised=1) == Decision("leave")


def test_questions_need_a_topic_and_have_a_bar_of_their_own() -> None:
    assert decide(wish(("ask", 1.1), ("slower", 1)), BARS) == Decision("act", "ask", "oil")
    assert decide(wish(("ask", 0.9)), BARS) == Decision("ask", "ask", "oil")
    assert decide(wish(("ask", 3), topic=-0.5), BARS) == Decision("ask", "ask", "oil")


def test_health_is_never_asked_back() -> None:
    assert decide(wish(("tell", 1)), BARS) == Decision("leave")


def test_symptoms_come_first_and_are_checked_when_unsure() -> None:
    assert decide(symptom(2.5, "stop-now", 2), BARS) == Decision("act", "pain", "stop-now")
    assert decide(symptom(0, "stop-now", -0.5), BARS) == Decision("check", "pain", "stop-now")


def test_emergencies_have_bars_of_their_own() -> None:
    assert decide(symptom(4, "emergency", 2), BARS) == Decision("check", "pain", "emergency")
    assert decide(symptom(4, "emergency", 3), BARS) == Decision("act", "pain", "emergency")
    assert decide(symptom(-1.5, "crisis", -1.8), BARS) == Decision("check", "pain", "crisis")


def test_a_single_condition_needs_less_than_a_second_one() -> None:
    def found(*odds: float) -> tuple[str, ...]:
        names = ("asthma", "eczema")
        reported = tuple(Guess(name, o) for name, o in zip(names, odds, strict=True))
        return reported_conditions(replace(QUIET, reported=reported), BARS)

    assert found(0.5, 0.1) == ("asthma", "eczema")
    assert found(0.5, -0.5) == ("asthma",)
    assert found(-0.5, -0.6) == ("asthma",)
    assert found(-1.5, -1.6) == ()


def test_what_is_risky_is_risky_for_hearing_as_well() -> None:
    assert make_interpreter(load_library()).templates.risky == RISKY
