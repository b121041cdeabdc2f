"""Was it meant for the coach, and what was it: one sound, heard with the grammar and without.

A recognizer with a grammar forces foreign speech into commands and is sure of it: "zero" becomes
"serum fell", "house" becomes "pass". The same model with its whole vocabulary hears "zero" and
"house", and finds them far likelier. Both have decoded the same blocks, so their log likelihoods
can be compared, and one number, the support of a sentence, tells how well it explains the sound:
its log likelihood above that of the likeliest open reading. What was really said lies between -3
and +10, since the grammar expects it; foreign speech forced into a sentence mostly below -10.

A sentence among the open readings has the support that it has there, if that is more: a large
grammar thinks little of short words ("no" against "now"), which are heard better without it.

How much is asked depends on what the sentence would do (`Risk`). A risky one must also be spelt a
little like an open reading, since a foreign word may sound very much like one of ours. If it is
urgent as well ("stop") and both hold it possible, little is asked. Speech that is no sentence keeps
the words that were heard openly, as they may hold something urgent ("hmm I think my neck hurts
here"); those of the grammar would find an "ow" in anybody's talk.
"""

from collections.abc import Iterable

from rapidfuzz.distance import Levenshtein

from assistant.hearing.recognizer import UNKNOWN, Hypothesis, Word
from assistant.understanding.grammar import Grammar, Risk

LEAST_SUPPORT = {Risk.URGENT: -2.5, Risk.HARMLESS: -1.5, Risk.RISKY: -1.0}
"""For each word: foreign speech hits a long sentence by chance much less often than a short one.
Natural logarithms, chosen on one half of the benchmark's corpus."""
LEAST_WITNESSED = -3.0
"""For a risky sentence that is urgent, too, and among the open readings, whatever its length."""
LEAST_ALIKE = 0.4
"""Of risky sentences: 1.0 is the same spelling as that of an open reading, 0.0 has no letter in
common."""
_MOST_UNKNOWN_SECONDS = 0.25
"""More unknown speech than this beside a sentence makes it somebody else's sentence."""
_LONGEST_WORD_SECONDS = 3.0
"""Over steady noise a word is spread for 6 to 20 s. A true one may take in the silence before it,
and unknown speech of any length is one word."""


def decide(answer: Hypothesis, opened: Hypothesis, grammar: Grammar) -> str:
    """Return what was said, or "" for nothing to act upon.

    Both are of the same blocks: `answer` was heard with `grammar`, `opened` without.
    """
    likelihood = sentences(answer, grammar)
    for reading in opened.readings:
        if grammar.holds(reading.text):
            before = likelihood.get(reading.text, reading.likelihood)
            likelihood[reading.text] = max(before, reading.likelihood)
    for text in sorted(likelihood, key=lambda text: -likelihood[text]):
        if _is_enough(grammar, text, likelihood[text], opened):
            return text
    # No sentence, but perhaps a beginning, or an attention word.
    begun = known_text(plausible(answer.words))
    trusted = answer.likelihood - opened.likelihood >= LEAST_SUPPORT[Risk.HARMLESS]
    text = begun if begun and trusted else opened.text
    return "" if grammar.holds(text) else text


def sentences(answer: Hypothesis, grammar: Grammar) -> dict[str, float]:
    """Return the readings that are sentences of the grammar, likeliest first, and how likely."""
    found: dict[str, float] = {}
    for reading in answer.readings:
        words = plausible(reading.words)
        text = known_text(words)
        if unknown_seconds(words) <= _MOST_UNKNOWN_SECONDS and grammar.holds(text):
            found.setdefault(text, reading.likelihood)
    return found


def plausible(words: Iterable[Word]) -> tuple[Word, ...]:
    """Return those words that somebody can have said."""
    return tuple(
        word
        for word in words
        if word.text == UNKNOWN or word.end - word.start < _LONGEST_WORD_SECONDS
    )


def unknown_seconds(words: Iterable[Word]) -> float:
    """Return how long speech was unknown."""
    return sum(word.end - word.start for word in words if word.text == UNKNOWN)


def known_text(words: Iterable[Word]) -> str:
    """Return the words, without unknown speech."""
    return " ".join(word.text for word in words if word.text != UNKNOWN)


def _is_enough(grammar: Grammar, text: str, likelihood: float, opened: Hypothesis) -> bool:
    support, risk = likelihood - opened.likelihood, grammar.risk(text)
    if risk is Risk.RISKY:
        open_texts = [reading.text for reading in opened.readings]
        if text in open_texts and grammar.is_urgent(text):
            return support >= LEAST_WITNESSED
        if max(_alike(text, other) for other in open_texts) < LEAST_ALIKE:
            return False
    return support >= LEAST_SUPPORT[risk] * len(text.split())


def _alike(one: str, other: str) -> float:
    """Compare by spelling; spaces do not count."""
    return Levenshtein.normalized_similarity(one.replace(" ", ""), other.replace(" ", ""))
