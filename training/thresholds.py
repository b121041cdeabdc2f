"""Finds the bars of `risk.py` on examples that the model was not trained on.

Each bar is the one of a grid that serves the user best within a budget of mistakes. The budgets are
the product's promises, so they are what to change when it acts too boldly or too shyly.
"""

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from assistant.understanding.risk import RISKY, Bars, decide
from training.measures import (
    Read,
    conditions_right,
    false_alarms,
    found_grave,
    of_kind,
    shares,
    symptoms_right,
)

NONE_ACTED = 0.03
"""Most of what is not for the coach that may be acted upon."""
NONE_RISKED = 0.01
"""Most of it that may lead to something risky."""
NONE_ASKED = 0.15
"""Most of it that may be asked back."""
ALARMS, GRAVE_ALARMS = 0.04, 0.005
"""Most of what is harmless that may be taken for a symptom, a check counting a quarter, and for an
emergency or a crisis."""
WRONG_COST = 2.0
"""A command acted upon wrongly, in commands that are right."""
GRAVE_WORTH = 2.0
"""An emergency found, in symptoms whose tier is right."""

_START = Bars(
    act=3, act_risky=3, margin=0, margin_risky=1, ask=0, symptom=2, check=0, grave=2, check_grave=0,
    topic=0, reported=0, negated=0,
)  # fmt: skip


def find_bars(read: Sequence[Read]) -> Bars:
    """Return the bars that serve best on `read`, within the budgets."""
    bars = _symptom_bars(read, _START)
    bars = _condition_bars(of_kind(read, "health"), bars)
    bars = _topic_bar(of_kind(read, "questions"), bars)
    return _command_bars(read, bars)


def _symptom_bars(read: Sequence[Read], bars: Bars) -> Bars:
    symptoms, harmless = of_kind(read, "symptoms"), of_kind(read, "harmless")

    def worth(tried: Bars) -> float | None:
        alarms, grave_alarms = false_alarms(harmless, tried)
        if alarms > ALARMS or grave_alarms > GRAVE_ALARMS:
            return None
        found, of = found_grave(symptoms, tried)
        return symptoms_right(symptoms, tried) + GRAVE_WORTH * found / max(1, of)

    grid = itertools.product(
        _steps(0, 6, 0.5), _steps(-2, 4, 0.5), _steps(0, 5, 1), _steps(-2, 4, 1)
    )
    tried = (
        replace(bars, symptom=act, check=check, grave=grave, check_grave=min(check, check_grave))
        for act, check, grave, check_grave in grid
        if check <= act and check_grave <= check
    )
    return _best(tried, worth) or replace(bars, symptom=6, check=4, grave=5, check_grave=4)


def _condition_bars(read: Sequence[Read], bars: Bars) -> Bars:
    def worth(tried: Bars) -> float:
        return sum(conditions_right(r.example, r.reading, tried) for r in read)

    bars = _best((replace(bars, reported=bar) for bar in _steps(-3, 2, 0.25)), worth) or bars

    def denied(tried: Bars) -> float:
        return sum(
            {c.name for c in r.reading.negated if c.log_odds >= tried.negated} == r.example.negated
            for r in read
        )

    return _best((replace(bars, negated=bar) for bar in _steps(-3, 2, 0.25)), denied) or bars


def _topic_bar(read: Sequence[Read], bars: Bars) -> Bars:
    """Asked back, the right topic counts half: so answer where it is likelier than not."""

    def worth(tried: Bars) -> float:
        return sum(
            (1 if r.reading.topics[0].log_odds >= tried.topic else 0.5)
            if r.reading.topics[0].name in r.example.topics
            else 0 - (0.5 if r.reading.topics[0].log_odds >= tried.topic else 0)
            for r in read
        )

    return _best((replace(bars, topic=bar) for bar in _steps(-3, 2, 0.5)), worth) or bars


def _command_bars(read: Sequence[Read], bars: Bars) -> Bars:
    commands = of_kind(read, "commands") + of_kind(read, "questions")
    none = of_kind(read, "none")

    def worth(tried: Bars) -> float | None:
        acted = [d for d in (decide(r.reading, tried) for r in none) if d.action == "act"]
        risked = [d for d in acted if d.intent in RISKY]
        if len(acted) > NONE_ACTED * len(none) or len(risked) > NONE_RISKED * len(none):
            return None
        done = shares(commands, tried)
        return done.acted_right - WRONG_COST * done.acted_wrong

    grid = itertools.product(_steps(0, 6, 0.5), _steps(0, 6, 0.5), (0.0, 0.5, 1.0), (0.5, 1.0, 1.5))
    tried = (
        replace(bars, act=act, act_risky=risky, margin=margin, margin_risky=margin_risky, ask=99)
        for act, risky, margin, margin_risky in grid
    )
    bars = _best(tried, worth) or replace(bars, act=6, act_risky=6)

    def asks(tried: Bars) -> float | None:
        return -tried.ask if shares(none, tried).asked_wrong <= NONE_ASKED else None

    return _best((replace(bars, ask=bar) for bar in _steps(-2, 4, 0.25)), asks) or bars


def _best(tried: Iterable[Bars], worth: Callable[[Bars], float | None]) -> Bars | None:
    """Return the bars worth most, the first of equals; None where all are over a budget."""
    best: tuple[float, Bars] | None = None
    for bars in tried:
        value = worth(bars)
        if value is not None and (best is None or value > best[0]):
            best = value, bars
    return best[1] if best else None


def _steps(first: float, last: float, step: float) -> list[float]:
    return [first + step * number for number in range(round((last - first) / step) + 1)]
