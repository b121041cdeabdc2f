"""Rounds weights to eight bits and writes them as a safetensors file.

Each row of a matrix becomes int8 with one float32 scale, its largest magnitude / 127. Vectors stay
float32. The same weights give the same bytes.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

_WHOLE = ("position.weight", "state.weight")
"""Small tables that are added to, so they stay as they are."""
_TYPES = {"float32": "F32", "int8": "I8"}


def rounded(floats: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return weights by name, each matrix as int8 rows and their scales."""
    weights: dict[str, np.ndarray] = {}
    for name, values in floats.items():
        if values.ndim == 2 and name not in _WHOLE:
            scale = np.maximum(np.abs(values).max(1), 1e-12).astype(np.float32) / np.float32(127)
            weights[name] = np.rint(values / scale[:, None]).astype(np.int8)
            weights[name.removesuffix("weight") + "scale"] = scale
        else:
            weights[name] = values.astype(np.float32)
    return weights


def write_weights(path: Path, weights: Mapping[str, np.ndarray]) -> None:
    """Write a safetensors file, the names in order."""
    header, at = {}, 0
    # Wide types first, so that every array is aligned.
    order = sorted(weights, key=lambda name: (-weights[name].itemsize, name))
    for name in order:
        values = weights[name]
        header[name] = {
            "dtype": _TYPES[str(values.dtype)],
            "shape": list(values.shape),
            "data_offsets": [at, at + values.nbytes],
        }
        at += values.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for name in order:
            file.write(np.ascontiguousarray(weights[name]).tobytes())
