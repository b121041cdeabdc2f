"""Every file that once made the program fail, through the same commands and within the same limits.

`script/fuzz` found most of them; `cases.py` says how they are kept. One process imports the program
and forks for each command.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from tests.fuzz.cases import KEPT_IN, kept_cases
from tests.fuzz.limits import ROOT
from tests.fuzz.mutator import damaged
from tests.fuzz.targets import TARGETS

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="each command runs in a fork")
KEPT = [
    pytest.param(name, path, id=str(path.relative_to(KEPT_IN)))
    for name in TARGETS
    for path in kept_cases(name)
]

Repeat = Callable[[str, Path], tuple[str, str]]


@pytest.fixture(scope="module")
def repeat() -> Iterator[Repeat]:
    """Run a kept case; return what is wrong, or "", and what the program said."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.fuzz", "--serve"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        asked, answers = server.stdin, server.stdout
        assert asked
        assert answers

        def run(name: str, path: Path) -> tuple[str, str]:
            print(name, path, file=asked, flush=True)
            wrong, said = json.loads(answers.readline())
            return wrong, said

        yield run
        asked.close()
        assert server.wait(30) == 0


@pytest.mark.parametrize(("name", "path"), KEPT)
def test_a_file_that_once_failed_fails_no_more(repeat: Repeat, name: str, path: Path):
    wrong, said = repeat(name, path)
    assert not wrong, said


@pytest.mark.parametrize("text", [True, False])
def test_the_same_seed_damages_a_file_in_the_same_way(text: bool):
    def some() -> list[bytes]:
        return [damaged(Random(n), b"a: 1\nb: 2\n", [b"c: 3\n"], text=text) for n in range(50)]

    assert some() == some()
    assert len(set(some())) > 40
