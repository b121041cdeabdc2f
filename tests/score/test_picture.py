"""`massage show ROUTINE --score FILE.png`: what is in the picture, and what is refused."""

import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.clip import Clip
from assistant.commands import show
from assistant.config import Settings
from assistant.errors import PictureError, VoiceError
from assistant.routine.plan import SpokenLine, Strokes
from assistant.score import picture as score_picture
from assistant.score.step_recording import StepRecording, record_step
from assistant.speaking.silent_voice import SilentVoice

PLAN = show.planned(show.Options("jawline"))
GUA_SHA = next(i for i, step in enumerate(PLAN.steps) if step.technique == "gua-sha-jaw")


@pytest.fixture(scope="module")
def recording() -> StepRecording:
    return record_step(PLAN, GUA_SHA, Settings(voice="pyttsx3"))


def test_a_recording_has_every_sentence_and_every_stroke_of_the_step(recording):
    score = PLAN.steps[GUA_SHA].score
    said = [spoken.text for spoken in recording.spoken if spoken.kind != "count"]
    assert said == [item.text for item in score if isinstance(item, SpokenLine)]
    runs = [item for item in score if isinstance(item, Strokes)]
    wanted = [(run.side, number) for run in runs for number in range(1, run.count + 1)]
    assert [(stroke.side, stroke.number) for stroke in recording.strokes] == wanted
    assert recording.seconds == pytest.approx(PLAN.steps[GUA_SHA].seconds, rel=0.05)


def test_the_recorded_times_are_those_of_the_sound(recording):
    """Every sentence, word and earcon sounds at its time, and before an earcon it is quiet."""
    for begin in [*(e.at for e in recording.earcons), *(s.start for s in recording.spoken)]:
        first = round(begin * 48_000)
        assert np.abs(recording.sound[first : first + 4800]).max() > 0.01
    for earcon in recording.earcons:
        before = recording.sound[round(earcon.at * 48_000) - 480 : round(earcon.at * 48_000)]
        assert np.abs(before).max(initial=0.0) < 0.02


@pytest.mark.parametrize("name", ["score.png", "score.svg"])
def test_the_picture_is_drawn_with_all_words_in_it(recording, tmp_path: Path, name: str):
    score_picture.draw(recording, "Gua sha along the jaw", tmp_path / name)
    drawn = (tmp_path / name).read_bytes()
    assert len(drawn) > 50_000
    if name.endswith(".svg"):
        for word in ("Pink is fine.", "Three to go.", "Ready, and.", "last stroke"):
            assert f"<!-- {word} -->".encode() in drawn


def test_a_picture_that_cannot_be_written_is_refused_in_one_sentence(recording, tmp_path: Path):
    with pytest.raises(PictureError, match=r"no/score\.png cannot be written: No such file"):
        score_picture.draw(recording, "", tmp_path / "no" / "score.png")
    with pytest.raises(PictureError, match=r"score\.doc cannot be written: .*\.png"):
        score_picture.draw(recording, "", tmp_path / "score.doc")


class Failing(SilentVoice):
    """A voice that is installed but cannot speak."""

    key = "failing 1"

    def render(self, text: str, rate: float = 1.0) -> Clip:
        raise VoiceError(f"It cannot say {text!r} at {rate}.")


def test_a_voice_that_fails_is_replaced_and_the_step_is_still_recorded(monkeypatch):
    monkeypatch.setattr("assistant.speaking.choose.choose_voices", lambda _: [Failing()])
    replaced = record_step(PLAN, GUA_SHA, Settings())
    said = [spoken.text for spoken in replaced.spoken if spoken.kind != "count"]
    score = PLAN.steps[GUA_SHA].score
    narration = [item.text for item in score if isinstance(item, SpokenLine)]
    assert {*narration} < {*said}
    assert len(said) == len(narration) + 1  # the added one says that the voice failed


def test_without_matplotlib_one_sentence_says_what_to_type(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(PictureError, match=r'pip install "massage-assistant\[picture\]"'):
        score_picture.require_drawing()


def test_the_command_draws_the_first_step_with_strokes(massage, tmp_path: Path):
    done = massage("show", "glow", "--voice", "pyttsx3", "--score", tmp_path / "score.png")
    assert (done.status, done.out, done.err) == (0, "", "")
    assert (tmp_path / "score.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--step", "99", "--score", "x.png"), "There is no step 99: choose 1 to"),
        (("--step", "2"), "--step goes with --score FILE.png"),
    ],
)
def test_options_that_give_no_picture_are_refused(massage, arguments, sentence):
    done = massage("show", "glow", *arguments)
    assert done.status == 2
    assert sentence in done.refusal
