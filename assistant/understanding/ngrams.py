"""Words and parts of words that speak for a class: the plain half of the paraphrases' model.

A linear model on hashed word pairs and letter sequences, as one would use to tell spam from mail.
Averaged with the network's, its probabilities make both better: it is surer of drug names and set
phrases, and errs elsewhere. Alone it is six to nine points worse than the network.
"""

import math
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.encoder import Array, Weight

LETTERS = (3, 4, 5)
"""Lengths of the letter sequences, which stay within a word and its edges."""
STATE_VALUE = 0.5
"""Of the feature that tells the state; all others together have a norm of 1."""


class NgramModel:
    """One head of the linear model."""

    def __init__(self, weights: Mapping[str, Weight], head: str) -> None:
        """Take the weights by name, as `read_weights` gives them."""
        self._rows = weights[f"ngrams.{head}.weight"]  # int8: (buckets + states, classes)
        self._scales = np.asarray(weights[f"ngrams.{head}.scale"], np.float32)
        self._bias = np.asarray(weights[f"ngrams.{head}.bias"], np.float32)
        self._rarity = np.asarray(weights[f"ngrams.{head}.rarity"], np.float32)

    def scores(self, words: Sequence[str], state: int) -> Array:
        """Return the logits, (classes,), for words and a state's number."""
        numbers, values = features(words, state, self._rarity)
        rows = np.asarray(self._rows[numbers], np.float32)
        result: Array = (values @ rows) * self._scales + self._bias
        return result


def features(
    words: Sequence[str], state: int, rarity: Array
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the features that are not 0: their numbers and values.

    `rarity` has the inverse document frequency of each bucket; states stand after the buckets.
    """
    found: dict[int, float] = {}
    for grams in (_word_grams(words), _letter_grams(words)):
        for bucket, count in Counter(bucket_of(gram, len(rarity)) for gram in grams).items():
            found[bucket] = found.get(bucket, 0.0) + float(rarity[bucket]) * (1 + math.log(count))
    norm = math.sqrt(sum(value * value for value in found.values())) or 1.0
    numbers = [*found, len(rarity) + state]
    values = [*(value / norm for value in found.values()), STATE_VALUE]
    return np.array(numbers, np.int64), np.array(values, np.float32)


def bucket_of(gram: str, buckets: int) -> int:
    """Return the bucket that a gram falls into."""
    return zlib.crc32(gram.encode()) % buckets


def _word_grams(words: Sequence[str]) -> Iterator[str]:
    yield from (f" {word} " for word in words)
    padded = ["^", *words, "$"]
    yield from (f"{one} {other}" for one, other in pairwise(padded))


def _letter_grams(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        edged = f" {word} "
        for length in LETTERS:
            yield from (edged[at : at + length] for at in range(len(edged) - length + 1))
