"""Examples become labels and samples as they should, and bars keep to their budgets."""

import random
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import yaml

from assistant.assembly import make_interpreter
from assistant.dialogue.state import MODES
from assistant.library.library import load_library
from assistant.library.shipped import load_health
from assistant.understanding.encoder import read_weights
from assistant.understanding.reading import Candidate, Guess, Reading
from assistant.understanding.risk import decide
from training import thresholds
from training.augmentation import Augmentation
from training.examples import ANY, Example, digest, make_example, read_examples
from training.export import rounded, write_weights
from training.health import NAMES, HealthSampler
from training.measures import Read, figures, of_kind
from training.samples import TemplateSampler


def weights(example: Example) -> Mapping[str, float]:
    return {name: round(weight, 2) for name, weight in example.intents.items()}


def test_a_file_and_its_also_become_soft_labels() -> None:
    example = make_example("intents", "pause", "guiding", {"say": "hang on", "also": ["ask/oil"]})
    assert weights(example) == {"pause": 0.59, "ask": 0.41}
    assert set(example.topics) == {"oil"}


def test_pain_without_a_tier_may_be_either_of_the_mild_ones() -> None:
    example = make_example("intents", "lighter", "guiding", {"say": "ow", "also": ["pain"]})
    assert set(example.intents) == {"lighter", "pain/ease", "pain/stop-now"}


def test_what_is_denied_is_not_reported() -> None:
    fields = {"say": "asthma no eczema yes", "conditions": ["eczema"], "negated": ["asthma"]}
    example = make_example("conditions", "eczema", "screening", fields)
    assert example.reported == frozenset({"eczema"})
    assert example.negated == frozenset({"asthma"})


def test_digest_follows_meaning_and_not_layout(tmp_path: Path) -> None:
    def of(text: str) -> str:
        (tmp_path / "intents").mkdir(exist_ok=True)
        (tmp_path / "intents/pause.yaml").write_text(text)
        return digest(read_examples(tmp_path))

    plain = of("# Wait.\nexamples:\n  guiding: [hang on, hold it]\n")
    assert of("# Wait a while.\nexamples:\n  guiding:\n    - hold it\n    - hang on\n") == plain
    assert of("# Wait.\nexamples:\n  paused: [hang on, hold it]\n") != plain
    assert of("# Wait.\nexamples:\n  guiding: [hang on]\n") != plain


def test_augmentation_keeps_negations_and_states() -> None:
    rng = random.Random(1)
    augmentation = Augmentation(MODES, "guiding")
    said = Example("please do not skip this part", "paused", {"none": 1.0})
    for _ in range(300):
        changed = augmentation.change(said, rng)
        assert "not" in changed.text.split()
        assert changed.state == "paused"
    anywhere = Example("a bit slower", ANY, {"slower": 1.0})
    assert {augmentation.change(anywhere, rng).state for _ in range(300)} == set(MODES)


def test_templates_make_sentences_that_the_interpreter_understands() -> None:
    interpreter = make_interpreter(load_library())
    sampler = TemplateSampler(interpreter.templates, MODES)
    drawn = list(sampler.draw(random.Random(1), an_intent=2, a_value=1))
    understood = [e for e in drawn if interpreter.interpret(e.text, e.state)]
    assert len(drawn) > 150
    # A random sentence of two templates at once may be read as neither.
    assert len(understood) >= 0.97 * len(drawn)


def test_names_of_health_belong_to_conditions_that_exist() -> None:
    examples = Path(__file__).parents[2] / "assistant/understanding/examples/en/conditions"
    known = {path.stem for path in examples.glob("*.yaml")}
    assert set(yaml.safe_load(NAMES.read_text(encoding="utf-8"))) <= known
    assert set(load_health().conditions) <= known


def test_statements_about_others_and_denials_report_nothing() -> None:
    drawn = list(HealthSampler().draw(random.Random(1), 40))
    assert any(e.negated for e in drawn)
    for example in drawn:
        assert not example.reported & example.negated
        if example.text.startswith(("my mum ", "gran ", "i don't have ", "i'm not ")):
            assert not example.reported, example


def test_weights_are_read_as_they_were_written(tmp_path: Path) -> None:
    floats = {
        "a.weight": np.random.default_rng(1).standard_normal((5, 7)).astype(np.float32),
        "a.bias": np.arange(5, dtype=np.float32),
    }
    packed = rounded(floats)
    write_weights(tmp_path / "one", packed)
    write_weights(tmp_path / "two", dict(reversed(packed.items())))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    found = read_weights(tmp_path / "one")
    unpacked = found["a.weight"] * np.asarray(found["a.scale"])[:, None]
    np.testing.assert_allclose(unpacked, floats["a.weight"], atol=np.abs(unpacked).max() / 200)
    np.testing.assert_array_equal(found["a.bias"], floats["a.bias"])


def reading(rng: random.Random, intent: str, sure: float) -> Reading:
    """Return what a model might say that tells intents and symptoms apart, but not quite."""
    symptom = intent in {"pain/ease", "pain/emergency"}
    tier = intent.removeprefix("pain/") if symptom else "ease"
    heard = intent if intent in {"slower", "stop", "ask"} else rng.choice(["slower", "stop", "ask"])
    odds = rng.gauss(sure if heard == intent else -sure, 2)
    symptom_odds = rng.gauss(sure if symptom else -sure, 2)
    return Reading(
        candidates=(Candidate(heard, odds), Candidate("pause", odds - 2)),
        topics=(Guess("oil", rng.gauss(0, 1)),),
        tiers=(Guess(tier, symptom_odds - 0.1), Guess("crisis", symptom_odds - 3)),
        symptom=symptom_odds,
        reported=(Guess("asthma", rng.gauss(sure if intent == "tell" else -sure, 2)),),
        negated=(Guess("asthma", -3),),
    )


@pytest.mark.parametrize("sure", [1, 4])
def test_bars_keep_to_the_budgets(sure: float) -> None:
    rng = random.Random(1)
    labels = ["slower", "stop", "ask", "none", "harmless", "pain/ease", "pain/emergency", "tell"]

    def say(label: str) -> Read:
        topics = {"oil": 1.0} if label == "ask" else {}
        reported = frozenset({"asthma"} if label == "tell" else ())
        example = Example("text", "guiding", {label: 1.0}, topics, reported)
        return Read(example, reading(rng, label, sure))

    said = [say(label) for label in labels for _ in range(100)]
    foreign = [say("none") for _ in range(100)]
    bars = thresholds.find_bars(said, foreign)
    found = figures(said, bars)
    wished = [decide(r.reading, bars) for r in of_kind(said, "none")]
    acted = [d for d in wished if d.action == "act" and d.intent != "pain"]
    assert len(acted) <= thresholds.NONE_ACTED * len(wished)
    assert found["harmless taken for a symptom"] <= thresholds.ALARMS
    assert found["harmless taken for an emergency"] <= thresholds.GRAVE_ALARMS
    if sure == 4:
        assert found["commands right"] > 0.8
        assert found["symptoms right"] > 0.8
