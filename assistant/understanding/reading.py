"""What the model of paraphrases says about a sentence. Log-odds are natural logarithms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """One intent that a sentence may have."""

    intent: str
    log_odds: float
    """log p(intent) - log p(it asks for nothing that can be done in this state)."""


@dataclass(frozen=True, slots=True)
class Guess:
    """One topic, condition or tier, and how sure it is."""

    name: str
    log_odds: float
    """Against all else in its head: log p - log (1 - p)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the model says about a sentence."""

    candidates: tuple[Candidate, ...]
    """The intents possible in the state, the likeliest first."""
    topics: tuple[Guess, ...]
    """The likeliest three, if it is a question."""
    tiers: tuple[Guess, ...]
    """All tiers, if it is a symptom: the odds of each against every other meaning."""
    symptom: float
    """Log-odds of its reporting any symptom."""
    reported: tuple[Guess, ...]
    """All conditions by the log-odds of the user's having them, if it is about health."""
    negated: tuple[Guess, ...]
    """All conditions by the log-odds of the user's denying them."""
