"""The command line as a user meets it: what it prints, where, and with which exit status."""

import json
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

MASSAGE = [sys.executable, "-m", "assistant"]


@pytest.fixture(autouse=True)
def no_sound_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sound system that names a card which is not there; ALSA aborts on an empty one."""
    config = tmp_path / "asound.conf"
    config.write_text("pcm { absent { type hw card 31 } }")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")


def massage(
    *arguments: str | Path, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MASSAGE, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What went wrong, told in one line and never as a traceback."""
    assert done.returncode not in (0, 130)
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("massage: ")
    return lines[0]


def test_list_names_every_shipped_routine():
    done = massage("list", "--json")
    names = [json.loads(line)["routine"] for line in done.stdout.splitlines()]
    assert {"puffy-eyes", "morning-puffiness", "jaw-clenching"} <= set(names)


def test_list_leaves_the_heavy_parts_alone():
    """Loading a recognizer or numpy would cost more than the whole answer may take."""
    code = (
        "import sys\nfrom assistant.cli import main\n"
        "try: main(['list'])\nexcept SystemExit: pass\n"
        "print(*sorted({'numpy', 'vosk', 'hassil', 'rich', 'onnxruntime'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines()[-1] == ""


def test_show_prints_what_will_be_said():
    done = massage("show", "puffy-eyes")
    assert "Glide out along the bone to the temple" in done.stdout
    assert "4 s each" in done.stdout


def test_an_unknown_routine_is_answered_with_the_nearest():
    assert "puffy-eyes" in one_sentence(massage("show", "pufy-eye"))


@pytest.mark.parametrize(
    ("wishes", "status", "told"),
    [
        (["jawline", "--without", "trumpet"], 2, "There is no tool 'trumpet'. There are hands, "),
        (["full-face", "--minutes", "90"], 2, "cannot take 90 minutes: choose up to 45"),
        (["full-face", "--minutes", "0"], 2, "cannot take 0 minutes"),
        (["device-timer", "--without", "device"], 1, "can't do this massage without a device"),
    ],
)
def test_a_wish_that_cannot_be_met_is_told_why(wishes: list[str], status: int, told: str):
    done = massage("show", *wishes)
    assert told in one_sentence(done)
    assert done.returncode == status
    assert done.stdout == ""


def test_a_second_massage_of_a_shipped_name_is_left_out_and_named(tmp_path: Path):
    own = tmp_path / "massage-assistant" / "routines" / "glow.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("title: My own\nsummary: Not the shipped one.\n")
    done = massage("list", XDG_CONFIG_HOME=str(tmp_path))
    assert done.returncode == 0
    assert "My own" not in done.stdout
    assert done.stderr.splitlines() == [
        f"massage: {own}:1: file: found a second 'glow'; allowed: another file name"
    ]


def test_a_health_answer_that_forbids_everything_is_told_as_the_reason(tmp_path: Path):
    profile = tmp_path / "massage-assistant" / "profile.json"
    profile.parent.mkdir()
    profile.write_text(json.dumps({"screened": str(date.today()), "answers": {"unwell": None}}))
    done = massage("chat", stdin="glow\n", XDG_DATA_HOME=str(tmp_path))
    assert done.returncode == 0
    assert "coach: Today, feeling unwell means no massage." in done.stderr
    assert "Glow. About" not in done.stderr


def test_understand_prints_one_json_line_per_text():
    done = massage("understand", "--state", "guiding", "slower", "the price of tea in china")
    first, second = map(json.loads, done.stdout.splitlines())
    assert first == {"text": "slower", "intent": "slower", "slots": {}}
    assert second == {"text": "the price of tea in china", "intent": None, "slots": {}}


def test_understand_reads_lines_of_standard_input():
    done = massage("understand", stdin="five more minutes\nyou're too loud\n")
    intents = [json.loads(line)["intent"] for line in done.stdout.splitlines()]
    assert intents == ["more_time", "quieter"]


def test_understand_takes_another_domain(tmp_path: Path):
    domain = tmp_path / "lights.yaml"
    domain.write_text(
        "language: en\nintents:\n  TurnOn:\n    data:\n"
        "      - sentences: ['turn on [the] {room} lights']\n"
        "lists:\n  room:\n    values: [kitchen, bathroom]\n"
    )
    done = massage("understand", "--sentences", domain, "turn on the bathroom lights", "slower")
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["intent"] == "TurnOn"
    assert first["slots"] == {"room": "bathroom"}
    assert second["intent"] is None


def test_a_sentence_file_that_is_none_is_refused_by_name(tmp_path: Path):
    domain = tmp_path / "broken.yaml"
    domain.write_text("intents: [")
    assert "broken.yaml" in one_sentence(massage("understand", "--sentences", domain, "hello"))


def test_chat_guides_by_typing_and_keeps_the_place(tmp_path: Path):
    own = {"XDG_DATA_HOME": str(tmp_path)}
    typed = "puffy eyes\nno\nno\nno\nready\nhow hard should I press\npause\n"
    done = massage("chat", stdin=typed, **own)
    assert done.returncode == 0
    assert done.stdout == ""
    assert "you: pause\ncoach: Paus" in done.stderr
    again = massage("chat", stdin="yes\n", **own)
    assert "Puffy eyes, from where we left off." in again.stderr


def test_without_microphone_and_terminal_talking_says_what_to_do():
    done = massage()
    assert "microphone" in one_sentence(done)
    assert "massage demo" in done.stderr
    assert done.returncode == 3


@pytest.mark.parametrize("command", ["", "chat", "understand"])
def test_a_closed_standard_input_is_one_into_which_nothing_is_typed(command: str):
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" <&-', "sh", *MASSAGE, *command.split()],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == (0 if command else 3)


def test_doctor_says_of_each_part_whether_it_works(model_path: Path):
    done = massage("doctor", "--json", VOSK_MODEL_PATH=str(model_path))
    findings = {f["part"]: f for f in map(json.loads, done.stdout.splitlines())}
    assert set(findings) == {"microphone", "speaker", "speech model", "voice", "disk"}
    assert findings["speech model"]["good"]
    assert not findings["microphone"]["good"]
    assert "massage chat" in findings["microphone"]["text"]
    assert done.returncode == 1


def test_ctrl_c_ends_at_once_and_keeps_the_place(tmp_path: Path):
    with subprocess.Popen(
        [*MASSAGE, "chat"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path)},
    ) as running:
        assert running.stdin
        assert running.stderr
        running.stdin.write("puffy eyes\nno\nno\nno\nready\n")
        running.stdin.flush()
        for line in running.stderr:
            if "Here we go" in line or "Let's begin" in line:
                break
        running.send_signal(2)
        begun = time.monotonic()
        rest = running.stderr.read()
        assert running.wait() == 130
        assert time.monotonic() - begun < 5
    assert "Traceback" not in rest
    again = massage("chat", stdin="yes\n", XDG_DATA_HOME=str(tmp_path))
    assert "Puffy eyes, from where we left off." in again.stderr


def test_damaged_health_answers_are_set_aside_and_asked_again(tmp_path: Path):
    profile = tmp_path / "massage-assistant" / "profile.json"
    profile.parent.mkdir()
    profile.write_text('{"screened": 7')
    said = massage("chat", stdin="puffy eyes\nstop\n", XDG_DATA_HOME=str(tmp_path)).stderr
    assert "could not be read, so I ask again" in said
    assert str(profile.with_suffix(".damaged")) in said


def test_a_damaged_place_is_set_aside(tmp_path: Path):
    place = tmp_path / "massage-assistant" / "place.json"
    place.parent.mkdir()
    place.write_text('{"plan": 7')
    done = massage("chat", stdin="stop\n", XDG_DATA_HOME=str(tmp_path))
    assert done.returncode == 0
    assert place.with_suffix(".damaged").exists()


def test_a_settings_file_with_an_unknown_setting_is_refused(tmp_path: Path):
    file = tmp_path / "massage-assistant" / "settings.toml"
    file.parent.mkdir()
    file.write_text('voize = "piper"\n')
    said = one_sentence(massage("chat", XDG_CONFIG_HOME=str(tmp_path)))
    assert "voize" in said
    assert "voice" in said


def test_a_transcript_that_cannot_be_written_is_told_before_anything_is_said(tmp_path: Path):
    said = one_sentence(massage("chat", "--transcript", tmp_path / "no" / "such" / "folder.jsonl"))
    assert "transcript" in said


@pytest.mark.parametrize("command", [["rehearse"], ["check"]])
def test_a_missing_file_is_named(command: list[str], tmp_path: Path):
    done = massage(*command, tmp_path / "missing.dialogue")
    assert done.returncode == 1
    assert "missing.dialogue" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_rehearse_shows_the_conversation_around_a_difference(tmp_path: Path):
    script = tmp_path / "wrong.dialogue"
    script.write_text("# Wrong\nyou: puffy eyes\ncoach: Your nose. *\n")
    done = massage("rehearse", script)
    assert done.returncode == 1
    assert f"{script}:3: wanted 'coach: Your nose. *'" in done.stderr
    assert "the coach said 'Puffy eyes. About" in done.stderr
    assert "you: puffy eyes" in done.stderr


def test_rehearse_offers_the_nearest_sentence_for_what_is_not_understood(tmp_path: Path):
    script = tmp_path / "misheard.dialogue"
    script.write_text("# Misheard\nyou: puffy ice\ncoach: *\n")
    assert "puffy eyes" in massage("rehearse", script).stderr


@pytest.mark.parametrize("direction", ["[dance]", "[until step many]", "me: hello"])
def test_an_unknown_direction_is_refused_with_what_is_allowed(tmp_path: Path, direction: str):
    script = tmp_path / "odd.dialogue"
    script.write_text(f"# Odd\n{direction}\ncoach: *\n")
    done = massage("rehearse", script)
    assert f"{script}:2:" in done.stderr
    assert "[12 seconds]" in done.stderr


def test_a_wait_that_never_ends_fails_in_bounded_time(tmp_path: Path):
    script = tmp_path / "endless.dialogue"
    script.write_text("# Endless\n[until step 9]\n[expect guiding]\n")
    assert "this never came within" in massage("rehearse", script).stderr
