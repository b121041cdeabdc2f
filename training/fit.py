"""Fine-tunes the network on examples.

Promises: the same examples, settings and number of threads give the same weights on one machine.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from assistant.understanding.wordpiece import WordPieces
from training.augmentation import Augmentation
from training.examples import HARMLESS, TELL, Example
from training.network import Network

THREADS = 2


@dataclass(frozen=True)
class Settings:
    """How to train."""

    epochs: int = 7
    more_epochs: int = 3
    """With the validation fold as well."""
    batch: int = 32
    rate: float = 1.5e-4
    more_rate: float = 0.5e-4
    head_rate: float = 8.0
    """Times the encoder's."""
    warm_up: float = 0.06
    """Share of the steps."""
    weight_decay: float = 0.01
    smoothing: float = 0.07
    dropout: float = 0.1
    topic_weight: float = 0.5
    symptom_weight: float = 1.5
    """Of symptoms, and of what only sounds like one: a mistake there costs the most."""
    condition_weight: float = 8.0
    elsewhere: float = 0.3
    """Weight, in the condition head, of sentences that report no condition at all."""
    samples_an_intent: int = 25
    samples_a_value: int = 3
    samples_a_condition: int = 16
    joined: int = 300
    """Statements of two conditions, an epoch."""
    seed: int = 1


@dataclass(frozen=True)
class Classes:
    """The names behind the columns of each head."""

    intents: tuple[str, ...]
    topics: tuple[str, ...]
    conditions: tuple[str, ...]
    states: tuple[str, ...]

    @property
    def sizes(self) -> dict[str, int]:
        """How many columns each head has."""
        conditions = len(self.conditions)
        return {
            "intent": len(self.intents),
            "topic": len(self.topics),
            "reported": conditions,
            "negated": conditions,
        }


def new_network(base: Mapping[str, np.ndarray], classes: Classes, settings: Settings) -> Network:
    """Return a network that knows what `base` knows, with random heads."""
    torch.manual_seed(settings.seed)
    return Network(base, classes.sizes, len(classes.states), settings.dropout)


def fit(
    network: Network,
    pieces: WordPieces,
    classes: Classes,
    examples: Sequence[Example],
    draw_samples: Callable[[random.Random], Sequence[Example]],
    augmentation: Augmentation,
    settings: Settings,
    log: Callable[[str], None] = print,
) -> None:
    """Train `network` on `examples` and on samples of the templates."""
    torch.set_num_threads(THREADS)
    torch.manual_seed(settings.seed)
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = (
        False  # slow, and only of use to find bugs
    )
    torch.set_flush_denormal(True)
    rng = random.Random(settings.seed)
    optimizer = _optimizer(network, settings)
    rates = [group["lr"] for group in optimizer.param_groups]
    targets = _Targets(classes, settings)
    steps, step = 0, 0
    network.train()
    for epoch in range(settings.epochs):
        drawn = [*(augmentation.change(e, rng) for e in examples), *draw_samples(rng)]
        batches = list(_batches(drawn, pieces, settings.batch, rng))
        steps = steps or settings.epochs * len(batches)
        total = 0.0
        for numbers, batch in batches:
            factor = _schedule(step / steps, settings.warm_up)
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * factor
            states = torch.tensor([classes.states.index(e.state) for e in batch])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = network(torch.from_numpy(numbers), states)
            loss = targets.loss({name: of.float() for name, of in logits.items()}, batch)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            step += 1
            total += loss.item()
        log(f"epoch {epoch + 1}: loss {total / len(batches):.3f}")
    network.eval()


def padded(rows: Sequence[Sequence[int]]) -> np.ndarray:
    """Return rows of numbers as one array, 0 where a row is shorter."""
    longest = max(map(len, rows))
    return np.array([[*row, *[0] * (longest - len(row))] for row in rows], np.int64)


class _Targets:
    """What the heads should say, and how wrong they are."""

    def __init__(self, classes: Classes, settings: Settings) -> None:
        self._classes, self._settings = classes, settings

    def loss(self, logits: Mapping[str, Tensor], batch: Sequence[Example]) -> Tensor:
        """Return the weighted sum of the heads' losses."""
        of, classes = self._settings, self._classes
        intents = _soft([e.intents for e in batch], classes.intents)
        smoothed = intents * (1 - of.smoothing) + of.smoothing / len(classes.intents)
        each = functional.cross_entropy(logits["intent"], smoothed, reduction="none")
        weights = torch.tensor([of.symptom_weight if _like_symptom(e) else 1.0 for e in batch])
        loss = (each * weights).mean()
        asking = [i for i, e in enumerate(batch) if e.topics]
        if asking:
            topics = _soft([batch[i].topics for i in asking], classes.topics)
            topics = topics * (1 - of.smoothing) + of.smoothing / len(classes.topics)
            at_topics = functional.cross_entropy(logits["topic"][asking], topics, reduction="sum")
            loss = loss + of.topic_weight * at_topics / len(batch)
        for name in ("reported", "negated"):
            loss = loss + of.condition_weight * self._condition_loss(name, logits[name], batch)
        return loss

    def _condition_loss(self, name: str, logits: Tensor, batch: Sequence[Example]) -> Tensor:
        conditions = self._classes.conditions
        wanted = torch.zeros(len(batch), len(conditions))
        weights = torch.ones(len(batch), len(conditions))
        for row, example in enumerate(batch):
            for condition in getattr(example, name):
                wanted[row, conditions.index(condition)] = 1
            for condition in example.unsure:
                weights[row, conditions.index(condition)] = 0
            if TELL not in example.intents:
                weights[row] *= self._settings.elsewhere
        each = functional.binary_cross_entropy_with_logits(
            logits, wanted, weight=weights, reduction="sum"
        )
        return each / len(batch) / 8


def _like_symptom(example: Example) -> bool:
    return any(name == HARMLESS or name.startswith("pain/") for name in example.intents)


def _soft(weights: Sequence[Mapping[str, float]], names: Sequence[str]) -> Tensor:
    wanted = torch.zeros(len(weights), len(names))
    for row, of in enumerate(weights):
        for name, weight in of.items():
            wanted[row, names.index(name)] = weight
    return wanted


def _optimizer(network: Network, settings: Settings) -> torch.optim.Optimizer:
    """Heads and states start from nothing, so they learn faster than the encoder."""
    new = [*network.heads.parameters(), *network.state.parameters()]
    encoder = [p for p in network.layers.parameters() if p.requires_grad]
    return torch.optim.AdamW(
        [
            {"params": encoder, "lr": settings.rate},
            {"params": new, "lr": settings.rate * settings.head_rate},
        ],
        weight_decay=settings.weight_decay,
        fused=True,
    )


def _schedule(done: float, warm_up: float) -> float:
    """Return the share of the learning rate: a short rise, then half a cosine."""
    if done < warm_up:
        return done / warm_up
    return 0.5 * (1 + float(np.cos(np.pi * min(1.0, (done - warm_up) / (1 - warm_up)))))


def _batches(
    examples: Sequence[Example], pieces: WordPieces, size: int, rng: random.Random
) -> Iterator[tuple[np.ndarray, list[Example]]]:
    """Yield batches in random order; each holds sentences of about one length, to save padding."""
    tied = [
        (len(rows), rng.random(), i, rows)
        for i, e in enumerate(examples)
        for rows in [pieces.numbers(e.text)]
    ]
    tied.sort()
    starts = list(range(0, len(tied), size))
    rng.shuffle(starts)
    for start in starts:
        chosen = tied[start : start + size]
        yield padded([rows for *_, rows in chosen]), [examples[i] for _, _, i, _ in chosen]
