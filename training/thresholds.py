"""Finds the bars of `risk.py` on examples that the model was not trained on.

The bars are those of a grid that serve the user best within a budget of mistakes. The budgets are
what to change when it acts too boldly or too shyly. Our own examples are more tempting than what
others come up with: with bars found on ours, a model that had seen nothing of other writers acted
upon 2 % of what they said to somebody else, and upon 4 % of their commands wrongly.
"""

import itertools
import operator
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from assistant.understanding.paraphrases import PAIN
from assistant.understanding.reading import Reading
from assistant.understanding.risk import RISKY, Bars, decide
from training.examples import ASK
from training.measures import (
    Read,
    conditions_right,
    done,
    false_alarms,
    found_grave,
    of_kind,
    right,
    shares,
    symptoms_right,
)

WRONG_ACTED = 0.06
"""Most of the commands that may be acted upon wrongly."""
NONE_ACTED = 0.045
"""Most of what is not for the coach that may be acted upon."""
NONE_RISKED = 0.015
"""Most of it that may lead to something risky."""
NONE_ASKED = 0.15
"""Most of it that may be asked back."""
FOREIGN_ACTED = 0.002
"""Most of the questions that no coach can answer that may be acted upon."""
ALARMS, GRAVE_ALARMS = 0.05, 0.005
"""Most of what is harmless that may be taken for a symptom, a check counting a quarter, and for an
emergency or a crisis."""
ASKED_WORTH = 0.5
"""Of a sentence asked back rightly, in sentences acted upon rightly."""
WRONG_COST = 0.25
"""Of a sentence acted upon wrongly, the same."""

_NEVER = 99.0
_START = Bars(
    act=_NEVER, act_risky=_NEVER, act_question=_NEVER, margin=0, margin_risky=0, ask=_NEVER,
    symptom=2, check=0, grave=2, check_grave=0, topic=0, reported=0, reported_alone=0, negated=0,
)  # fmt: skip


def _steps(first: float, last: float, step: float) -> list[float]:
    return [first + step * number for number in range(round((last - first) / step) + 1)]


_GRIDS: Mapping[str, Mapping[str, Sequence[float]]] = {
    "plain": {"act": _steps(-1, 6, 0.25), "margin": (0, 0.25, 0.5, 1, 1.5)},
    "risky": {"act_risky": _steps(-1, 6, 0.25), "margin_risky": (0, 0.5, 1, 1.5, 2)},
    "question": {"act_question": _steps(-1, 6, 0.25), "topic": _steps(-3, 1, 0.5)},
}
_FOREIGN = "foreign"
_T = TypeVar("_T")


class _Tried(NamedTuple):
    """Some bars, and what comes of acting by them rather than not at all."""

    bars: Mapping[str, float]
    worth: float
    mistakes: tuple[int, int, int, int]
    """Commands acted upon wrongly, what is not for the coach, that at a risk, foreign questions."""


def find_bars(read: Sequence[Read], foreign: Sequence[Read]) -> Bars:
    """Return the bars that serve best on `read`, within the budgets.

    `foreign` are questions that no coach can answer: nothing is to be done about them.
    """
    bars = _symptom_bars(read, _START)
    bars = _condition_bars(of_kind(read, "health"), bars)
    bars = _wish_bars(read, foreign, bars)
    return _ask_bar(of_kind(read, "none"), bars)


def _symptom_bars(read: Sequence[Read], bars: Bars) -> Bars:
    symptoms, harmless = of_kind(read, "symptoms"), of_kind(read, "harmless")

    def worth(tried: Bars) -> float | None:
        alarms, grave_alarms = false_alarms(done(harmless, tried))
        if alarms > ALARMS or grave_alarms > GRAVE_ALARMS:
            return None
        acted = done(symptoms, tried)
        found, of = found_grave(acted)
        return symptoms_right(acted) + found / max(1, of)

    grid = itertools.product(_steps(0, 6, 0.5), _steps(-2, 3, 0.25), (0, 2, 4), (0, 1, 2))
    tried = (
        replace(bars, symptom=act, check=check, grave=grave, check_grave=check - lower)
        for act, check, grave, lower in grid
        if check <= act
    )
    return _best(tried, worth) or replace(bars, symptom=6, check=4, grave=5, check_grave=4)


def _condition_bars(read: Sequence[Read], bars: Bars) -> Bars:
    def reported(tried: Bars) -> float:
        return sum(map(conditions_right, done(read, tried)))

    def negated(tried: Bars) -> float:
        return sum(
            {c.name for c in r.reading.negated if c.log_odds >= tried.negated} == r.example.negated
            for r in read
        )

    grid = itertools.product(_steps(-1, 2, 0.25), _steps(-4, 2, 0.5))
    tried = (replace(bars, reported=bar, reported_alone=alone) for bar, alone in grid)
    bars = _best((each for each in tried if each.reported_alone <= each.reported), reported) or bars
    return _best((replace(bars, negated=bar) for bar in _steps(-3, 2, 0.25)), negated) or bars


def _wish_bars(read: Sequence[Read], foreign: Sequence[Read], bars: Bars) -> Bars:
    """Return the bars of commands and questions.

    No sentence depends on the bars of two kinds of intents, so each kind is tried alone. Then the
    best combination within the budgets, which they share, is chosen.
    """
    labelled = [
        (name, r) for name in ("commands", "questions", "none") for r in of_kind(read, name)
    ]
    labelled += [(_FOREIGN, r) for r in foreign]
    counts = Counter(label for label, _ in labelled)
    most = (
        WRONG_ACTED * counts["commands"],
        NONE_ACTED * counts["none"],
        NONE_RISKED * counts["none"],
        FOREIGN_ACTED * counts[_FOREIGN],
    )
    # Whatever is taken for a symptom is no matter of these bars.
    others = [item for item in labelled if decide(item[1].reading, bars).intent != PAIN]
    kinds = []
    for kind, grid in _GRIDS.items():
        concerned = [item for item in others if _kind(item[1].reading) == kind]
        values = (dict(zip(grid, each, strict=True)) for each in itertools.product(*grid.values()))
        tried = (_try(concerned, bars, each) for each in ({}, *values))
        kinds.append(_undominated(tried))
    best = _best(
        itertools.product(*kinds),
        lambda chosen: (
            sum(each.worth for each in chosen)
            if all(map(operator.le, _sums(each.mistakes for each in chosen), most))
            else None
        ),
    )
    return replace(bars, **{name: bar for each in best or () for name, bar in each.bars.items()})


def _ask_bar(none: Sequence[Read], bars: Bars) -> Bars:
    def asks(tried: Bars) -> float | None:
        return -tried.ask if shares(done(none, tried)).asked_wrong <= NONE_ASKED else None

    return _best((replace(bars, ask=bar) for bar in _steps(-2, 4, 0.25)), asks) or bars


def _kind(reading: Reading) -> str:
    likeliest = next(c.intent for c in reading.candidates if c.intent != PAIN)
    if likeliest == ASK:
        return "question"
    return "risky" if likeliest in RISKY else "plain"


def _try(labelled: Iterable[tuple[str, Read]], bars: Bars, values: Mapping[str, float]) -> _Tried:
    bars = replace(bars, **values)
    worth, wrong, none, risked, foreign = 0.0, 0, 0, 0, 0
    for label, (example, reading) in labelled:
        decision = decide(reading, bars)
        if decision.action != "act":
            continue
        if label in ("commands", "questions"):
            is_right = right(example, decision)
            worth += 1 - ASKED_WORTH if is_right else -WRONG_COST
            wrong += label == "commands" and not is_right
        none += label == "none"
        risked += label == "none" and decision.intent in RISKY
        foreign += label == _FOREIGN
    return _Tried(values, worth, (wrong, none, risked, foreign))


def _undominated(tried: Iterable[_Tried]) -> list[_Tried]:
    """Return those that no other one equals at no more of any mistake."""
    kept: list[_Tried] = []
    for each in sorted(tried, key=lambda each: (-each.worth, each.mistakes)):
        if not any(all(map(operator.le, other.mistakes, each.mistakes)) for other in kept):
            kept.append(each)
    return kept


def _sums(rows: Iterable[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]


def _best(tried: Iterable[_T], worth: Callable[[_T], float | None]) -> _T | None:
    """Return what is worth most, the first of equals; None where all is over a budget."""
    best: tuple[float, _T] | None = None
    for each in tried:
        value = worth(each)
        if value is not None and (best is None or value > best[0]):
            best = value, each
    return best[1] if best else None
