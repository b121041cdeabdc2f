"""The commands as a user meets them: what they print, where, and with which exit status."""

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant._resources import resource

if TYPE_CHECKING:
    from tests.conftest import Done

    Massage = Callable[..., Done]

pytestmark = pytest.mark.usefixtures("no_sound_card", "hurried_clock")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder in which `massage` keeps what it remembers."""
    folder = tmp_path / "XDG_DATA_HOME" / "massage-assistant"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The folder with the user's settings and routines."""
    folder = tmp_path / "XDG_CONFIG_HOME" / "massage-assistant"
    folder.mkdir(parents=True)
    return folder


def test_list_names_every_shipped_routine(massage: "Massage"):
    done = massage("list", "--json")
    names = [json.loads(line)["routine"] for line in done.out.splitlines()]
    assert {"puffy-eyes", "morning-puffiness", "jaw-clenching"} <= set(names)


def test_show_prints_what_will_be_said(massage: "Massage"):
    done = massage("show", "puffy-eyes")
    assert "Glide out along the bone to the temple" in done.out
    assert "4 s each" in done.out


def test_an_unknown_routine_is_answered_with_the_nearest(massage: "Massage"):
    assert "puffy-eyes" in massage("show", "pufy-eye").refusal


@pytest.mark.parametrize(
    ("wishes", "status", "told"),
    [
        (["jawline", "--without", "trumpet"], 2, "There is no tool 'trumpet'. There are hands, "),
        (["full-face", "--minutes", "90"], 2, "cannot take 90 minutes: choose up to 45"),
        (["full-face", "--minutes", "0"], 2, "cannot take 0 minutes"),
        (["device-timer", "--without", "device"], 1, "can't do this massage without a device"),
    ],
)
def test_a_wish_that_cannot_be_met_is_told_why(
    massage: "Massage", wishes: list[str], status: int, told: str
):
    done = massage("show", *wishes)
    assert told in done.refusal
    assert done.status == status
    assert done.out == ""


def test_a_second_massage_of_a_shipped_name_is_left_out_and_named(massage: "Massage", config: Path):
    own = config / "routines" / "glow.yaml"
    own.parent.mkdir()
    own.write_text("title: My own\nsummary: Not the shipped one.\n")
    done = massage("list")
    assert done.status == 0
    assert "My own" not in done.out
    assert done.err.splitlines() == [
        f"massage: left out: {own}:1: file: found a second 'glow'; allowed: another file name"
    ]


def test_a_health_answer_that_forbids_everything_is_told_as_the_reason(
    massage: "Massage", data: Path
):
    profile = data / "profile.json"
    profile.write_text(json.dumps({"screened": str(date.today()), "answers": {"unwell": None}}))
    done = massage("chat", stdin="glow\n")
    assert done.status == 0
    assert "coach: Today, feeling unwell means no massage." in done.err
    assert "Glow. About" not in done.err


def test_understand_prints_one_json_line_per_text(massage: "Massage"):
    done = massage("understand", "--state", "guiding", "slower", "the price of tea in china")
    first, second = map(json.loads, done.out.splitlines())
    assert first == {"text": "slower", "intent": "slower", "slots": {}}
    assert second == {"text": "the price of tea in china", "intent": None, "slots": {}}


def test_understand_reads_lines_of_standard_input(massage: "Massage"):
    done = massage("understand", stdin="five more minutes\nyou're too loud\n")
    intents = [json.loads(line)["intent"] for line in done.out.splitlines()]
    assert intents == ["more_time", "quieter"]


def test_understand_takes_another_domain(massage: "Massage", tmp_path: Path):
    domain = tmp_path / "lights.yaml"
    domain.write_text(
        "language: en\nintents:\n  TurnOn:\n    data:\n"
        "      - sentences: ['turn on [the] {room} lights']\n"
        "lists:\n  room:\n    values: [kitchen, bathroom]\n"
    )
    done = massage("understand", "--sentences", domain, "turn on the bathroom lights", "slower")
    first, second = map(json.loads, done.out.splitlines())
    assert first["intent"] == "TurnOn"
    assert first["slots"] == {"room": "bathroom"}
    assert second["intent"] is None


def test_a_sentence_file_that_is_none_is_refused_by_name(massage: "Massage", tmp_path: Path):
    domain = tmp_path / "broken.yaml"
    domain.write_text("intents: [")
    assert "broken.yaml" in massage("understand", "--sentences", domain, "hello").refusal


def test_chat_guides_by_typing_and_keeps_the_place(massage: "Massage"):
    typed = "puffy eyes\nno\nno\nno\nready\nhow hard should I press\npause\n"
    done = massage("chat", stdin=typed)
    assert done.status == 0
    assert done.out == ""
    assert "you: pause\ncoach: Paus" in done.err
    again = massage("chat", stdin="yes\n")
    assert "Puffy eyes, from where we left off." in again.err


def test_without_microphone_and_terminal_talking_says_what_to_do(massage: "Massage"):
    done = massage()
    assert "microphone" in done.refusal
    assert "massage demo" in done.err
    assert done.status == 3


def test_doctor_says_of_each_part_whether_it_works(massage: "Massage", model_path: Path):
    done = massage("doctor", "--json", "--model", model_path)
    findings = {f["part"]: f for f in map(json.loads, done.out.splitlines())}
    assert set(findings) == {"microphone", "speaker", "speech model", "voice", "disk"}
    assert findings["speech model"]["good"]
    assert not findings["microphone"]["good"]
    assert "massage chat" in findings["microphone"]["text"]
    assert done.status == 1


def test_doctor_tells_people_what_is_wrong_and_how_to_report_it(massage: "Massage"):
    *findings, closing = massage("doctor", "--voice", "pyttsx3").out.splitlines()
    assert findings[0].startswith("problem  microphone: ")
    assert [line for line in findings if line.startswith("ok       voice: pyttsx3")]
    assert "massage --log report.txt" in closing


def test_damaged_health_answers_are_set_aside_and_asked_again(massage: "Massage", data: Path):
    profile = data / "profile.json"
    profile.write_text('{"screened": 7')
    said = massage("chat", stdin="puffy eyes\nstop\n").err
    assert "could not be read, so I'll ask again" in said
    assert str(profile.with_suffix(".damaged")) in said


def test_a_damaged_place_is_set_aside(massage: "Massage", data: Path):
    place = data / "place.json"
    place.write_text('{"plan": 7')
    done = massage("chat", stdin="stop\n")
    assert done.status == 0
    assert place.with_suffix(".damaged").exists()


def test_a_settings_file_with_an_unknown_setting_is_refused(massage: "Massage", config: Path):
    (config / "settings.toml").write_text('voize = "piper"\n')
    said = massage("chat").refusal
    assert "voize" in said
    assert "voice" in said


def test_a_transcript_that_cannot_be_written_is_told_before_anything_is_said(
    massage: "Massage", tmp_path: Path
):
    said = massage("chat", "--transcript", tmp_path / "no" / "such" / "folder.jsonl").refusal
    assert "transcript" in said


@pytest.mark.parametrize("command", [["rehearse"], ["check"]])
def test_a_missing_file_is_named(massage: "Massage", command: list[str], tmp_path: Path):
    done = massage(*command, tmp_path / "missing.dialogue")
    assert done.status == 1
    assert "missing.dialogue" in done.err + done.out
    assert "Traceback" not in done.err


def test_rehearse_shows_the_conversation_around_a_difference(massage: "Massage", tmp_path: Path):
    script = tmp_path / "wrong.dialogue"
    script.write_text("# Wrong\nyou: puffy eyes\ncoach: Your nose. *\n")
    done = massage("rehearse", script)
    assert done.status == 1
    assert f"{script}:3: wanted 'coach: Your nose. *'" in done.err
    assert "the coach said 'Puffy eyes. About" in done.err
    assert "you: puffy eyes" in done.err


def test_rehearse_tells_what_was_asked_back_about(massage: "Massage", tmp_path: Path):
    script = tmp_path / "misheard.dialogue"
    script.write_text("# Misheard\nyou: jw lne\ncoach: *\n")
    assert "asked back about start" in massage("rehearse", script).err


@pytest.mark.parametrize("direction", ["[dance]", "[until step many]", "me: hello"])
def test_an_unknown_direction_is_refused_with_what_is_allowed(
    massage: "Massage", tmp_path: Path, direction: str
):
    script = tmp_path / "odd.dialogue"
    script.write_text(f"# Odd\n{direction}\ncoach: *\n")
    done = massage("rehearse", script)
    assert f"{script}:2:" in done.err
    assert "[12 seconds]" in done.err


def test_a_wait_that_never_ends_fails_in_bounded_time(massage: "Massage", tmp_path: Path):
    script = tmp_path / "endless.dialogue"
    script.write_text("# Endless\n[until step 9]\n[expect guiding]\n")
    assert "this never came within" in massage("rehearse", script).err


def test_check_takes_a_folder_with_its_techniques(massage: "Massage", tmp_path: Path):
    for name in ("glow.yaml", "techniques/temple-circles.yaml"):
        own = tmp_path / name.replace("glow", "my-glow")
        own.parent.mkdir(exist_ok=True)
        own.write_bytes((resource("routines") / name).read_bytes())
    (tmp_path / "broken.yaml").write_text("title: Broken\n")
    done = massage("check", tmp_path)
    assert done.status == 1
    assert f"{tmp_path / 'my-glow.yaml'}: good" in done.out.splitlines()
    assert f"{tmp_path / 'techniques' / 'temple-circles.yaml'}: good" in done.out.splitlines()
    assert f"{tmp_path / 'broken.yaml'}:1: " in done.out


def test_everything_that_is_shipped_passes_the_check(massage: "Massage"):
    done = massage("check", resource("routines"))
    assert done.status == 0, done.out
    assert len(done.out.splitlines()) > 50


def test_check_says_of_an_empty_folder_that_it_is_empty(massage: "Massage", tmp_path: Path):
    done = massage("check", tmp_path)
    assert done.status == 1
    assert done.out.startswith(f"{tmp_path}: there are no *.yaml files in this folder")


class Terminal(io.StringIO):
    """A standard input in which somebody can type."""

    def isatty(self) -> bool:
        return True


def test_without_a_microphone_it_is_typed_at_once_in_a_terminal(
    massage: "Massage", monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("io.StringIO", Terminal)
    done = massage(stdin="stop\n")
    assert done.status == 0
    first, *others = done.err.splitlines()
    assert "There is no microphone, so type" in first
    assert "massage doctor" in first
    assert "you: stop" in others
    assert not [line for line in others if "microphone" in line]


def test_understand_tells_what_would_be_asked_back_and_why(massage: "Massage"):
    line = massage("understand", "--why", "--state", "choosing", "i look tired").out
    told = json.loads(line)
    assert (told["intent"], told["slots"], told["perhaps"]) == (None, {}, "start")
    assert told["perhaps_slots"]["routine"] in {"puffy-eyes", "glow"}
    assert any(reason.startswith("model: start") for reason in told["why"])
