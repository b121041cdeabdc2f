"""Measures how well sentences that are new to the model are understood; prints Markdown tables.

The sentences are the fifth of our own examples that is never trained on. `--by intent`, `--by
state` and `--by source` add a row for each; sources are the collections of `../shared/phrases`, if
that lies beside the checkout. The learning curve is the one that `script/train --curve` wrote on
the model's card. Time and memory are those of a process that only loads the model and reads.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from assistant.assembly import make_interpreter, make_meaning_finder
from assistant.dialogue.table import ENDING
from assistant.library.library import load_library
from assistant.library.shipped import load_safety
from assistant.understanding.intent import Intent
from assistant.understanding.meaning_finder import MeaningFinder
from assistant.understanding.normalize import words_of
from assistant.understanding.paraphrases import MODEL, PAIN, Paraphrases
from assistant.understanding.risk import GRAVE, Decision, decide
from benchmarks.memory import resident_megabytes
from training.examples import ANY, HELD_OUT, NONE, TELL, Example, read_examples
from training.measures import (
    CURVE,
    Done,
    Read,
    by,
    done,
    figures,
    kind,
    of_kind,
    outcome,
    ranked_first,
    read_all,
    right,
    shares,
)

ROOT = Path(__file__).parents[1]
EXAMPLES = MODEL.with_name("examples") / "en"
FOREIGN = ROOT / "tests/understanding/out_of_scope.txt"
PHRASES = ROOT.parent / "shared/phrases"
TARGETS: Mapping[str, str] = {
    "commands right": "at least 0.80",
    "commands acted wrongly": "at most 0.06",
    "not for the coach, acted upon": "at most 0.03",
    "questions right": "at least 0.70",
    "health, all conditions right": "at least 0.70",
    "symptoms right": "at least 0.80",
    "emergencies and crises found": "at least 0.90",
    "harmless taken for a symptom": "at most 0.04",
    "harmless taken for an emergency": "at most 0.007",
}
_SAFETY = load_safety()
_TIERS = {
    "emergency": "emergency",
    "urgent": "stop-see-doctor",
    "doctor": "stop-see-doctor",
    "rest": "stop-now",
    "pain": "ease",
}
"""The tiers of the examples by those of the content."""
TIMED = 200
"""Sentences of whose times the median is printed."""


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Understanding of sentences that are new to it.")
    groups = ("intent", "state", "source")
    parser.add_argument("--by", choices=groups, action="append", default=[], help="add rows")
    parser.add_argument("--wrong", action="store_true", help="list what was acted upon wrongly")
    parser.add_argument("--cost", action="store_true", help="measure only time and memory")
    parser.add_argument("--model", type=Path, default=MODEL, help="folder of another model")
    options = parser.parse_args()
    if options.cost:
        _print_cost(Paraphrases(options.model))
        return
    model = Paraphrases(options.model)
    read = read_all(model, [e for e in read_examples(EXAMPLES) if e.fold == HELD_OUT])
    found = figures(read, model.bars)
    whole = outcome(map(_done_by_all, [each.example for each in read]))
    print("| what | target | model alone | with templates |\n| --- | --- | --- | --- |")
    for name, value in found.items():
        print(f"| {name} | {TARGETS.get(name, '')} | {value} | {whole.get(name, '')} |")
    _print_foreign(model)
    size = sum(path.stat().st_size for path in options.model.iterdir()) / 1e6
    print(f"| files | at most 25 MB | {size:.1f} MB | |", flush=True)
    # By a process of its own: here, the examples have taken memory before the model.
    subprocess.run(
        [sys.executable, "-m", "benchmarks.understanding", "--cost", "--model", options.model],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        check=True,
    )
    _print_curve(model.card["held_out_after_less"], found)
    for what in options.by:
        _print_groups(read, model, what)
    if options.wrong:
        _print_wrong(read, model)


@cache
def _finder() -> MeaningFinder:
    return make_meaning_finder(make_interpreter(load_library()))


def _done_by_all(example: Example) -> Done:
    """Return what templates, model and slots together do about an example.

    Of several intents, a wrong one counts, but after pain and stop the dialogue heeds no other; of
    two to choose from, a right one counts.
    """
    meaning = _finder().find(example.text, None if example.state == ANY else example.state)
    conditions = {str(i.slots["condition"]) for i in meaning.intents if i.name == TELL}
    intents = (
        meaning.intents[:1]
        if meaning.intents[:1] and meaning.intents[0].name in ENDING
        else meaning.intents
    )
    acts = [Decision("act", i.name, _detail(i)) for i in intents if i.name != "no"]
    acts = acts or [Decision("act", i.name) for i in intents]
    asks = [
        Decision("check" if i.name == PAIN else "ask", i.name, _detail(i)) for i in meaning.perhaps
    ]
    wrong = [each for each in acts if not right(example, each)]
    fitting = [each for each in asks if right(example, each)]
    chosen = [*wrong, *acts, *fitting, *asks, Decision("leave")][0]
    if chosen.intent == "backchannel" and not right(example, chosen):
        chosen = Decision("leave")  # nothing is done about it
    return Done(example, chosen, frozenset(conditions - {"none"}))


def _detail(intent: Intent) -> str:
    """Return the topic of a question, the tier of a symptom."""
    if intent.name != PAIN:
        return str(intent.slots.get("topic", ""))
    symptom = str(intent.slots["symptom"])
    if symptom in {*_TIERS.values(), *GRAVE}:
        return symptom
    return _TIERS[_SAFETY.symptoms[symptom].tier]


def _print_foreign(model: Paraphrases) -> None:
    """Print what is done about questions that the coach has no answer to, said while guiding."""
    lines = FOREIGN.read_text(encoding="utf-8").splitlines()
    alone: list[str] = [decide(model.read(line), model.bars).action for line in lines]
    foreign = (Example(line, ANY, {NONE: 1.0}) for line in lines)
    whole: list[str] = [_done_by_all(each).decision.action for each in foreign]
    for what, action, target in (
        ("understood as anything", "act", "at most 3"),
        ("asked back", "ask", ""),
        ("checked for a symptom", "check", ""),
    ):
        counts = (f"{actions.count(action)} of {len(lines)}" for actions in (alone, whole))
        print(f"| foreign questions {what} | {target} | {' | '.join(counts)} |")


def _print_cost(model: Paraphrases) -> None:
    before = resident_megabytes()
    start = time.perf_counter()
    model.read("slower")
    loaded = time.perf_counter() - start
    examples = FOREIGN.read_text(encoding="utf-8").splitlines()[:TIMED]
    taken = []
    for text in examples:
        start = time.perf_counter()
        model.read(text)
        taken.append(time.perf_counter() - start)
    median = 1000 * statistics.median(taken)
    print(f"| time a sentence, one core | at most 15 ms | {median:.1f} ms | |")
    print(f"| the first sentence, which loads the model | | {loaded:.2f} s | |")
    print(f"| resident memory | at most 120 MB | {resident_megabytes() - before:.0f} MB | |")


def _print_curve(less: Mapping[str, Mapping[str, float]], whole: Mapping[str, float]) -> None:
    columns = {**less, "100%": whole}
    print(f"\n| share of the examples | {' | '.join(columns)} |\n| --- |{' --- |' * len(columns)}")
    for name in CURVE:
        print(f"| {name} | {' | '.join(str(figures[name]) for figures in columns.values())} |")


def _print_groups(read: Sequence[Read], model: Paraphrases, what: str) -> None:
    """Print a row for each group; what is none of the coach's business has a column of its own."""
    keys = {"intent": _intent, "state": lambda example: example.state, "source": _source_of()}
    print(f"\n| {what} | wishes | ranked first | right | acted wrongly | others, acted upon |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, group in by(read, lambda each: keys[what](each.example)).items():
        wishes = [r for r in group if kind(r.example) in {"commands", "questions", "symptoms"}]
        others = of_kind(group, "none") + of_kind(group, "harmless")
        acted = shares(done(wishes, model.bars))
        wrong = shares(done(others, model.bars)).acted_wrong
        cells = [f"{len(wishes)}", "", "", ""]
        if wishes:
            cells[1:] = (f"{x:.2f}" for x in (ranked_first(wishes), acted.right, acted.acted_wrong))
        cells.append(f"{wrong:.2f} of {len(others)}" if others else "")
        print(f"| {name} | {' | '.join(cells)} |")


def _print_wrong(read: Sequence[Read], model: Paraphrases) -> None:
    print()
    for example, reading in read:
        decision = decide(reading, model.bars)
        if decision.action == "act" and not right(example, decision) and not example.two_wishes:
            wanted = "/".join(sorted(example.intents))
            print(f"{example.state}: {example.text}: {decision.intent}, not {wanted}")


def _intent(example: Example) -> str:
    return max(example.intents, key=lambda name: example.intents[name])


def _source_of() -> Callable[[Example], str]:
    """Return a function from an example to the collection that it was taken from."""
    sources: dict[str, str] = {}
    for path in sorted(PHRASES.rglob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            sources.setdefault(" ".join(words_of(json.loads(line)["text"])), path.stem)
    return lambda example: sources.get(example.text, "written later")


if __name__ == "__main__":
    main()
