"""Fits the linear half of the model: logistic regression on hashed n-grams."""

import random
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from assistant.understanding.ngrams import features
from assistant.understanding.normalize import words_of
from training.augmentation import Augmentation
from training.examples import Example
from training.fit import Classes

BUCKETS = {"intent": 1 << 14, "topic": 1 << 13}
"""With twice as many the results were the same."""
STRENGTH = 12.0
"""Inverse of the regularization, `C` of scikit-learn."""
_STEPS = 150
SHARE = 0.4
"""Of the linear model in the average of the two. From 0.3 to 0.4 the results were the same."""


def fit_linear(
    classes: Classes, examples: Sequence[Example], augmentation: Augmentation, seed: int
) -> dict[str, np.ndarray]:
    """Return the weights of both heads by name, as `assistant.understanding.ngrams` takes them."""
    rng = random.Random(seed)
    rows = [(words_of(e.text), classes.states.index(augmentation.state(e, rng))) for e in examples]
    weights: dict[str, np.ndarray] = {}
    for head, labels, names in (
        ("intent", [e.intents for e in examples], classes.intents),
        ("topic", [e.topics for e in examples], classes.topics),
    ):
        chosen = [i for i, of in enumerate(labels) if of]
        foremost = [_foremost(labels[i]) for i in chosen]
        fitted = _fit_head([rows[i] for i in chosen], foremost, names, BUCKETS[head], classes)
        weights |= {f"ngrams.{head}.{name}": values for name, values in fitted.items()}
    return weights


def _foremost(weights: Mapping[str, float]) -> str:
    return max(weights, key=lambda name: weights[name])


def _fit_head(
    rows: Sequence[tuple[list[str], int]],
    labels: Sequence[str],
    names: Sequence[str],
    buckets: int,
    classes: Classes,
) -> Mapping[str, np.ndarray]:
    evenly = np.ones(buckets, np.float32)
    counted = np.zeros(buckets)
    for words, state in rows:
        numbers, _ = features(words, state, evenly)
        counted[numbers[:-1]] += 1
    rarity = (np.log((1 + len(rows)) / (1 + counted)) + 1).astype(np.float32)
    matrix = _matrix(rows, rarity, buckets + len(classes.states))
    model = LogisticRegression(C=STRENGTH, max_iter=_STEPS, tol=1e-3)
    with threadpool_limits(1):
        model.fit(matrix, labels)
    found = np.zeros((matrix.shape[1], len(names)), np.float32)
    bias = np.full(len(names), -12.0, np.float32)  # of a class without examples
    for row, name in enumerate(model.classes_):
        found[:, names.index(name)] = model.coef_[row]
        bias[names.index(name)] = model.intercept_[row]
    scale = np.maximum(np.abs(found).max(0), 1e-12) / np.float32(127)
    return {
        "weight": np.rint(found / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "bias": bias,
        "rarity": rarity,
    }


def _matrix(rows: Sequence[tuple[list[str], int]], rarity: np.ndarray, columns: int) -> csr_matrix:
    found = [features(words, state, rarity) for words, state in rows]
    ends = np.cumsum([0, *(len(numbers) for numbers, _ in found)])
    numbers = np.concatenate([numbers for numbers, _ in found])
    values = np.concatenate([values for _, values in found])
    return csr_matrix((values, numbers, ends), shape=(len(rows), columns))
