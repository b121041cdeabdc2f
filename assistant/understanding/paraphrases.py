"""What a sentence means that no template holds: a model that was trained on the examples.

Promises: about 5 ms a sentence on one core, no network, no other package than numpy; the files are
read at the first sentence; several threads may ask at once. Nothing here decides what is done: that
is `risk.py`, with the bars that come with the model.

The model (`model/`) is data made by `script/train` from `examples/`: the weights, the vocabulary,
and `card.json`, which tells the classes, the bars and how well it does. Log-odds are natural
logarithms throughout.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from assistant.understanding.encoder import Array, Encoder, read_weights
from assistant.understanding.ngrams import NgramModel
from assistant.understanding.normalize import words_of
from assistant.understanding.reading import Candidate, Guess, Reading
from assistant.understanding.risk import Bars
from assistant.understanding.wordpiece import WordPieces

MODEL = Path(__file__).with_name("model")
WEIGHTS, VOCABULARY, CARD = "weights.safetensors", "vocabulary.txt", "card.json"
PAIN = "pain"
_NOBODY = ("none", "harmless")
"""Classes that ask for nothing: not for the coach, or only sounding like a symptom."""
_TIER_PREFIX = "pain/"
_TINY = 1e-9
_KEPT = 128
"""Sentences whose reading is kept: the same one is often looked at twice."""


class Paraphrases:
    """The model, ready to read sentences."""

    def __init__(self, folder: Path = MODEL) -> None:
        """Take the folder of the model; its files are read when they are needed."""
        self.folder = folder
        self._loading = Lock()
        self._loaded: _Files | None = None
        self.read = lru_cache(maxsize=_KEPT)(self._read)

    @staticmethod
    @cache
    def load() -> "Paraphrases":
        """Return the model that comes with the product, the same one at every call."""
        return Paraphrases()

    @cached_property
    def bars(self) -> Bars:
        """How sure is sure enough, as measured when the model was made."""
        return Bars(**self.card["bars"])

    @cached_property
    def card(self) -> Mapping[str, Any]:
        """What the model was made of, its classes, and how well it does."""
        return dict(json.loads((self.folder / CARD).read_text(encoding="utf-8")))

    @property
    def digest(self) -> str:
        """Which model it is."""
        return str(self.card["weights_sha256"])

    def prepare(self) -> None:
        """Read the files now, instead of at the first sentence: about 0.1 s."""
        _ = self._files

    def vector(self, text: str) -> Array:
        """Return a vector, (width,), that is alike for sentences of like meaning."""
        files, classes = self._files, self.card["classes"]
        state = classes["states"].index(self.card["usual_state"])
        return files.encoder.vector(files.pieces.numbers(text), state)

    def _read(self, text: str, state: str | None = None) -> Reading:
        """Return what `text` means in `state`; without one, in the usual state.

        A text without a single word asks for nothing: the odds of that are the model's as well.
        """
        classes = self.card["classes"]
        state = str(state if state in classes["states"] else self.card["usual_state"])
        number = classes["states"].index(state)
        files = self._files
        scores = files.encoder.scores(files.pieces.numbers(text), number)
        words = words_of(text)
        intents = self._averaged(scores["intent"], files.intent.scores(words, number))
        topics = self._averaged(scores["topic"], files.topic.scores(words, number))
        named = dict(zip(classes["intents"], intents.tolist(), strict=True))
        symptom = sum(p for name, p in named.items() if name.startswith(_TIER_PREFIX))
        tiers = {n.removeprefix(_TIER_PREFIX): p for n, p in named.items() if _is_tier(n)}
        return Reading(
            candidates=self._candidates(named, symptom, state),
            topics=_guesses(classes["topics"], topics)[:3],
            tiers=_guesses(list(tiers), list(tiers.values())),
            symptom=_log_odds(symptom),
            reported=_guesses(classes["conditions"], _logistic(scores["reported"])),
            negated=_guesses(classes["conditions"], _logistic(scores["negated"])),
        )

    def _averaged(self, scores: Array, linear: Array) -> Array:
        """Return the probabilities by the network and by the linear model, averaged."""
        share = np.float32(self.card["linear_share"])
        result: Array = (1 - share) * _shares(scores) + share * _shares(linear)
        return result

    def _candidates(
        self, shares: Mapping[str, float], symptom: float, state: str
    ) -> tuple[Candidate, ...]:
        """Rank what is possible in `state`; what is not counts as asking for nothing."""
        possible = set(self.card["possible"][state])
        wished = {n: p for n, p in shares.items() if n in possible and n not in _NOBODY}
        if PAIN in possible:
            wished[PAIN] = symptom
        nobody = np.log(max(1 - sum(wished.values()), _TINY))
        ranked = sorted(wished.items(), key=lambda item: -item[1])
        return tuple(Candidate(n, float(np.log(p + _TINY) - nobody)) for n, p in ranked)

    @property
    def _files(self) -> "_Files":
        """The network and the rest, read once even if two threads ask for them."""
        with self._loading:
            if self._loaded is None:
                self._loaded = _Files(self.folder)
            return self._loaded


class _Files:
    """What is read from the folder of a model."""

    def __init__(self, folder: Path) -> None:
        weights = read_weights(folder / WEIGHTS)
        self.encoder = Encoder(weights)
        self.pieces = WordPieces.load(folder / VOCABULARY)
        self.intent, self.topic = NgramModel(weights, "intent"), NgramModel(weights, "topic")


def _is_tier(name: str) -> bool:
    return name.startswith(_TIER_PREFIX)


def _guesses(names: Sequence[str], shares: Array | Sequence[float]) -> tuple[Guess, ...]:
    found = [Guess(n, _log_odds(float(p))) for n, p in zip(names, shares, strict=True)]
    return tuple(sorted(found, key=lambda guess: -guess.log_odds))


def _shares(scores: Array) -> Array:
    """Return the softmax."""
    shares = np.exp(scores - scores.max())
    result: Array = shares / shares.sum()
    return result


def _logistic(scores: Array) -> Array:
    result: Array = np.float32(1) / (np.float32(1) + np.exp(-np.clip(scores, -30, 30)))
    return result


def _log_odds(share: float) -> float:
    share = min(max(share, _TINY), 1 - _TINY)
    return float(np.log(share / (1 - share)))
