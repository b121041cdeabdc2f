"""The network of the paraphrases in numpy: a sentence and a state to the scores of each head.

Promises: the scores that the network had in training (`training/network.py`), up to the rounding of
the weights to eight bits. About 5 ms a sentence on one core; 60 MB of memory, of which 12 are pages
of the file. It keeps no state, so several threads may call it at once.

The encoder is all-MiniLM-L6-v2 (Apache-2.0; Wang et al., arXiv 2002.10957), fine-tuned: BERT with
six layers of 384. Each row of a weight matrix is stored as int8 with one scale. onnxruntime would
take 1 ms, but 60 MB on disk, and threads of its own.
"""

import json
import mmap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Weight = NDArray[Any]
"""int8 or float32."""

_HEADS = 12
"""Of attention, in each layer."""
_EPSILON = np.float32(1e-12)
_GELU = np.float32(np.sqrt(2 / np.pi))
_TYPES = {"F32": "<f4", "I8": "i1"}


class Encoder:
    """The network with its weights."""

    def __init__(self, weights: Mapping[str, Weight]) -> None:
        """Take the weights by name, as `read_weights` gives them; `ngrams.` are not its own.

        The word vectors stay eight-bit: a sentence needs few of them. The layers' are unpacked.
        """
        self._words = weights["word.weight"]
        self._word_scales = weights["word.scale"]
        self._floats = {
            name: np.asarray(values, np.float32)
            for name, values in weights.items()
            if values.dtype == np.float32 and not name.startswith("ngrams.")
        }
        self._matrices = {
            name.removesuffix(".weight"): _unpacked(values, weights[f"{name[:-6]}scale"])
            for name, values in weights.items()
            if values.dtype == np.int8 and not name.startswith(("word.", "ngrams."))
        }
        self._layers = sum(name.endswith(".out_norm.weight") for name in weights)
        self._joins = int(weights["state.layer"][0])
        self.heads = tuple(
            sorted(name.split(".")[1] for name in self._matrices if name.startswith("heads."))
        )

    def scores(self, pieces: Sequence[int], state: int) -> dict[str, Array]:
        """Return the logits of each head, (classes,), for piece numbers and a state's number."""
        sentence = self.vector(pieces, state)
        return {name: self._linear(sentence, f"heads.{name}") for name in self.heads}

    def vector(self, pieces: Sequence[int], state: int) -> Array:
        """Return what the heads look at, (width,): alike for sentences that mean alike."""
        x = self._words[list(pieces)] * self._word_scales[list(pieces), None]
        x = self._normalized(x + self._floats["position.weight"][: len(pieces)], "embedding_norm")
        for number in range(self._layers):
            if number == self._joins:
                x = x + self._floats["state.weight"][state]
            x = self._layer(x, f"layers.{number}.")
        result: Array = x.mean(0)
        return result

    def _layer(self, x: Array, name: str) -> Array:
        """Return (pieces, width) after one layer."""
        pieces, width = x.shape
        joined = self._linear(x, f"{name}query_key_value")
        query, key, value = joined.reshape(pieces, 3, _HEADS, -1).transpose(1, 2, 0, 3)
        scores = query @ key.transpose(0, 2, 1) * np.float32((width // _HEADS) ** -0.5)
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        shares /= shares.sum(-1, keepdims=True)
        attended = (shares @ value).transpose(1, 0, 2).reshape(pieces, width)
        x = self._normalized(
            x + self._linear(attended, f"{name}attention_out"), f"{name}attention_norm"
        )
        hidden = _gelu(self._linear(x, f"{name}hidden"))
        return self._normalized(x + self._linear(hidden, f"{name}out"), f"{name}out_norm")

    def _linear(self, x: Array, name: str) -> Array:
        result: Array = x @ self._matrices[name] + self._floats[f"{name}.bias"]
        return result

    def _normalized(self, x: Array, name: str) -> Array:
        centered = x - x.mean(-1, keepdims=True)
        spread = np.sqrt((centered * centered).mean(-1, keepdims=True) + _EPSILON)
        result: Array = (
            centered / spread * self._floats[f"{name}.weight"] + self._floats[f"{name}.bias"]
        )
        return result


def read_weights(path: Path) -> dict[str, Weight]:
    """Read a safetensors file (https://github.com/huggingface/safetensors#format) of int8 and f32.

    The arrays are views of the file, which is mapped, not read.
    """
    with path.open("rb") as file:
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    start = 8 + int.from_bytes(content[:8], "little")
    weights: dict[str, Weight] = {}
    for name, entry in json.loads(content[8:start]).items():
        kind = np.dtype(_TYPES[entry["dtype"]])
        first, last = entry["data_offsets"]
        values = np.frombuffer(content, kind, (last - first) // kind.itemsize, start + first)
        weights[name] = values.reshape(entry["shape"])
    return weights


def _unpacked(rows: Weight, scales: Weight) -> Array:
    """Return int8 rows, (out, in), as a right-hand factor, (in, out), in float32."""
    return np.ascontiguousarray((rows * np.asarray(scales, np.float32)[:, None]).T, np.float32)


def _gelu(x: Array) -> Array:
    """Return the Gaussian error linear unit by its tanh form (arXiv 1606.08415), as in training."""
    inner = _GELU * (x + np.float32(0.044715) * x * x * x)
    return np.asarray(np.float32(0.5) * x * (np.float32(1) + np.tanh(inner)), np.float32)
