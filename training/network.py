"""The network while it is trained: MiniLM-L6, a vector for the state, and linear heads.

The encoder is all-MiniLM-L6-v2 (BERT with 6 layers of 384; Wang et al., arXiv 2002.10957; Reimers
and Gurevych, arXiv 1908.10084), written out so that `assistant/understanding/encoder.py` can do the
same in numpy. The state's vector is added to every piece after the frozen layers, so that "done"
can mean one thing while guiding and another while paused.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.export import rounded

LAYERS, WIDTH, HEADS = 6, 384, 12
FROZEN_LAYERS = 2
"""Of the encoder, from below. Training them too was slower and no better."""
POSITIONS = 64
"""Must not be fewer than wordpiece.MOST_PIECES."""
_EPSILON = 1e-12
_HIDDEN = 4 * WIDTH


_USED_PIECE = re.compile(r"(##)?[a-z0-9]+|'|\[(PAD|UNK|CLS|SEP)\]")
"""Pieces that text can have after `words_of`, without accents. The others are a megabyte."""


def read_vocabulary(folder: Path) -> tuple[list[str], list[int]]:
    """Read the pieces that can be used from `vocab.txt`, and their rows in the base weights."""
    pieces = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    rows = [row for row, piece in enumerate(pieces) if _USED_PIECE.fullmatch(piece)]
    return [pieces[row] for row in rows], rows


def read_base(folder: Path) -> dict[str, np.ndarray]:
    """Read the base weights, float32, from `model.safetensors` in `folder`.

    The word vectors are those of `read_vocabulary`, in its order.
    """
    content = (folder / "model.safetensors").read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    weights = {}
    for name, entry in json.loads(content[8:start]).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            first, last = entry["data_offsets"]
            values = np.frombuffer(content[start + first : start + last], "<f4")
            weights[name] = values.reshape(entry["shape"])
    words = "embeddings.word_embeddings.weight"
    weights[words] = weights[words][read_vocabulary(folder)[1]]
    return weights


class Layer(nn.Module):
    """One layer of BERT: attention and a feed-forward part, each with its normalization after."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query_key_value = nn.Linear(WIDTH, 3 * WIDTH)
        self.attention_out = nn.Linear(WIDTH, WIDTH)
        self.attention_norm = nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.hidden = nn.Linear(WIDTH, _HIDDEN)
        self.out = nn.Linear(_HIDDEN, WIDTH)
        self.out_norm = nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Take and return (batch, pieces, WIDTH); `mask` is true where a piece is."""
        batch, pieces, _ = x.shape
        heads = self.query_key_value(x).view(batch, pieces, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        query, key, value = heads
        # Written out: for so few pieces, torch's fused attention takes four times as long.
        scores = (query @ key.transpose(-1, -2)).float() * (WIDTH // HEADS) ** -0.5
        shares = scores.masked_fill(~mask[:, None, None, :], -1e9).softmax(-1)
        attended = (shares.to(value.dtype) @ value).transpose(1, 2).reshape(batch, pieces, WIDTH)
        attended = self.attention_out(attended)
        x = self.attention_norm(x + self.dropout(attended))
        return self.out_norm(
            x + self.dropout(self.out(functional.gelu(self.hidden(x), approximate="tanh")))
        )


class Network(nn.Module):
    """Pieces and a state to the logits of all heads."""

    def __init__(
        self, base: Mapping[str, np.ndarray], sizes: Mapping[str, int], states: int, dropout: float
    ) -> None:
        super().__init__()
        self.word = nn.Embedding(len(base["embeddings.word_embeddings.weight"]), WIDTH)
        self.position = nn.Embedding(POSITIONS, WIDTH)
        self.embedding_norm = nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.layers = nn.ModuleList(
            Layer(0.0 if number < FROZEN_LAYERS else dropout) for number in range(LAYERS)
        )
        self.state = nn.Embedding(states, WIDTH)
        self.heads = nn.ModuleDict({name: nn.Linear(WIDTH, size) for name, size in sizes.items()})
        self.dropout = nn.Dropout(dropout)
        self._copy(base)
        nn.init.zeros_(self.state.weight)
        for head in self.heads.values():
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)
        for frozen in (self.word, self.position, self.embedding_norm, *self.layers[:FROZEN_LAYERS]):
            frozen.requires_grad_(False)

    def forward(self, pieces: Tensor, states: Tensor) -> dict[str, Tensor]:
        """Take (batch, pieces), 0 where none is, and (batch,); return logits, (batch, classes)."""
        vector = self.sentence(pieces, states)
        return {name: head(self.dropout(vector)) for name, head in self.heads.items()}

    def sentence(self, pieces: Tensor, states: Tensor) -> Tensor:
        """Return the mean of the last layer over the pieces, (batch, WIDTH)."""
        mask = pieces != 0
        with torch.no_grad():
            x = self.embedding_norm(self.word(pieces) + self.position.weight[: pieces.shape[1]])
            for layer in self.layers[:FROZEN_LAYERS]:
                x = layer(x, mask)
        x = x + self.state(states)[:, None, :]
        for layer in self.layers[FROZEN_LAYERS:]:
            x = layer(x, mask)
        weights = mask[..., None].to(x.dtype)
        return (x * weights).sum(1) / weights.sum(1)

    def packed(self) -> dict[str, np.ndarray]:
        """Return the weights by name, rounded, as `assistant.understanding.encoder` takes them."""
        floats = {
            name: tensor.detach().float().numpy() for name, tensor in self.state_dict().items()
        }
        return {"state.layer": np.array([FROZEN_LAYERS], np.float32), **rounded(floats)}

    def _copy(self, base: Mapping[str, np.ndarray]) -> None:
        """Take the encoder's weights from `base`."""
        name = "embeddings."
        token_type = base[f"{name}token_type_embeddings.weight"][0]
        with torch.no_grad():
            self.word.weight.copy_(torch.from_numpy(base[f"{name}word_embeddings.weight"].copy()))
            position = base[f"{name}position_embeddings.weight"][:POSITIONS] + token_type
            self.position.weight.copy_(torch.from_numpy(position))
            _fill(self.embedding_norm, base, f"{name}LayerNorm")
            for number, layer in enumerate(self.layers):
                name = f"encoder.layer.{number}."
                parts = [f"{name}attention.self.{part}" for part in ("query", "key", "value")]
                _fill(layer.query_key_value, base, *parts)
                _fill(layer.attention_out, base, f"{name}attention.output.dense")
                _fill(layer.attention_norm, base, f"{name}attention.output.LayerNorm")
                _fill(layer.hidden, base, f"{name}intermediate.dense")
                _fill(layer.out, base, f"{name}output.dense")
                _fill(layer.out_norm, base, f"{name}output.LayerNorm")


def _fill(module: nn.Module, base: Mapping[str, np.ndarray], *names: str) -> None:
    """Copy weight and bias of `names`, one below the other, into a layer."""
    for kind in ("weight", "bias"):
        values = np.concatenate([base[f"{name}.{kind}"] for name in names])
        getattr(module, kind).copy_(torch.from_numpy(values))
