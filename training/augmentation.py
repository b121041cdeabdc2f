"""Small changes to examples, redrawn in each epoch: what is said around a sentence, or left out."""

import random
from collections.abc import Sequence
from dataclasses import replace

from training.examples import ANY, Example

BEFORE = (
    "um", "uh", "er", "so", "okay", "ok", "oh", "well", "right", "hey", "coach", "please", "sorry",
    "hmm", "yeah", "listen", "look", "hey coach", "okay so", "i think", "you know", "like",
    "excuse me",
)  # fmt: skip
AFTER = (
    "please", "thanks", "thank you", "coach", "now", "okay", "yeah", "you know", "for me", "then",
    "i think", "if you can", "right", "will you", "mate", "dear", "um",
)  # fmt: skip
_FILLER, _DROP = 0.2, 0.15
"""How often a filler is put before, one put after, and a word left out."""
_FEWEST_TO_DROP = 4
"""Words: of a shorter sentence each word matters."""
_USUAL = 0.4
"""How often a sentence that can be said in any state is said in the usual one."""


class Augmentation:
    """Changes examples at random. Every kind of sentence is changed alike, so no change tells."""

    def __init__(self, states: Sequence[str], usual: str) -> None:
        self._states, self._usual = states, usual

    def change(self, example: Example, rng: random.Random) -> Example:
        """Return `example` in a definite state, with some of its words changed."""
        words = example.text.split()
        if len(words) >= _FEWEST_TO_DROP and rng.random() < _DROP:
            # Negations carry the meaning, and so are never left out.
            at = rng.randrange(len(words))
            if not _negates(words[at]):
                del words[at]
        if rng.random() < _FILLER:
            words = [*rng.choice(BEFORE).split(), *words]
        if rng.random() < _FILLER:
            words = [*words, *rng.choice(AFTER).split()]
        return replace(example, text=" ".join(words), state=self.state(example, rng))

    def state(self, example: Example, rng: random.Random) -> str:
        """Return the state of `example`, or for one that fits in any, the usual or a random one."""
        if example.state != ANY:
            return example.state
        return self._usual if rng.random() < _USUAL else rng.choice(self._states)


def _negates(word: str) -> bool:
    return word in {"no", "not", "never", "none", "without", "cannot"} or word.endswith("n't")
