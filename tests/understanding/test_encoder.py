"""The network in numpy says what the same network says in torch."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.understanding.encoder import Encoder, read_weights

FOLDER = Path(__file__).with_name("encoder")
"""Made by `python -m training.reference`."""
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(read_weights(FOLDER / "weights.safetensors"))


@pytest.mark.parametrize("case", EXPECTED, ids=lambda case: f"{case['pieces']} {case['state']}")
def test_scores_are_those_of_torch(encoder: Encoder, case: Any) -> None:
    found = encoder.scores(case["pieces"], case["state"])
    assert set(found) == set(case["scores"])
    for head, scores in case["scores"].items():
        np.testing.assert_allclose(found[head], scores, atol=1e-3)
