"""Acceptance: deciding that an utterance was meant for the coach, and which hypothesis it is.

A recognizer with a grammar forces foreign speech into commands and is confident about it: "zero"
becomes "serum fell", "house" becomes "pass". The same model with its whole vocabulary hears "zero"
and "house", and finds them far likelier. Both decode the same blocks, so their log likelihoods are
comparable, and one number says how well a sentence explains the sound. This support is the log
likelihood of the sentence minus that of the best open hypothesis. A sentence that was really said
has a support between -3 and +10, because the grammar expects it. Foreign speech that was forced
into a sentence mostly stays below -10.

A sentence that the open decode offers as well gets the better of its two likelihoods: a large
grammar gives little probability to short words ("no" against "now"), which the open decode hears
better.

How much support a sentence needs depends on what it would do (`Risk`). A risky sentence must also
be spelled a little like an open hypothesis, since a foreign word may sound very much like one of
ours. A sentence that is risky and urgent ("stop") needs little support if both decodes offer it.

Speech that is not a sentence keeps the words of the open decode, because they may contain something
urgent ("hmm I think my neck hurts here"). The words of the grammar decode would find an "ow" in
anybody's talk.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from assistant.hearing.recognizer import UNKNOWN, Hypothesis, Word
from assistant.understanding.grammar import Grammar, Risk

LEAST_SUPPORT = {Risk.URGENT: -2.5, Risk.HARMLESS: -1.5, Risk.RISKY: -1.0}
"""Per word, since foreign speech matches a long sentence by chance much less often than a short
one. Natural logarithms, chosen on one half of the benchmark's corpus."""
LEAST_SUPPORT_FROM_BOTH = -3.0
"""For a sentence of any length that is risky and urgent and that the open decode offers as well."""
LEAST_SIMILARITY = 0.4
"""In spelling, for a risky sentence: 1.0 is the same as an open hypothesis, 0.0 shares no letter
with any."""
_MOST_UNKNOWN_SECONDS = 0.25
"""With more unknown speech around it, a sentence of ours is part of somebody else's sentence."""
_LONGEST_WORD_SECONDS = 3.0
"""Over steady noise the recognizer stretches a word to 6 to 20 s. A real word may take in the
silence before it. Unknown speech of any length is one word."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence, the evidence for it, and the evidence that it needs."""

    text: str
    support: float
    needed: float
    similarity: float

    @property
    def accepted(self) -> bool:
        return self.similarity >= LEAST_SIMILARITY and self.support >= self.needed

    def __str__(self) -> str:
        if self.accepted:
            verdict = "enough"
        elif self.support < self.needed:
            verdict = "too little support"
        else:
            verdict = f"spelling {self.similarity:.2f} below {LEAST_SIMILARITY}"
        return f"{self.text!r} has support {self.support:.1f}, needs {self.needed:.1f}: {verdict}"


def accept(hypothesis: Hypothesis, open_hypothesis: Hypothesis, grammar: Grammar) -> str:
    """Return what was said, or "" when there is nothing to act on.

    `hypothesis` is from the grammar decode and `open_hypothesis` from the open decode of the same
    blocks.
    """
    for candidate in _candidates(hypothesis, open_hypothesis, grammar):
        if candidate.accepted:
            return candidate.text
    # Not a sentence, but perhaps the beginning of one, or an attention word.
    beginning = known_text(plausible(hypothesis.words))
    supported = hypothesis.likelihood - open_hypothesis.likelihood >= LEAST_SUPPORT[Risk.HARMLESS]
    text = beginning if beginning and supported else open_hypothesis.text
    return "" if grammar.holds(text) else text


def explain(hypothesis: Hypothesis, open_hypothesis: Hypothesis | None, grammar: Grammar) -> str:
    """Return, for the log, the evidence that `accept` weighs, with each candidate's support."""
    heard = f"grammar decode {hypothesis.text!r} ({hypothesis.likelihood:.1f})"
    if open_hypothesis is None:
        return f"{heard}, no open decode"
    candidates = _candidates(hypothesis, open_hypothesis, grammar)
    return (
        f"{heard}, open decode {open_hypothesis.text!r} ({open_hypothesis.likelihood:.1f}); "
        f"{'; '.join(map(str, candidates)) or 'no sentence in either'}"
    )


def sentences(hypothesis: Hypothesis, grammar: Grammar) -> dict[str, float]:
    """Return the hypotheses that are sentences of the grammar, likeliest first, and how likely."""
    found: dict[str, float] = {}
    for one in hypothesis.n_best:
        words = plausible(one.words)
        text = known_text(words)
        if unknown_seconds(words) <= _MOST_UNKNOWN_SECONDS and grammar.holds(text):
            found.setdefault(text, one.likelihood)
    return found


def plausible(words: Iterable[Word]) -> tuple[Word, ...]:
    """Return the words that are short enough for somebody to have said them."""
    return tuple(
        word
        for word in words
        if word.text == UNKNOWN or word.end - word.start < _LONGEST_WORD_SECONDS
    )


def unknown_seconds(words: Iterable[Word]) -> float:
    """Return how many seconds of the speech are unknown."""
    return sum(word.end - word.start for word in words if word.text == UNKNOWN)


def known_text(words: Iterable[Word]) -> str:
    """Return the words, without unknown speech."""
    return " ".join(word.text for word in words if word.text != UNKNOWN)


def _candidates(
    hypothesis: Hypothesis, open_hypothesis: Hypothesis, grammar: Grammar
) -> Iterator[_Candidate]:
    """Yield the sentences that either decode offers, likeliest first."""
    likelihood = sentences(hypothesis, grammar)
    for one in open_hypothesis.n_best:
        if grammar.holds(one.text):
            likelihood[one.text] = max(likelihood.get(one.text, one.likelihood), one.likelihood)
    open_texts = [one.text for one in open_hypothesis.n_best]
    for text in sorted(likelihood, key=lambda text: -likelihood[text]):
        risk = grammar.risk(text)
        similarity, needed = 1.0, LEAST_SUPPORT[risk] * len(text.split())
        if risk is Risk.RISKY:
            similarity = max(_similarity(text, other) for other in open_texts)
            if text in open_texts and grammar.is_urgent(text):
                needed = LEAST_SUPPORT_FROM_BOTH
        support = likelihood[text] - open_hypothesis.likelihood
        yield _Candidate(text, support, needed, similarity)


def _similarity(one: str, other: str) -> float:
    """Compare the spelling of two texts, without their spaces: 0.0 to 1.0."""
    return Levenshtein.normalized_similarity(one.replace(" ", ""), other.replace(" ", ""))
