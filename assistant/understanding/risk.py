"""What to do about a reading: act on it, ask back, check for a symptom, or leave it alone.

A pure function of the reading and of bars, which come with the model. Harmless intents are acted on
above one bar. What is hard to undo needs more, and has to be clearly likelier than the next best.
A symptom has a low bar: between its two bars one question is asked, while the hands rest.
"""

from dataclasses import dataclass
from typing import Literal

from assistant.understanding.reading import Reading

RISKY = frozenset(
    {"stop", "next", "previous", "skip", "go_to_step", "restart", "start", "change_tool", "yes"}
)
"""Intents that cost the user something when they were not meant."""
GRAVE = frozenset({"emergency", "crisis"})
NEVER_ASKED_BACK = frozenset({"tell", "backchannel"})
"""Nobody is asked "did you mean that you have glaucoma?", nor whether they meant "mm hmm"."""
_PAIN, _ASK = "pain", "ask"

Action = Literal["act", "ask", "check", "leave"]
"""Do it; ask whether it was meant; ask whether something is wrong; do nothing."""


@dataclass(frozen=True, slots=True)
class Bars:
    """How sure is sure enough. All are log-odds, natural logarithms."""

    act: float
    """A harmless intent against its not being for the coach."""
    act_risky: float
    """The same for a risky one."""
    act_question: float
    """The same for a question, to answer it."""
    margin: float
    """The likeliest intent over the next, to act on it. Questions have none but `topic`."""
    margin_risky: float
    """The same for a risky one."""
    ask: float
    """Any intent, to ask back."""
    symptom: float
    """Any symptom against all else, to act on it."""
    check: float
    """Any symptom, to ask one question about it."""
    grave: float
    """An emergency or a crisis against all else, to act on it as such."""
    check_grave: float
    """An emergency or a crisis, to ask one question about it."""
    topic: float
    """The likeliest topic of a question against all others, to answer it."""
    reported: float
    """A condition that the user has."""
    reported_alone: float
    """The likeliest condition, where none is above `reported`."""
    negated: float
    """A condition that the user denies."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do, and about which intent: "" to leave it alone."""

    action: Action
    intent: str = ""
    detail: str = ""
    """The tier of a symptom, the topic of a question."""


def decide(reading: Reading, bars: Bars, raised: float = 0.0) -> Decision:
    """Return what to do. `raised` is added to the bars of all but symptoms.

    In noise it is more than 0: then the coach asks where it would act in quiet, and leaves alone
    what it would ask about. What is typed is meant for the coach, so there it is less than 0.
    """
    if symptom := _symptom(reading, bars):
        return symptom
    others = [c for c in reading.candidates if c.intent != _PAIN]
    if not others:
        return Decision("leave")
    best = others[0]
    ahead = best.log_odds - (others[1].log_odds if len(others) > 1 else -float("inf"))
    detail = ""
    if best.intent == _ASK:
        detail = reading.topics[0].name
        sure = reading.topics[0].log_odds >= bars.topic
        enough = bars.act_question
    elif best.intent in RISKY:
        sure, enough = ahead >= bars.margin_risky, bars.act_risky
    else:
        sure, enough = ahead >= bars.margin, bars.act
    if sure and best.log_odds >= enough + raised:
        return Decision("act", best.intent, detail)
    in_quiet = sure and best.log_odds >= enough
    likely = in_quiet or best.log_odds >= bars.ask + raised
    if likely and best.intent not in NEVER_ASKED_BACK:
        return Decision("ask", best.intent, detail)
    return Decision("leave")


def reported_conditions(reading: Reading, bars: Bars) -> tuple[str, ...]:
    """Return the conditions that the user has, the likeliest first.

    A statement about health names one more often than none, so a single one needs less.
    """
    found = tuple(c.name for c in reading.reported if c.log_odds >= bars.reported)
    likeliest = reading.reported[0]
    if not found and likeliest.log_odds >= bars.reported_alone:
        return (likeliest.name,)
    return found


def _symptom(reading: Reading, bars: Bars) -> Decision | None:
    """Return what to do about a symptom, if it is likely to be one.

    The grave tiers are acted on only above a bar of their own, else checked: to be sent to a
    doctor for a figure of speech is bad, too.
    """
    foremost = reading.tiers[0]
    grave = max(tier.log_odds for tier in reading.tiers if tier.name in GRAVE)
    if reading.symptom >= bars.symptom:
        if foremost.name not in GRAVE or foremost.log_odds >= bars.grave:
            return Decision("act", _PAIN, foremost.name)
        return Decision("check", _PAIN, foremost.name)
    if reading.symptom >= bars.check or grave >= bars.check_grave:
        return Decision("check", _PAIN, foremost.name)
    return None
