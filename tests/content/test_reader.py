"""Whatever is in a YAML file, reading it ends soon, in a document or in one sentence."""

import os
from pathlib import Path

import pytest

from assistant.content.reader import read_document
from assistant.errors import ContentError
from assistant.library.library import Library, load_library, own_folder

ALIASES = "a0: &m0 [x]\n" + "".join(
    f"a{i}: &m{i} [*m{i - 1}, *m{i - 1}, *m{i - 1}, *m{i - 1}]\n" for i in range(1, 25)
)
MERGES = "a0: &m0 {x: 1}\n" + "".join(
    f"a{i}: &m{i}\n  <<: [*m{i - 1}, *m{i - 1}, *m{i - 1}, *m{i - 1}]\n" for i in range(1, 25)
)
REFUSED = {
    "a wrong number": ("title: !!int many\n", "1: file: found 'many'"),
    "a wrong truth": ("title: !!bool maybe\n", "1: file: found 'maybe'"),
    "digits without digits": ("a: b\ntitle: 0x_\n", "2: file: found '0x_'"),
    "bits without bits": ("title: 0b_\n", "1: file: found '0b_'"),
    "a number nobody can read": (f"title: {'9' * 5000}\n", "1: file: found '999"),
    "bytes": ("title: !!binary aGVsbG8=\n", "1: file: found binary"),
    "a set": ("title: !!set {a, b}\n", "1: file: found set"),
    "an object": ("title: !!python/object:os.system {}\n", "1: file: found "),
    "a field without a name": ("? [a]\n: b\n", "1: file: found a field without a name"),
    "50,000 brackets": ("title: " + "[" * 50_000, "1: file: found too many levels"),
    "50,000 dashes": ("title:\n  " + "- " * 50_000, "2: file: found too many levels"),
    "60,000 values": ("x: [" + "a, " * 60_000 + "]\n", "1: file: found too much"),
    "aliases of aliases": (ALIASES, "1: file: found too much"),
    "merges of merges": (MERGES, "1: file: found too much"),
    "one merge": ("a: &a {x: 1}\nb:\n  <<: *a\n", "3: <<: found"),
    "two megabytes": (f"title: '{'x' * 2_000_000}'\n", "1: file: found file too large"),
    "a command to the terminal": ('title: "\\e[31mred"\n', "1: file: found a control character"),
    "a tab for indentation": ("a:\n\tb: c\n", "2: indentation: found a tab"),
}


@pytest.mark.timeout(10)
@pytest.mark.parametrize(("text", "problem"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, text: str, problem: str):
    path = tmp_path / "odd.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as refused:
        read_document(path)
    assert str(refused.value).startswith(f"{path}:{problem}")
    assert "\n" not in str(refused.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a pipe with a name")
@pytest.mark.timeout(10)
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(ContentError, match="found a pipe or a device, not a file; allowed: "):
        read_document(tmp_path / "pipe.yaml")


def test_dates_are_text_and_harmless_tabs_are_harmless(tmp_path: Path):
    path = tmp_path / "fine.yaml"
    path.write_text("title: 2024-02-30\t\n\t# a remark\n\t\nday: 2024-02-03\n", encoding="utf-8")
    assert read_document(path).data == {"title": "2024-02-30", "day": "2024-02-03"}


@pytest.fixture
def own() -> Path:
    folder = own_folder()
    (folder / "techniques").mkdir(parents=True)
    return folder


@pytest.mark.parametrize("name", ["mine.yaml", "techniques/mine.yaml"])
def test_a_broken_file_of_the_users_costs_that_file_only_and_is_told(massage, own, name):
    (own / name).write_text("title: !!int many\n", encoding="utf-8")
    problem = f"{own / name}:1: file: found 'many'"
    library: Library = load_library()
    assert len(library.routines) == 14
    assert library.plan("glow", 5).steps
    [told] = library.problems
    assert told.startswith(problem)
    listed = massage("list")
    assert "puffy-eyes" in listed.out
    assert f"massage: left out: {problem}" in listed.err
    assert problem in massage("chat", stdin="stop\n").err
    assert problem in massage("doctor").out
    assert '"start"' in massage("understand", "puffy eyes").out
