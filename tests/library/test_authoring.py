"""People who write their own routines are helped: a starter, a reviewer's eye, a schema."""

import json

import pytest

from assistant._resources import resource
from assistant.errors import ContentError
from assistant.library.check import check_file
from assistant.library.library import RESERVED, Library, load_library, own_folder
from assistant.library.starter import write_starter

TECHNIQUE = (resource("routines") / "techniques" / "cheek-glide.yaml").read_text("utf-8")
ROUTINE = (resource("routines") / "glow.yaml").read_text("utf-8")


@pytest.mark.parametrize("name", ["my-morning", "null", "a1", "before-work-2"])
def test_a_starter_passes_is_listed_and_can_be_planned(name):
    path = write_starter(name)
    assert path.parent == own_folder()
    assert check_file(path) == []
    library = load_library()
    assert library.problems == ()
    assert library.entries()[-1].identifier == name
    assert library.plan(name, 5).near


def test_a_starter_explains_itself_and_says_where_it_is(massage):
    assert str(own_folder() / "mine.yaml") in massage("new", "mine").out
    text = (own_folder() / "mine.yaml").read_text("utf-8")
    assert text.count("#") >= 10
    assert 'massage check "' in text


@pytest.mark.parametrize("name", ["glow", "puffy-eyes", *sorted(RESERVED)])
def test_a_starter_never_takes_the_name_of_shipped_content(name):
    with pytest.raises(ContentError, match=f"There is a massage '{name}' already"):
        write_starter(name)
    assert not own_folder().exists()


@pytest.mark.parametrize("name", ["", "My Morning", "../etc", "a--b", "-a", "x" * 41, "ümlaut"])
def test_a_name_that_cannot_be_a_file_is_refused_with_an_example(name):
    with pytest.raises(ContentError, match="such as my-morning"):
        write_starter(name)


@pytest.mark.parametrize("name", ["stop", "next", "go-on", "no"])
def test_a_massage_cannot_have_the_name_of_a_command(name, tmp_path):
    with pytest.raises(ContentError, match="is a command"):
        write_starter(name)
    path = tmp_path / "mine.yaml"
    text = ROUTINE.replace("heard_as:\n", f"heard_as:\n  - '{name.replace('-', ' ')}'\n")
    path.write_text(text, "utf-8")
    assert "which is a command; allowed: other words" in check_file(path)[0]


def test_a_starter_is_never_overwritten():
    write_starter("mine").write_text("# my work of years\n")
    with pytest.raises(ContentError, match="already"):
        write_starter("mine")
    assert (own_folder() / "mine.yaml").read_text() == "# my work of years\n"


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    with pytest.raises(ContentError, match=r"mine\.yaml cannot be written: "):
        write_starter("mine")


@pytest.mark.parametrize("kind", ["routine", "technique"])
def test_the_schema_is_json_and_names_every_field(massage, kind):
    made = json.loads(massage("schema", kind).out)
    assert made["$schema"].startswith("https://json-schema.org/")
    wanted = {"routine": {"title", "heard_as", "steps"}, "technique": {"area", "pressure", "why"}}
    assert wanted[kind] <= set(made["required"])
    assert made["additionalProperties"] is False


@pytest.mark.parametrize(
    ("old", "new_text", "problem"),
    [
        ("source: [", "source: [MOONS, ", "source: found 'MOONS', an unknown source; "),
        ("why: ", "why: It lifts the cheek. ", "why: found the promise 'lifts'; allowed: "),
        ("why: ", "why: It detoxes the skin. ", "why: found the promise 'detoxes'; allowed: "),
        ("why: ", "why: This slims the face. ", "why: found the promise 'slims'; allowed: "),
        ("why: ", "why: It cures puffiness. ", "why: found the promise 'cures'; allowed: "),
        ("cue: ", "cue: Next. ", "cue: found 'Next.', which is a command when said alone; "),
        ("cue: ", "cue: Stop! ", "cue: found 'Stop!', which is a command when said alone; "),
        ("cue: ", "cue: " + "Let it glide like silk over water. " * 5, "cue: found "),
        ("direction: ", "direction: down and ", "direction: found 'down' for a glide; allowed: "),
        ("title: ", "stand_in: cheek-glyde\ntitle: ", "stand_in: found 'cheek-glyde', an unknown "),
    ],
)
def test_what_a_reviewer_would_object_to_is_reported_with_its_line(
    tmp_path, old, new_text, problem
):
    assert f"\n{old}" in f"\n{TECHNIQUE}"
    path = tmp_path / "techniques" / "mine.yaml"
    path.parent.mkdir()
    wrong = f"\n{TECHNIQUE}".replace(f"\n{old}", f"\n{new_text}", 1)[1:]
    path.write_text(wrong, "utf-8")
    line = 1 + next(i for i, text in enumerate(wrong.split("\n")) if text.startswith(new_text[:9]))
    (found,) = check_file(path)
    assert found.startswith(f"{path}:{line}: {problem}"), found


def test_lymph_drainage_may_go_down(tmp_path):
    path = tmp_path / "techniques" / "mine.yaml"
    path.parent.mkdir()
    path.write_text(TECHNIQUE.replace("direction: ", "direction: down and ") + "lymph: true\n")
    assert check_file(path) == []


@pytest.mark.parametrize("role", ["opening", "closing"])
def test_a_routine_without_opening_or_closing_is_objected_to(tmp_path, role):
    path = tmp_path / "mine.yaml"
    path.write_text(ROUTINE.replace(f"role: {role}", "role: work"), "utf-8")
    (found,) = check_file(path)
    assert f"steps: found no {role}; allowed: at least one with role: {role}" in found


def test_an_authors_own_source_is_known_from_the_file_next_to_the_routine(tmp_path):
    path = tmp_path / "techniques" / "mine.yaml"
    path.parent.mkdir()
    path.write_text(TECHNIQUE.replace("source: [", "source: [MINE, "), "utf-8")
    assert len(check_file(path)) == 1
    own = "sources:\n  MINE: {title: My teacher, url: a course, grade: B}\n"
    (tmp_path / "sources.yaml").write_text(own)
    assert check_file(path) == []


def test_a_routine_with_the_name_of_a_shipped_one_is_reported(tmp_path):
    path = tmp_path / "glow.yaml"
    path.write_text(ROUTINE, "utf-8")
    (found,) = check_file(path)
    assert found == (
        f"{path}:1: file: found the name of a shipped massage, 'glow'; allowed: another file name"
    )
    assert Library([resource("routines"), tmp_path]).problems != ()
