"""Fits the strokes of a massage to the time that there is.

Time is saved in this order: strokes shrink towards `trim_to`, those of the least shrunk step first;
then optional steps go, the last one first; then less is said. Time that is left over goes into
strokes, up to `DraftStep.most`, then into whole rounds of the work. Opening and closing keep all
their written strokes, however short the massage is to be.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from assistant.routine.narration import compose_steps, compose_timing
from assistant.routine.narration_schema import NarrationTemplates
from assistant.routine.plan import SpokenLine
from assistant.routine.selection import DraftStep

NEARLY = 3.0
"""Seconds by which a plan may be too long before an optional step goes."""
APPROACHES = 3
"""How often the strokes are fitted again: announcing another number takes another time."""


def fit_to_time(
    drafts: Sequence[DraftStep], templates: NarrationTemplates, seconds: float
) -> tuple[list[DraftStep], bool]:
    """Return the drafts that fit into `seconds`, and whether they must be narrated briefly."""
    drafts = _with_rounds(drafts, templates, seconds)
    for brief in (False, True):
        while True:
            speech = _SpeechTime(drafts, templates, brief)
            fitted = _with_strokes(drafts, speech, seconds)
            if speech.seconds(fitted) + _stroke_seconds(fitted) <= seconds + NEARLY:
                return fitted, brief
            if not any(draft.step.optional for draft in drafts):
                break
            drafts = _without_last_optional(drafts)
    return fitted, True


class _SpeechTime:
    """How long these steps take apart from their strokes: narration, and changing sides.

    Only the announced timing depends on the number of strokes, so the rest is composed once: this
    runs for every plan that is tried.
    """

    def __init__(
        self, drafts: Sequence[DraftStep], templates: NarrationTemplates, brief: bool
    ) -> None:
        self._templates = templates
        items = [i for step in compose_steps(drafts, templates, brief=brief) for i in step.score]
        self._rest = sum(i.seconds if isinstance(i, SpokenLine) else i.lead for i in items)
        self._rest -= self._timing(drafts)

    def seconds(self, drafts: Sequence[DraftStep]) -> float:
        """Return the seconds of everything but strokes when the steps have these strokes."""
        return self._rest + self._timing(drafts)

    def _timing(self, drafts: Sequence[DraftStep]) -> float:
        composed = (draft for draft in drafts if not draft.step.say_only)
        texts = (compose_timing(draft, self._templates) for draft in composed)
        return sum(SpokenLine(text, "what").seconds for text in texts)


def _with_rounds(
    drafts: Sequence[DraftStep], templates: NarrationTemplates, seconds: float
) -> list[DraftStep]:
    """Repeat the work until `seconds` can be filled, or no more rounds have a name."""
    several = list(drafts)
    for rounds in range(1, len(templates.rounds) + 1):
        several = _repeated(drafts, rounds)
        longest = [replace(draft, count=draft.most) for draft in several]
        speech = _SpeechTime(longest, templates, brief=False)
        if speech.seconds(longest) + _stroke_seconds(longest) >= seconds:
            break
    return several


def _repeated(drafts: Sequence[DraftStep], rounds: int) -> list[DraftStep]:
    """Return the drafts with the work, where it may be repeated, done `rounds` times."""
    again = [draft for draft in _work(drafts) if _may_repeat(draft, drafts)]
    closing = next((i for i, d in enumerate(drafts) if d.step.role == "closing"), len(drafts))
    more = [
        replace(draft, round=number)
        for number in range(2, rounds + 1)
        for draft in again
        if _most_rounds(draft) >= number
    ]
    whole = [*drafts[:closing], *more, *drafts[closing:]]
    times = Counter(draft.identifier for draft in whole)
    return [replace(draft, times=times[draft.identifier]) for draft in whole]


def _work(drafts: Sequence[DraftStep]) -> list[DraftStep]:
    """Return the work after the opening: a breath before it is for settling down, once."""
    opened = max((i for i, d in enumerate(drafts) if d.step.role == "opening"), default=-1)
    return [draft for draft in drafts[opened + 1 :] if draft.step.role == "work"]


def _may_repeat(draft: DraftStep, drafts: Sequence[DraftStep]) -> bool:
    """Tell whether a second round may have it: dry work is over once the oil is on."""
    dry = draft.technique.surface == "dry"
    return not draft.technique.spreads_oil and not (dry and _needs_oil(drafts))


def _most_rounds(draft: DraftStep) -> float:
    """Return how many rounds of its fewest strokes fit into the technique's `most_seconds`."""
    if draft.technique.most_seconds is None:
        return float("inf")
    return draft.technique.most_seconds / (draft.fewest * draft.tempo)


def _without_last_optional(drafts: Sequence[DraftStep]) -> list[DraftStep]:
    """Leave out the last optional step, and the oil if no other step needs it."""
    last = max(index for index, draft in enumerate(drafts) if draft.step.optional)
    kept = [draft for index, draft in enumerate(drafts) if index != last]
    if _needs_oil([drafts[last]]) and not _needs_oil(kept):
        kept = [draft for draft in kept if not draft.technique.spreads_oil]
    return kept


def _needs_oil(drafts: Sequence[DraftStep]) -> bool:
    techniques = [draft.technique for draft in drafts]
    return any(each.surface == "oiled" and not each.spreads_oil for each in techniques)


def _with_strokes(
    drafts: Sequence[DraftStep], speech: _SpeechTime, seconds: float
) -> list[DraftStep]:
    fitted = [replace(draft, count=min(draft.strokes, draft.most)) for draft in drafts]
    for _ in range(APPROACHES):
        before, fitted = fitted, _distribute(fitted, seconds - speech.seconds(fitted))
        if fitted == before:
            break
    return fitted


def _distribute(drafts: Sequence[DraftStep], seconds: float) -> list[DraftStep]:
    """Take strokes from the fullest steps until all fit into `seconds`, then fill what is left.

    A step is as full as the share of its written strokes that it has. Each stays between its fewest
    and its most strokes.
    """
    counts = [draft.count for draft in drafts]
    costs = [draft.stroke_seconds for draft in drafts]
    shares = [1 / draft.strokes for draft in drafts]
    spare = seconds - _stroke_seconds(drafts)
    fewest, most = [draft.fewest for draft in drafts], [draft.most for draft in drafts]
    every = range(len(drafts))
    while spare < 0 and (able := [i for i in every if counts[i] > fewest[i]]):
        fullest = max(able, key=lambda i: counts[i] * shares[i])
        counts[fullest] -= 1
        spare += costs[fullest]
    while able := [i for i in every if counts[i] < most[i] and costs[i] <= spare]:
        emptiest = min(able, key=lambda i: counts[i] * shares[i])
        counts[emptiest] += 1
        spare -= costs[emptiest]
    return [replace(draft, count=count) for draft, count in zip(drafts, counts, strict=True)]


def _stroke_seconds(drafts: Sequence[DraftStep]) -> float:
    return sum(draft.count * draft.stroke_seconds for draft in drafts)
