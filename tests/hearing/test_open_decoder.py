"""Both decodes are of the same blocks, or their likelihoods could not be compared."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.device import BLOCK_IN, BLOCK_SECONDS, Samples
from assistant.hearing.endpointer import Endpointer
from assistant.hearing.recognizer import Hypothesis, Word
from assistant.hearing.speech_events import Utterance
from assistant.understanding.interpreter import Interpreter
from assistant.understanding.template_files import load_templates

Say = Callable[..., Samples]

SENTENCES = """
language: en
intents:
  Turning: {data: [{sentences: [stop]}]}
"""


class Counting:
    """A recognizer that always hears "stop", with a likelihood in proportion to the blocks.

    It ends the utterance by itself after `ends_after` blocks.
    """

    def __init__(self, per_block: float, ends_after: int = 100_000) -> None:
        self._per_block, self._ends_after = per_block, ends_after
        self._blocks = self._before = 0

    def accept(self, _block: Samples, /) -> Hypothesis | None:
        self._blocks += 1
        if self._blocks == self._ends_after:
            return self.finish()
        return Hypothesis("stop", final=False)

    def finish(self) -> Hypothesis:
        start = self._before * BLOCK_SECONDS
        self._before += self._blocks
        words = (Word("stop", start, self._before * BLOCK_SECONDS),)
        likelihood = self._per_block * self._blocks
        self._blocks = 0
        return Hypothesis("stop", final=True, words=words, likelihood=likelihood)

    def expect(self, phrases: Sequence[str]) -> None: ...

    def prepare(self, phrases: Sequence[str]) -> None: ...

    def warm_up(self, speech: Samples) -> None: ...


class Foreign(Counting):
    """Hears another word in the same blocks."""

    def finish(self) -> Hypothesis:
        return replace(super().finish(), text="shop")


def decided(folder: Path, sound: Samples, per_block: float, ends_after: int) -> list[str]:
    """Return the first text heard in `sound` when each block adds `per_block` of likelihood."""
    path = folder / "sentences.yaml"
    path.write_text(SENTENCES, encoding="utf-8")
    endpointer = Endpointer(Counting(per_block, ends_after), Foreign(per_block))
    endpointer.expect(Interpreter(load_templates([path])).grammar())
    blocks = sound[: len(sound) // BLOCK_IN * BLOCK_IN].reshape(-1, BLOCK_IN)
    events = [event for block in blocks for event in endpointer.listen(block)]
    return [event.text for event in events if isinstance(event, Utterance)][:1]


@pytest.mark.parametrize("per_block", [10.0, -10.0])
@pytest.mark.parametrize(
    "ends_after",
    [
        pytest.param(100_000, id="finished when the voice stops"),
        pytest.param(50, id="ended by the grammar decode while blocks wait"),
        pytest.param(110, id="ended by the grammar decode in the middle of the voice"),
    ],
)
def test_the_same_word_in_the_same_blocks_is_as_likely_in_both(
    tmp_path: Path, say: Say, per_block: float, ends_after: int
) -> None:
    """One block more or less for either would put one of them 10 ahead."""
    room = np.random.default_rng(3).standard_normal((2, 24_000)).astype(np.float32) / 2_000
    sound = np.concatenate([room[0], say("how hard should i press"), room[1]])
    assert decided(tmp_path, sound, per_block, ends_after) == ["stop"]
