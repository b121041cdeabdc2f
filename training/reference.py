"""Writes what `tests/understanding/test_encoder.py` compares the encoder in numpy with.

    python -m training.reference

makes a tiny network with random weights, rounds them, and asks torch what it says about some
pieces. Run it after a change to the network's form, in an environment like that of `script/train`.
"""

import json
from pathlib import Path

import numpy as np
import torch

from training import network
from training.export import write_weights

FOLDER = Path(__file__).parents[1] / "tests/understanding/encoder"
PIECES = ([2, 3], [2, 7, 8, 9, 3], [2, 5, 5, 4, 11, 6, 10, 3])
SIZES = {"intent": 4, "topic": 3}
STATES = 3


def main() -> None:
    """Write the weights and the expected scores."""
    # A width of its own keeps the file small. The number of heads is the real one.
    network.WIDTH, network._HIDDEN, network.LAYERS = 24, 96, 3
    made = network.Network(_random_base(), SIZES, STATES, 0.0).eval()
    torch.manual_seed(1)
    with torch.no_grad():
        for parameter in (made.state.weight, *made.heads.parameters()):
            parameter.copy_(torch.randn(parameter.shape) * 0.5)
    weights = made.packed()
    made.load_state_dict(
        {name: torch.from_numpy(_floats(weights, name)) for name in made.state_dict()}
    )
    FOLDER.mkdir(exist_ok=True)
    write_weights(FOLDER / "weights.safetensors", weights)
    expected = []
    for pieces in PIECES:
        for state in range(STATES):
            with torch.no_grad():
                scores = made(torch.tensor([pieces]), torch.tensor([state]))
            rows = {name: [round(x, 5) for x in of[0].tolist()] for name, of in scores.items()}
            expected.append({"pieces": pieces, "state": state, "scores": rows})
    lines = ",\n".join(map(json.dumps, expected))
    (FOLDER / "expected.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def _random_base() -> dict[str, np.ndarray]:
    random = np.random.default_rng(1)
    width, hidden = network.WIDTH, network._HIDDEN

    def matrix(*shape: int) -> np.ndarray:
        return (random.standard_normal(shape) * 0.3).astype(np.float32)

    base = {
        "embeddings.word_embeddings.weight": matrix(12, width),
        "embeddings.position_embeddings.weight": matrix(network.POSITIONS, width),
        "embeddings.token_type_embeddings.weight": matrix(2, width),
    }
    shapes: dict[str, tuple[int, ...]] = {"embeddings.LayerNorm": (width,)}
    for number in range(network.LAYERS):
        name = f"encoder.layer.{number}."
        for part in ("attention.self.query", "attention.self.key", "attention.self.value"):
            shapes[name + part] = (width, width)
        shapes[f"{name}attention.output.dense"] = (width, width)
        shapes[f"{name}attention.output.LayerNorm"] = (width,)
        shapes[f"{name}intermediate.dense"] = (hidden, width)
        shapes[f"{name}output.dense"] = (width, hidden)
        shapes[f"{name}output.LayerNorm"] = (width,)
    for name, shape in shapes.items():
        base[f"{name}.weight"] = matrix(*shape) + (len(shape) == 1)
        base[f"{name}.bias"] = matrix(shape[0])
    return base


def _floats(weights: dict[str, np.ndarray], name: str) -> np.ndarray:
    values = weights[name]
    if values.dtype == np.int8:
        scales = weights[name.removesuffix("weight") + "scale"]
        values = values.astype(np.float32) * scales[:, None]
    return values


if __name__ == "__main__":
    main()
