"""How well is heard: ours and three other systems on the same sound, one Markdown table.

The sound is made and kept the first time, which takes several minutes. Recordings and phrases that
are in ../shared, next to the checkout, are used if they are there. Each system listens in a process
of its own. `--half choose` is for choosing thresholds, and what is reported is the other half.
"""

import argparse
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import TypeVar

from benchmarks.hearing import scoring, sentences, sounds, takes
from benchmarks.hearing.sentences import Half, Sentence, chance
from benchmarks.hearing.systems import Outcome, interpreter, listen
from benchmarks.hearing.takes import Setting, Take

SYSTEMS = ("ours", "Vosk, grammar", "Vosk, open vocabulary", "PocketSphinx")
QUICK = 0.25
"""Share of everything that `--quick` uses."""
QUIET = "quiet"
"""The condition in which the time until a decision is measured, and how much work it is."""
MISTAKES_SHOWN = 25
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Condition:
    """A row of the table: what is heard in it, and what is counted."""

    name: str
    """As given to `--only`."""
    label: str
    build: Callable[["Corpus"], list[Take]]
    negative: bool = False
    """Whether nothing is meant by anything in it."""


class Corpus:
    """What is said, as much of it as is wanted of each kind."""

    def __init__(self, half: Half, share: float) -> None:
        self._half, self._share = half, share

    def chosen(self, things: Sequence[_T], most: int, *salt: object) -> list[_T]:
        """Return at most so many of `things`, always the same ones."""
        ordered = sorted(things, key=lambda thing: chance(*salt, thing))
        return ordered[: max(1, round(self._share * min(most, len(things))))]

    def commands(self, most: int, setting: Setting) -> list[Take]:
        """Return commands in a setting."""
        found = sentences.commands(interpreter(), self._half)
        over = setting.over_coach is not None
        narration = sentences.narration(self._half) if over else ()
        return takes.spoken(self.chosen(found, most, setting.name), setting, narration)

    def words(self, most: int) -> list[Take]:
        """Return commands of one word, each in several voices."""
        found = sentences.commands(interpreter(), self._half)
        single = [sentence for sentence in found if " " not in sentence.text]
        return [
            take
            for voice in sounds.VOICES
            for take in takes.spoken(
                self.chosen(single, most, voice), Setting("words"), voices=[voice]
            )
        ]

    def people(self) -> list[Take]:
        """Return `stop`, `yes` and `no`, said by volunteers, as answers to a question."""
        clips = sentences.volunteers(("stop", "yes", "no"), self._half)
        return takes.recorded([(Sentence("confirming", w, (w,)), path) for w, path in clips])

    def foreign_words(self, most: int) -> list[Take]:
        """Return words that mean nothing here, said by volunteers."""
        clips = sentences.volunteers(sentences.foreign_words(interpreter()), self._half)
        general = sentences.GENERAL_STATE
        chosen = self.chosen(clips, most, "foreign words")
        return takes.recorded([(Sentence(general, w, ()), path) for w, path in chosen])

    def foreign(self, most: int) -> list[Take]:
        """Return sentences that mean nothing here."""
        found = sentences.foreign_sentences(self._half)
        return takes.foreign(self.chosen(found, most, "foreign"))

    def narration(self, most: int) -> list[Take]:
        """Return the coach alone, its echo at two strengths."""
        lines = sentences.narration(self._half)
        return [
            take
            for gain in (-12, -6)
            for take in takes.own_voice(self.chosen(lines, most, gain), gain)
        ]

    def noise(self) -> list[Take]:
        """Return noises, at two strengths."""
        return takes.noise_alone(10) + takes.noise_alone(5)


def conditions() -> list[Condition]:
    """Return the rows."""
    said = [(QUIET, "quiet", Setting(QUIET), 180)]
    said += [(f"{snr}dB", f"tap at {snr} dB", Setting("tap", tap=snr), 100) for snr in (20, 10, 5)]
    said += [
        (f"over{db:+d}", f"over the coach at {db:+d} dB", Setting("over", over_coach=db), 80)
        for db in (6, 0, -6)
    ]
    return [
        *(
            Condition(name, f"right, {label}", partial(Corpus.commands, most=most, setting=setting))
            for name, label, setting, most in said
        ),
        Condition("words", "right, one-word commands", partial(Corpus.words, most=12)),
        Condition("people", "right, `stop`, `yes`, `no` by real people", Corpus.people),
        Condition("foreign", "foreign sentences", partial(Corpus.foreign, most=300), True),
        Condition(
            "foreign-words",
            "foreign words by real people",
            partial(Corpus.foreign_words, most=120),
            True,
        ),
        Condition("narration", "own narration", partial(Corpus.narration, most=48), True),
        Condition("noise", "noise", Corpus.noise, True),
    ]


class Stage:
    """The systems, each in its process."""

    def __init__(self, names: Sequence[str], jobs: int) -> None:
        self._names = names
        context = multiprocessing.get_context("spawn")
        self._processes = [ProcessPoolExecutor(1, context) for _ in names]
        self._threads = ThreadPoolExecutor(jobs)

    def hear(self, heard: Sequence[Take]) -> list[Outcome]:
        """Return what each system makes of the takes."""

        def ask(process: ProcessPoolExecutor, name: str) -> Outcome:
            return process.submit(listen, name, heard).result()

        return list(self._threads.map(ask, self._processes, self._names))

    def close(self) -> None:
        """End the processes."""
        self._threads.shutdown()
        for process in self._processes:
            process.shutdown()


def main() -> None:
    """Print the table, a row as soon as it is known."""
    options = _options()
    names = [n for n in SYSTEMS if n != "PocketSphinx" or find_spec("pocketsphinx")]
    if options.system:
        names = [name for name in names if name in options.system]
    print(_row(["", *names]) + "\n" + _row(["---"] * (1 + len(names))))
    stage = Stage(names, options.jobs)
    corpus = Corpus(options.half, QUICK if options.quick else 1.0)
    shown: list[str] = []
    try:
        for cells, mistakes in rows(stage, corpus, options.only):
            print(_row(cells), flush=True)
            shown += mistakes
    finally:
        stage.close()
    if options.errors:
        print("\n".join(shown))


def rows(
    stage: Stage, corpus: Corpus, only: Sequence[str]
) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the cells of each row, and the mistakes that the first system made in it."""
    latest: list[Outcome] = []
    for condition in conditions():
        if only and condition.name not in only:
            continue
        heard = condition.build(corpus)
        if not heard:
            continue
        latest = stage.hear(heard)
        score = scoring.false_per_hour if condition.negative else scoring.share_right
        cells = [_label(condition, heard), *(score(heard, outcome) for outcome in latest)]
        yield cells, _mistakes(condition, heard, latest[0])
        if condition.name in (QUIET, "10dB"):
            yield _latencies(condition, heard, latest), []
        if condition.name == QUIET:
            shares = (o.processor_seconds / o.heard_seconds for o in latest)
            yield ["processor share of real time", *(f"{share:.3f}" for share in shares)], []
    yield ["resident memory", *(f"{o.resident_bytes / 1e6:.0f} MB" for o in latest)], []


def _label(condition: Condition, heard: Sequence[Take]) -> str:
    if condition.negative:
        minutes = sum(take.seconds for take in heard) / 60
        return f"false decisions per hour, {condition.label} ({minutes:.0f} min)"
    return f"{condition.label} ({sum(len(take.said) for take in heard)})"


def _latencies(condition: Condition, heard: Sequence[Take], latest: Sequence[Outcome]) -> list[str]:
    found = (
        [answer.latency for answer in scoring.answers(heard, outcome) if answer.right]
        for outcome in latest
    )
    label = f"decision after the last sound, {condition.name}: median, 95th percentile"
    return [label, *map(scoring.latency, found)]


def _mistakes(condition: Condition, heard: Sequence[Take], outcome: Outcome) -> list[str]:
    found = list(scoring.answers(heard, outcome))
    lines = [f"\n### {condition.label}"]
    if not condition.negative:
        lines.append("by voice: " + scoring.worst((a.said.voice, a.right) for a in found))
        lines.append("by intent: " + scoring.worst((a.said.intents[0], a.right) for a in found))
    return [*lines, *(f"- {what}" for what in scoring.mistakes(heard, outcome)[:MISTAKES_SHOWN])]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench hearing", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a quarter of it, in some minutes")
    names = [condition.name for condition in conditions()]
    parser.add_argument("--only", nargs="+", choices=names, default=(), help="only these rows")
    parser.add_argument("--system", nargs="+", choices=SYSTEMS, help="only these systems")
    parser.add_argument("--half", choices=("report", "choose", "both"), default="report")
    parser.add_argument("--errors", action="store_true", help="list what the first system mistook")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    return parser.parse_args()


if __name__ == "__main__":
    main()
