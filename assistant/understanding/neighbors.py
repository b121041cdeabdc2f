"""Labeled sentences, found by likeness of meaning.

Where the meanings are not known when the model is trained (your own routines, your own examples), a
sentence is compared with sentences whose meaning is known. The vectors are the network's. Likeness
is the cosine after the center of all sentences is taken away, from -1 to 1.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.intent import Intent

Vectors = NDArray[np.float32]

SAME = 0.85
"""Likeness from which on a sentence means the same, whatever else speaks for it."""


@dataclass(frozen=True, slots=True)
class Neighbor:
    """The sentence of one meaning that is most like a text."""

    intent: Intent
    likeness: float
    sentence: str


Nearest = Callable[[str], list[Neighbor]]
"""The nearest of some sentences whose meaning is known, one of each meaning, the nearest first."""


class Neighbors:
    """Sentences with their meanings and vectors, (sentences, width)."""

    def __init__(
        self,
        labeled: Sequence[tuple[str, Intent]],
        vectors: Vectors,
        vector_of: Callable[[str], Vectors],
        center: Vectors | None = None,
    ) -> None:
        """Take the vectors of `labeled`; `center`, (width,), is by default their mean."""
        self._labeled = labeled
        self._vector_of = vector_of
        self.center = vectors.mean(0) if center is None else center
        self._vectors = _unit(vectors - self.center)

    def nearest(self, text: str) -> list[Neighbor]:
        """Return the nearest sentence of each meaning, the nearest meaning first."""
        likeness = self._vectors @ _unit(self._vector_of(text) - self.center)
        found: dict[str, Neighbor] = {}
        for number in np.argsort(-likeness):
            sentence, intent = self._labeled[number]
            found.setdefault(repr(intent), Neighbor(intent, float(likeness[number]), sentence))
        return list(found.values())


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    result: Vectors = vectors / np.maximum(lengths, 1e-6)
    return result
