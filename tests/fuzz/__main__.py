"""`script/fuzz`: damages files of a kind and runs the program on them, until a time is over.

Each failure is kept in `tests/fuzz/TARGET/` and printed with the command that repeats it; from then
on `script/test` runs it as well.
"""

import argparse
import json
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from tests.fuzz.cases import KINDS, Case, cooked, keep, kept_cases, read_case, written
from tests.fuzz.limits import (
    ROOT,
    Ended,
    new_folder,
    remove_folder,
    run_all,
)
from tests.fuzz.mutator import damaged
from tests.fuzz.program import import_as_installed, keep_model
from tests.fuzz.shipped import model_folder
from tests.fuzz.targets import TARGETS

SMALLER_RUNS = 80
"""How often a failure is tried with less of its file."""
UNDAMAGED = 2
"""How many files of a place are run as they are, before anything is damaged."""
SHOWN_OF_OUTPUT = 1_500


class Runner:
    """Runs the cases of one target."""

    def __init__(self, name: str) -> None:
        self.name, self.target = name, TARGETS[name]
        self.files = self.target.files()
        self._model = model_folder() if self.target.needs_model else None
        if self._model:
            keep_model(self._model)

    def run(self, case: Case, luck: float = 0.0) -> tuple[str, Ended] | None:
        """Run the target's commands on a case; return what is wrong and how it ended, or None.

        With `luck`, from 0 to 1, only the commands whose share is greater.
        """
        root = new_folder()
        self.target.world(root)
        file = case.put(root)
        commands = [c for c in self.target.commands if luck < c.share]
        failed = run_all(commands, root, file, self._model)
        remove_folder(root)
        return failed

    def cases(self, seed: str) -> Iterator[tuple[Case, float]]:
        """Yield cases without end, the undamaged files first, and the luck of each."""
        for place, contents in self.files.items():
            yield from ((Case(place, content), 0.0) for content in contents[:UNDAMAGED])
        number = 0
        while True:
            random = Random(f"{seed} {self.name} {number}")
            yield self._case(random), random.random()
            number += 1

    def _case(self, random: Random) -> Case:
        place = random.choice(list(self.files))
        if random.random() < 0.03:
            return Case(place, kind=random.choice(KINDS))
        if self.target.large:
            return _edited(random, place, self.files[place][0])
        contents = self.files[place]
        others = random.choice(list(self.files.values()))
        return Case(place, damaged(random, random.choice(contents), others, text=self.target.text))

    def smaller(self, case: Case, wrong: str) -> Case:
        """Return a case with less of the file in which the same thing goes wrong."""
        if case.kind or case.recipe:
            return case
        content, size, runs = case.content, max(1, len(case.content) // 2), 0
        while runs < SMALLER_RUNS and size:
            for begin in range(0, len(content), size):
                less = content[:begin] + content[begin + size :]
                runs += 1
                failed = self.run(Case(case.file, less))
                if failed and failed[0] == wrong:
                    content = less
                    break
                if runs >= SMALLER_RUNS:
                    break
            else:
                size //= 2
        return Case(case.file, content)


def main() -> int:
    """Fuzz, repeat kept cases, or list the targets."""
    options = _options()
    if options.list:
        for name, target in TARGETS.items():
            print(f"{name:12} {target.about}; kept: {len(kept_cases(name))}")
        return 0
    folder = Path(tempfile.mkdtemp(prefix="fuzz-package-"))
    try:
        import_as_installed(folder)
        return _serve() if options.serve else _run(options)
    finally:
        shutil.rmtree(folder)


def _run(options: argparse.Namespace) -> int:
    failures = 0
    for name in options.names or TARGETS:
        runner = Runner(name)
        if options.repeat:
            failures += sum(_repeated(runner, path) for path in options.repeat)
        else:
            failures += _fuzz(runner, options.seconds, options.seed)
    return 1 if failures else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(TARGETS)}; all")
    parser.add_argument("--seconds", type=float, default=60, help="for each target (60)")
    parser.add_argument("--seed", default="1", help="another one finds other things")
    parser.add_argument("--repeat", nargs="+", type=Path, metavar="FILE", help="run kept cases")
    parser.add_argument("--list", action="store_true", help="list the targets")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    for name in options.names:
        if name not in TARGETS:
            parser.error(f"there is no target {name}; there are {', '.join(TARGETS)}")
    if options.repeat and len(options.names) != 1:
        parser.error("--repeat needs the one target of the files")
    return options


def _fuzz(runner: Runner, seconds: float, seed: str) -> int:
    """Fuzz one target; return how many kinds of failures were found."""
    begun = time.monotonic()
    known: dict[str, int] = {}
    count = 0
    for case, luck in runner.cases(seed):
        if time.monotonic() - begun > seconds:
            break
        count += 1
        failed = runner.run(case, luck)
        if not failed:
            continue
        wrong = failed[0]
        known[wrong] = known.get(wrong, 0) + 1
        if known[wrong] == 1 and runner.run(case):  # twice, lest a busy machine be the reason
            path = keep(
                runner.smaller(case, wrong),
                runner.name,
                _name(wrong),
                folders=len(runner.files) > 1,
            )
            _show(runner, path, failed)
    rate = count / (time.monotonic() - begun)
    print(f"{runner.name}: {count} cases, {rate:.1f} a second, {len(known)} kinds of failures")
    for wrong, times in known.items():
        print(f"  {times:5} {wrong}")
    sys.stdout.flush()
    return len(known)


def _repeated(runner: Runner, path: Path) -> bool:
    failed = runner.run(read_case(path, runner.files))
    if failed:
        _show(runner, path, failed)
    else:
        print(f"ok {path}")
    return failed is not None


def _show(runner: Runner, path: Path, failed: tuple[str, Ended]) -> None:
    wrong, ended = failed
    print(f"{wrong}\n{ended.output.strip()[-SHOWN_OF_OUTPUT:]}")
    path = path.resolve()
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    print(f"again: script/fuzz {runner.name} --repeat {shown}\n", flush=True)


def _serve() -> int:
    """Run the kept cases whose paths are typed; print for each what is wrong, as a line of JSON."""
    runners: dict[str, Runner] = {}
    for row in sys.stdin:
        name, path = row.split(maxsplit=1)
        if name not in runners:
            runners[name] = Runner(name)
        runner = runners[name]
        # With the user's files a recording is heard as without: no need to wait for it here.
        luck = 0.2 if name == "user" else 0.0
        failed = runner.run(read_case(Path(path.strip()), runner.files), luck)
        said = [failed[0], failed[1].output[-SHOWN_OF_OUTPUT:]] if failed else ["", ""]
        print(json.dumps(said), flush=True)
    return 0


def _edited(random: Random, place: str, content: bytes) -> Case:
    """Damage a file too large to be kept: by a recipe."""
    edits: Sequence[Sequence[object]] = random.choice(
        (
            [["cut", round(random.random(), 3)]],
            [["cut", 0.0]],
            [["blank"]],
            [["change", random.choice((1, 20, 200, 2_000)), random.randrange(10_000)]],
        )
    )
    return cooked(written(place, edits=edits), {place: [content]})


def _name(wrong: str) -> str:
    """Return a file's name that says what went wrong."""
    return re.sub(r"[^a-z0-9]+", "-", wrong.lower()).strip("-")[:80]


if __name__ == "__main__":
    sys.exit(main())
