"""Fits the strokes of a massage to the seconds that there are.

Time is saved in this order: strokes shrink towards `trim_to`, the least shrunk step first; then
optional steps go, the last first; then less is told. Time that is wished for goes into strokes up
to `Part.most`, then into whole rounds of the work. Opening and closing keep all their strokes,
whatever was asked.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from assistant.routine.narration import NarrationTemplates, timing
from assistant.routine.part import Part
from assistant.routine.plan import SpokenLine
from assistant.routine.scoring import scored

NEARLY = 3.0
"""Seconds by which a plan may be too long before an optional step goes."""
APPROACHES = 3
"""How often strokes are fitted anew: announcing their number takes time as well."""


def fitted(
    parts: Sequence[Part], phrases: NarrationTemplates, seconds: float
) -> tuple[list[Part], bool]:
    """Return the parts with their strokes, and whether they are to be told briefly."""
    parts = _with_rounds(parts, phrases, seconds)
    for brief in (False, True):
        while True:
            speech = _Speech(parts, phrases, brief)
            tried = _with_strokes(parts, speech, seconds)
            if speech.seconds(tried) + _stroked(tried) <= seconds + NEARLY:
                return tried, brief
            if not any(part.step.optional for part in parts):
                break
            parts = _without_last_optional(parts)
    return tried, True


class _Speech:
    """How long these parts take apart from their strokes: narration, and changing sides.

    Only the announced timing depends on the strokes, so that the rest is composed once.
    """

    def __init__(self, parts: Sequence[Part], phrases: NarrationTemplates, brief: bool) -> None:
        self._phrases = phrases
        items = [item for step in scored(parts, phrases, brief=brief) for item in step.score]
        self._all = sum(i.seconds if isinstance(i, SpokenLine) else i.lead for i in items)
        self._all -= self._timing(parts)

    def seconds(self, parts: Sequence[Part]) -> float:
        """Return the seconds of all but the strokes when the parts have these strokes."""
        return self._all + self._timing(parts)

    def _timing(self, parts: Sequence[Part]) -> float:
        told = (timing(self._phrases, part.technique, part.step, part.count) for part in parts)
        return sum(SpokenLine(text, "what").seconds for text in told)


def _with_rounds(parts: Sequence[Part], phrases: NarrationTemplates, seconds: float) -> list[Part]:
    """Repeat the work as often as it takes for `seconds` to be possible, or as there are rounds."""
    several = list(parts)
    for rounds in range(1, len(phrases.rounds) + 1):
        several = _repeated(parts, rounds)
        longest = [replace(part, count=part.most) for part in several]
        if _Speech(longest, phrases, brief=False).seconds(longest) + _stroked(longest) >= seconds:
            break
    return several


def _repeated(parts: Sequence[Part], rounds: int) -> list[Part]:
    """Return the parts with the work, as far as it bears repeating, done `rounds` times."""
    again = [part for part in _work(parts) if _bears_repeating(part, parts)]
    closing = next((i for i, part in enumerate(parts) if part.step.role == "closing"), len(parts))
    more = [
        replace(part, round=number)
        for number in range(2, rounds + 1)
        for part in again
        if _room(part) >= number
    ]
    whole = [*parts[:closing], *more, *parts[closing:]]
    times = Counter(part.identifier for part in whole)
    return [replace(part, times=times[part.identifier]) for part in whole]


def _work(parts: Sequence[Part]) -> list[Part]:
    """Return the work after the opening: a breath before it settles down, once."""
    opened = max((i for i, part in enumerate(parts) if part.step.role == "opening"), default=-1)
    return [part for part in parts[opened + 1 :] if part.step.role == "work"]


def _bears_repeating(part: Part, parts: Sequence[Part]) -> bool:
    """Dry work ends when the oil is on, and nobody needs oil twice."""
    dry = part.technique.surface == "dry"
    return not part.technique.spreads_oil and not (dry and _needs_oil(parts))


def _room(part: Part) -> float:
    """Return how many rounds of its fewest strokes the technique may have in one massage."""
    if part.technique.most_seconds is None:
        return float("inf")
    return part.technique.most_seconds / (part.fewest * part.tempo)


def _without_last_optional(parts: Sequence[Part]) -> list[Part]:
    """Leave out the last optional part, and the oil if it was the last to need it."""
    last = max(index for index, part in enumerate(parts) if part.step.optional)
    kept = [part for index, part in enumerate(parts) if index != last]
    if _needs_oil([parts[last]]) and not _needs_oil(kept):
        kept = [part for part in kept if not part.technique.spreads_oil]
    return kept


def _needs_oil(parts: Sequence[Part]) -> bool:
    return any(
        part.technique.surface == "oiled" and not part.technique.spreads_oil for part in parts
    )


def _with_strokes(parts: Sequence[Part], speech: _Speech, seconds: float) -> list[Part]:
    tried = [replace(part, count=min(part.step.strokes, part.most)) for part in parts]
    for _ in range(APPROACHES):
        before, tried = tried, _fitted_strokes(tried, seconds - speech.seconds(tried))
        if tried == before:
            break
    return tried


def _fitted_strokes(parts: Sequence[Part], seconds: float) -> list[Part]:
    """Take strokes from the fullest parts until all fit into `seconds`, then fill what is left.

    Each part stays between its fewest and its most strokes.
    """
    counts = [part.count for part in parts]
    costs = [part.stroke_seconds for part in parts]
    shares = [1 / part.step.strokes for part in parts]
    spare = seconds - _stroked(parts)
    fewest, most = [part.fewest for part in parts], [part.most for part in parts]
    every = range(len(parts))
    while spare < 0 and (able := [i for i in every if counts[i] > fewest[i]]):
        fullest = max(able, key=lambda i: counts[i] * shares[i])
        counts[fullest] -= 1
        spare += costs[fullest]
    while able := [i for i in every if counts[i] < most[i] and costs[i] <= spare]:
        emptiest = min(able, key=lambda i: counts[i] * shares[i])
        counts[emptiest] += 1
        spare -= costs[emptiest]
    return [replace(part, count=count) for part, count in zip(parts, counts, strict=True)]


def _stroked(parts: Sequence[Part]) -> float:
    return sum(part.count * part.stroke_seconds for part in parts)
