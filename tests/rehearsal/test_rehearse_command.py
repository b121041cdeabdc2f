"""`massage rehearse` as an author meets it: bad scripts, bad flags, recording, noise."""

import os
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

if TYPE_CHECKING:
    from tests.conftest import Done

pytestmark = pytest.mark.usefixtures("hurried_clock")

Rehearse = Callable[..., "Done"]


@pytest.fixture
def rehearse(massage: Rehearse) -> Rehearse:
    return partial(massage, "rehearse")


def refused(rehearse: Rehearse, *arguments: str | Path, status: int) -> str:
    """Rehearse with unusable arguments, and return the error sentence."""
    done = rehearse(*arguments)
    assert done.status == status
    return done.refusal


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "a.dialogue"
    path.write_text("# A\n[while speaking]\nyou: puffy eyes\ncoach: Puffy eyes. *\n")
    return path


BAD_SCRIPTS = (
    ("", 1, "nothing that is checked"),
    ("# A\nyou: hello\n[dance]\ncoach: *\n", 3, "found '[dance]'"),
    ("# A\nminutes: some\ncoach: *\n", 2, "minutes: found 'some'; allowed: a number"),
    ("# A\ntools: hands, hammer\ncoach: *\n", 2, "There is no tool 'hammer'"),
    ("# A\n\nprofile: sunburnt\ncoach: *\n", 3, "profile: found 'sunburnt'; allowed: "),
    ("# A\nby: telegraph\ncoach: *\n", 2, "by: found 'telegraph'; allowed: text, voice"),
    ("# A\nminutes:\ncoach: *\n", 2, "allowed: a value after the colon"),
    ("# A\nminutes: 5\nminutes: 6\ncoach: *\n", 3, "allowed: one minutes: line"),
    ("# A\ncoach: *\nminutes: 5\n", 3, "allowed: before its first line"),
    ("# A\nmood: sunny\ncoach: *\n", 2, "found 'mood: sunny'; allowed: you: …"),
    ("# A\n[while speaking]\ncoach: *\n", 2, "allowed: right before a you: line"),
    ("# A\ncoach: *\n[at once]\n", 3, "allowed: right before a you: line"),
    ("# A\n[not understood]\ncoach: *\n", 2, "allowed: right after a you: line"),
    ("# A\n[9999 minutes]\ncoach: *\n", 2, "allowed: up to [60 minutes]"),
    ("# A\nyou: stop\n[1 minute]\nyou: hello\ncoach: *\n", 4, "the conversation was over"),
    ("# A\nyou: stop\n[1 minute]\ncoach: *\ncoach: *\ncoach: *\n", 5, "conversation was over"),
    ("# A\n[30 minutes]\nyou: puffy eyes\ncoach: A.\n", 4, "the coach said 'Puffy eyes."),
    ("# A\nyou: puffy eyes\n[not understood]\ncoach: *\n", 2, "was understood, as start"),
    ("# A\nminuts: 5\ncoach: *\n", 2, "found 'minuts: 5'; did you mean 'minutes:'?"),
    ("# A\nTools: hands\ncoach: *\n", 2, "found 'Tools: hands'; did you mean 'tools:'?"),
    ("# A\ncoach: *\nyuo: stop\n", 3, "found 'yuo: stop'; did you mean 'you:'?"),
    ("# A\ncoach: *\n[expect puased]\n", 3, "did you mean '[expect paused]'?"),
    ("# A\ncoach: *\n[untill step 3]\n", 3, "did you mean '[until step 3]'?"),
    ("# A\nyou: puffy eyes\n[until step 12]\ncoach: *\n", 3, "this massage has 7 steps."),
    (
        "# A\nyou: puffy eyes\nyou: ready\n[until stroke 60]\ncoach: *\n",
        4,
        "the longest run to come has 10 strokes, and ends with its last one; wait for stroke 9",
    ),
    (
        "# A\nyou: puffy eyes\nyou: ready\n[until hurting]\ncoach: *\n",
        4,
        "this never came within 300 seconds; it is guiding, step 6, stroke",
    ),
    ("# A\n[until step 1]\ncoach: *\n", 2, "300 seconds; it is choosing."),
    ("# A\n[expect side left]\n", 2, "it is choosing, no side."),
    ("# A\nyou: puffy eyes\n[expect routine glow]\n", 3, "stroke 0 of 5, routine puffy-eyes."),
    ("# A\nyou: puffy eyes\n[expect side left]\n", 3, "stroke 0 of 5, side both."),
    ("# A\nyou: hello\nnever: *\n", 3, "found never: in the last line"),
    ("# A\nyou: puffy eyes\nnever: *washcloth*\n[1 minute]\n", 3, "the coach said 'Sit upright"),
    ("# A\nnever: nose | *what would you like*\n[1 minute]\n", 2, "the coach said 'What would"),
    ("# A\nyou: puffy eyes\nyou: ready\nnever: two to *\n[1 minute]\n", 4, "said 'Two to go.'"),
)


def test_an_error_names_the_script_and_the_line(rehearse: Rehearse, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.dialogue" for number in range(len(BAD_SCRIPTS))]
    for path, (text, _, _) in zip(paths, BAD_SCRIPTS, strict=True):
        path.write_text(text)
    done = rehearse(*paths)
    assert done.status == 1
    assert "Traceback" not in done.err
    errors = [row for row in done.err.splitlines() if row.startswith(str(tmp_path))]
    for row, path, (_, line, said) in zip(errors, paths, BAD_SCRIPTS, strict=True):
        assert row.startswith(f"{path}:{line}: ")
        assert said in row


def test_several_scripts_are_counted_at_the_end(
    rehearse: Rehearse, tmp_path: Path, script: Path
) -> None:
    bad = tmp_path / "bad.dialogue"
    bad.write_text("# Bad\n[expect paused]\n")
    assert rehearse(script, bad, script).err.splitlines()[-1] == "3 scripts: 2 ok, 1 failed"
    assert rehearse(script, script).err.splitlines()[-1] == "2 scripts: 2 ok"
    assert rehearse(script).err.splitlines() == [f"ok     {script}"]


def test_what_is_not_said_again_passes_although_it_was_said_before(
    rehearse: Rehearse, tmp_path: Path
) -> None:
    path = tmp_path / "a.dialogue"
    path.write_text("# A\nyou: puffy eyes\ncoach: Puffy*\nnever: puffy*\n[until preparing]\n")
    assert rehearse(path).status == 0


def test_unreadable_files_are_named_and_the_others_are_rehearsed(
    rehearse: Rehearse, tmp_path: Path, script: Path
) -> None:
    noise = tmp_path / "noise.dialogue"
    noise.write_bytes(b"\xff\xfe\x00")
    done = rehearse(tmp_path, tmp_path / "missing.dialogue", noise, script)
    assert done.status == 1
    assert f"{tmp_path}: this is a folder" in done.err
    assert "missing.dialogue: there is no such file" in done.err
    assert "noise.dialogue: this is not UTF-8 text" in done.err
    assert f"ok     {script}" in done.err


def test_a_difference_is_shown_with_the_conversation_and_line_numbers(
    rehearse: Rehearse, tmp_path: Path
) -> None:
    path = tmp_path / "wrong.dialogue"
    path.write_text("# Wrong\n\nyou: puffy eyes\ncoach: Your nose. *\n")
    rows = rehearse(path).err.splitlines()
    [asked] = [row for row in rows if row.endswith("you: puffy eyes")]
    assert asked.split()[0] == "3"
    assert rows[-1].startswith(">    4")
    assert "coach: Puffy eyes." in rows[-1]


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ([], "Name the scripts"),
        (["{script}", "--record", "{new}"], "leave the names"),
        (["{script}", "--snr", "10"], "add --by voice"),
        (["{script}", "--by", "voice", "--snr", "10"], "--noise"),
        (["{script}", "--by", "voice", "--mic", "{script}"], "--record FILE"),
        (["--record", "{new}", "--by", "voice", "--echo", "-6"], "leave it out"),
    ],
)
def test_flags_that_do_not_go_together_are_refused(
    rehearse: Rehearse, flags: list[str], said: str, script: Path
) -> None:
    new = script.with_name("new.dialogue")
    filled = [flag.format(script=script, new=new) for flag in flags]
    assert said in refused(rehearse, *filled, status=2)
    assert not new.exists()


@pytest.mark.usefixtures("model_path")
@pytest.mark.parametrize(
    ("flag", "value", "said"),
    [
        ("--echo", "loud", "found 'loud'; allowed: decibels from -60 to 60, or off"),
        ("--echo", "nan", "found 'nan'"),
        ("--snr", "1000", "found '1000'; allowed: decibels from -60 to 60"),
    ],
)
def test_invalid_decibels_are_refused(
    rehearse: Rehearse, flag: str, value: str, said: str, script: Path
) -> None:
    noise: list[str | Path] = ["--noise", script] if flag == "--snr" else []
    assert said in refused(rehearse, script, "--by", "voice", flag, value, *noise, status=2)


@pytest.mark.usefixtures("model_path")
@pytest.mark.parametrize("content", [None, b"a shopping list", "silence"])
def test_a_noise_file_that_is_missing_broken_or_silent_is_refused(
    rehearse: Rehearse, tmp_path: Path, script: Path, content: object
) -> None:
    noise = tmp_path / "noise.wav"
    if isinstance(content, bytes):
        noise.write_bytes(content)
    elif content:
        soundfile.write(noise, np.zeros(8_000), 8_000)
    assert "noise.wav" in refused(rehearse, script, "--by", "voice", "--noise", noise, status=1)


@pytest.mark.usefixtures("model_path")
def test_a_user_below_the_noise_is_not_understood(
    rehearse: Rehearse, tmp_path: Path, script: Path
) -> None:
    """The noise file has another format: stereo, 44.1 kHz, half a second that is repeated."""
    noise = tmp_path / "hiss.wav"
    soundfile.write(noise, np.random.default_rng(4).normal(0, 0.1, (22_050, 2)), 44_100)
    loud: list[str | Path] = ["--noise", noise, "--snr", "-20", "--echo", "off"]
    done = rehearse(script, "--by", "voice", "--voice", "pyttsx3", *loud)
    assert done.status == 1
    assert f"{script}:3: wanted 'you: puffy eyes'" in done.err


def test_a_typed_conversation_is_recorded_and_its_script_passes(
    rehearse: Rehearse, tmp_path: Path
) -> None:
    path = tmp_path / "a-short_talk.dialogue"
    typed = "puffy eyes\nready\nhow hard should I press\npurple elephants\npause\n"
    done = rehearse("--record", path, stdin=typed)
    assert done.status == 0, done.err
    text = path.read_text()
    assert text.startswith("# A short talk\n")
    assert "you: purple elephants\n[not understood]\n" in text
    assert "you: pause\n[expect paused]\n" in text
    assert rehearse(path).status == 0


def test_recording_keeps_nothing_about_the_user(rehearse: Rehearse, tmp_path: Path) -> None:
    rehearse("--record", tmp_path / "a.dialogue", stdin="puffy eyes\nready\npause\n")
    assert not list(Path(os.environ["XDG_DATA_HOME"]).rglob("*.json"))


def test_an_existing_script_is_not_overwritten(rehearse: Rehearse, script: Path) -> None:
    before = script.read_text()
    assert "choose another name" in refused(rehearse, "--record", script, status=1)
    assert script.read_text() == before


def test_a_script_that_cannot_be_written_is_refused_before_the_conversation(
    rehearse: Rehearse, tmp_path: Path
) -> None:
    assert "cannot be written" in refused(
        rehearse, "--record", tmp_path / "no" / "a.dialogue", status=1
    )


@pytest.mark.usefixtures("model_path")
def test_a_spoken_conversation_is_recorded_and_its_script_passes(
    rehearse: Rehearse, tmp_path: Path
) -> None:
    sound = np.zeros(32 * 16_000, np.float32)
    for at, text in ((15.0, "puffy eyes"), (27.0, "ready")):
        spoken = tmp_path / "spoken.wav"
        subprocess.run(["flite", "-voice", "rms", "-t", text, "-o", spoken], check=True, timeout=30)
        samples, _ = soundfile.read(spoken, dtype="float32")
        sound[int(at * 16_000) :][: len(samples)] = samples
    soundfile.write(tmp_path / "mic.wav", sound, 16_000)
    path = tmp_path / "spoken.dialogue"
    flags: list[str | Path] = ["--by", "voice", "--voice", "pyttsx3", "--mic", tmp_path / "mic.wav"]
    done = rehearse("--record", path, *flags)
    assert done.status == 0, done.err
    assert "you: puffy eyes\n[expect preparing]\n" in path.read_text()
    assert "you: ready\n[expect guiding]\n" in path.read_text()
    assert rehearse(path).status == 0
