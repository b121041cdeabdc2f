"""May this command fire? An open-vocabulary decode of the same sound has to agree roughly.

A recognizer with a grammar forces foreign speech into commands, and is sure of it ("wow" becomes
"louder", "nine" becomes "no"). Without the grammar the same model hears "wow" and "nine". It also
mishears commands a little ("slower" becomes "flower"), so what counts is how alike the two texts
are spelt, not that they are equal. Foreign speech hits a long command by chance much less often
than a short one, so that more words need less agreement.
"""

from collections.abc import Iterable

from rapidfuzz.distance import Levenshtein

from assistant.audio.device import Samples
from assistant.hearing.recognizer import Recognizer

_LEAST_ALIKE = {1: 0.3, 2: 0.18}
_LEAST_ALIKE_LONG = 0.3
"""Chosen on one half of the speakers, by script; the figures hold for the other half."""


def hear_openly(recognizer: Recognizer, sound: Iterable[Samples]) -> str:
    """Decode `sound`, blocks of (320,) at 16 kHz, from beginning to end."""
    texts = []
    for block in sound:
        hypothesis = recognizer.accept(block)
        if hypothesis is not None and hypothesis.final:
            texts.append(hypothesis.text)
    texts.append(recognizer.finish().text)
    return " ".join(filter(None, texts))


def agrees(command: str, heard: str) -> bool:
    """Whether `heard`, decoded without a grammar, can have been `command`."""
    least = _LEAST_ALIKE.get(len(command.split()), _LEAST_ALIKE_LONG)
    return _alike(command, heard) >= least


def _alike(command: str, heard: str) -> float:
    """Return 1.0 for the same spelling, 0.0 for nothing in common; spaces do not count."""
    return Levenshtein.normalized_similarity(command.replace(" ", ""), heard.replace(" ", ""))
