"""The library lists quickly, finds by name, and offers the nearest name."""

import subprocess
import sys

import pytest

from assistant._resources import resource
from assistant.errors import UnknownRoutine
from assistant.library.library import Library, load_library

ROUTINES = resource("routines")


@pytest.mark.parametrize(
    ("wanted", "nearest"),
    [
        ("puffy-eye", "puffy-eyes"),
        ("Puffy Eyes", "puffy-eyes"),
        ("jaw", "jaw-clenching"),
        ("eye bags", "puffy-eyes"),
        ("morning puffyness", "morning-puffiness"),
    ],
)
def test_an_unknown_routine_offers_the_nearest(wanted, nearest):
    with pytest.raises(UnknownRoutine) as refusal:
        Library([ROUTINES]).routine(wanted)
    assert str(refusal.value).startswith(f"There is no routine '{wanted}'. Did you mean {nearest}")


@pytest.mark.parametrize("wanted", ["qqq", "nosuch", "hello"])
def test_an_unknown_routine_that_resembles_none_lists_them_all(wanted):
    with pytest.raises(UnknownRoutine, match=r"There are .*jaw-clenching, .*puffy-eyes"):
        Library([ROUTINES]).routine(wanted)


def test_entries_have_title_and_summary():
    library = Library([ROUTINES])
    assert [entry.identifier for entry in library.entries()] == list(library.routines)
    entry = next(entry for entry in library.entries() if entry.identifier == "puffy-eyes")
    assert (entry.title, entry.summary) == (
        library.routines["puffy-eyes"].title,
        library.routines["puffy-eyes"].summary,
    )


def test_listing_loads_nothing_heavy():
    program = (
        "import sys; from assistant.library.library import load_library; load_library().entries();"
        "print(sorted({'pydantic', 'rapidfuzz', 'numpy', 'hassil', 'rich'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert run.stdout == "[]\n"


def test_people_can_ask_for_every_routine_by_its_title():
    library = Library([ROUTINES])
    heard = library.heard_as()
    for identifier, routine in library.routines.items():
        assert (routine.title.lower(), identifier) in heard


def test_routines_in_the_users_folder_are_found(tmp_path, monkeypatch):
    own = tmp_path / "massage-assistant" / "routines"
    own.mkdir(parents=True)
    text = (ROUTINES / "puffy-eyes.yaml").read_text("utf-8")
    (own / "mine.yaml").write_text(text, "utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert list(load_library().routines)[-1] == "mine"


def test_a_file_with_a_shipped_name_does_not_replace_it_silently(tmp_path):
    (tmp_path / "puffy-eyes.yaml").write_text("title: Mine\n")
    library = Library([ROUTINES, tmp_path])
    assert library.routine("puffy-eyes").title == "Puffy eyes"
    assert library.problems == (
        f"{tmp_path / 'puffy-eyes.yaml'}:1: file: found a second 'puffy-eyes'; "
        "allowed: another file name",
    )
