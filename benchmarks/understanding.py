"""How well the model of paraphrases understands sentences that it was not trained on.

Measures the fifth of our own examples that is held out from training. With `--by intent` or
`--by state` it adds a row for each; with `--by source` (where `../shared/phrases` lies beside the
checkout) one for each collection that a sentence comes from. The learning curve is the one that
`script/train --curve` wrote on the model's card. Prints Markdown tables.
"""

import argparse
import json
import resource
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.understanding.normalize import words_of
from assistant.understanding.paraphrases import MODEL, Paraphrases
from assistant.understanding.risk import decide
from training.examples import HELD_OUT, Example, read_examples
from training.measures import (
    Read,
    by,
    figures,
    kind,
    of_kind,
    ranked_first,
    read_all,
    right,
    shares,
)

ROOT = Path(__file__).parents[1]
EXAMPLES = MODEL.with_name("examples") / "en"
FOREIGN = ROOT / "tests/understanding/out_of_scope.txt"
PHRASES = ROOT.parent / "shared/phrases"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Understanding of sentences that are new to it.")
    parser.add_argument("--by", choices=("intent", "state", "source"), help="add rows for each")
    parser.add_argument("--wrong", action="store_true", help="list what was acted upon wrongly")
    parser.add_argument("--model", type=Path, default=MODEL, help="folder of another model")
    options = parser.parse_args()
    model = Paraphrases(options.model)
    held_out = [e for e in read_examples(EXAMPLES) if e.fold == HELD_OUT]
    before = _resident()
    model.prepare()
    start = time.perf_counter()
    read = read_all(model, held_out)
    each = (time.perf_counter() - start) / len(read)
    print("| what | measured |\n| --- | --- |")
    for name, value in figures(read, model.bars).items():
        print(f"| {name} | {value} |")
    foreign = FOREIGN.read_text(encoding="utf-8").splitlines()
    decisions = [decide(model.read(line), model.bars) for line in foreign]
    for action in ("act", "ask", "check"):
        count = sum(d.action == action for d in decisions)
        print(f"| foreign questions, {action} | {count} of {len(foreign)} |")
    print(f"| time a sentence | {1000 * each:.1f} ms |")
    print(
        f"| most memory of the process, above a start without the model | {_resident() - before:.0f} MB |"
    )
    _print_curve(model.card["held_out_after_less"], figures(read, model.bars))
    if options.by:
        _print_groups(read, model, options.by)
    if options.wrong:
        _print_wrong(read, model)


def _print_curve(less: Mapping[str, Mapping[str, float]], whole: Mapping[str, float]) -> None:
    columns = {**less, "100%": whole}
    print(f"\n| examples | {' | '.join(columns)} |\n| --- |{' --- |' * len(columns)}")
    for name, value in whole.items():
        if isinstance(value, float):
            print(f"| {name} | {' | '.join(str(figures[name]) for figures in columns.values())} |")


def _print_groups(read: Sequence[Read], model: Paraphrases, what: str) -> None:
    keys = {"intent": _intent, "state": lambda example: example.state, "source": _source_of()}
    print(
        f"\n| {what} | sentences | ranked first | right | acted wrongly | not for the coach, acted upon |"
    )
    print("| --- | --- | --- | --- | --- | --- |")
    for name, group in by(read, keys[what]).items():
        wishes = [r for r in group if kind(r.example) in {"commands", "questions", "symptoms"}]
        done, none = shares(wishes, model.bars), shares(of_kind(group, "none"), model.bars)
        print(
            f"| {name} | {len(group)} | {ranked_first(wishes):.2f} | {done.right:.2f} "
            f"| {done.acted_wrong:.2f} | {none.acted_wrong:.2f} |"
        )


def _print_wrong(read: Sequence[Read], model: Paraphrases) -> None:
    print()
    for example, reading in read:
        decision = decide(reading, model.bars)
        if decision.action == "act" and not right(example, decision) and not example.two_wishes:
            wanted = "/".join(sorted(example.intents))
            print(f"{example.state}: {example.text}: {decision.intent}, not {wanted}")


def _intent(example: Example) -> str:
    return max(example.intents, key=lambda name: example.intents[name])


def _source_of():
    """Return a function from an example to the collection that it was taken from."""
    sources: dict[str, str] = {}
    for path in sorted(PHRASES.rglob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            sources.setdefault(" ".join(words_of(json.loads(line)["text"])), path.stem)
    return lambda example: sources.get(example.text, "written later")


def _resident() -> float:
    """Return the most memory that this process has had resident, in megabytes (Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
