"""Vosk as a recognizer, on synthesized speech."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.device import BLOCK_IN, RATE_IN, Samples
from assistant.errors import ModelError
from assistant.hearing.recognizer import UNKNOWN, Hypothesis
from assistant.hearing.vosk import VoskModel, VoskRecognizer

Say = Callable[..., Samples]


def feed(recognizer: VoskRecognizer, sound: Samples) -> list[Hypothesis]:
    whole = sound[: len(sound) // BLOCK_IN * BLOCK_IN]
    heard = [recognizer.accept(block) for block in whole.reshape(-1, BLOCK_IN)]
    return [hypothesis for hypothesis in heard if hypothesis is not None]


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE_IN), np.float32)


def span(sound: Samples) -> tuple[float, float]:
    """First and last sound in it, in seconds."""
    loud = np.nonzero(np.abs(sound) > 0.02 * np.abs(sound).max())[0]
    return loud[0] / RATE_IN, loud[-1] / RATE_IN


def test_a_hypothesis_forced_at_the_last_sound_is_complete(model: VoskModel, say: Say) -> None:
    recognizer = VoskRecognizer(model, ["next step", "pause", "how hard should i press"])
    feed(recognizer, np.concatenate([silence(0.5), say("how hard should i press")]))
    final = recognizer.finish()
    assert final.final
    assert final.text == "how hard should i press"


def test_word_times_stay_right_across_utterances_and_grammars(model: VoskModel, say: Say) -> None:
    recognizer = VoskRecognizer(model, ["next step"])
    fed = 0
    for phrase in ["next step", "pause", "slower", "next step", "how hard should i press"]:
        recognizer.expect([phrase])
        sound = np.concatenate([silence(1.0), say(phrase), silence(0.1)])
        sound = sound[: len(sound) // BLOCK_IN * BLOCK_IN]
        feed(recognizer, sound)
        words = recognizer.finish().words
        first, last = (fed / RATE_IN + edge for edge in span(sound))
        fed += len(sound)
        assert " ".join(word.text for word in words) == phrase
        assert words[0].start == pytest.approx(first, abs=0.1)
        assert words[-1].end == pytest.approx(last, abs=0.1)


def test_a_new_grammar_waits_for_the_utterance_to_end(model: VoskModel, say: Say) -> None:
    recognizer = VoskRecognizer(model, ["next step", "slower"])
    sound = say("next step")
    feed(recognizer, sound[: len(sound) // 2])
    recognizer.expect(["pause"])
    feed(recognizer, sound[len(sound) // 2 :])
    assert recognizer.finish().text == "next step"
    feed(recognizer, say("pause"))
    assert recognizer.finish().text == "pause"


def test_without_phrases_everything_can_be_heard(model: VoskModel, say: Say) -> None:
    recognizer = VoskRecognizer(model, ["pause"])
    recognizer.expect(())
    feed(recognizer, say("the weather is nice today"))
    assert recognizer.finish().text == "the weather is nice today"


def test_foreign_speech_is_unknown(model: VoskModel, say: Say) -> None:
    recognizer = VoskRecognizer(model, ["pause"])
    feed(recognizer, say("elephants remember everything"))
    assert set(recognizer.finish().text.split()) == {UNKNOWN}


def test_a_word_that_the_model_does_not_have_does_no_harm(
    model: VoskModel, say: Say, capfd: pytest.CaptureFixture[str]
) -> None:
    recognizer = VoskRecognizer(model, ["qwertyuiop step", "pause"])
    feed(recognizer, say("pause"))
    assert recognizer.finish().text == "pause"
    assert capfd.readouterr().err == ""


def test_vosk_ends_an_utterance_itself_after_a_silence(model: VoskModel, say: Say) -> None:
    recognizer = VoskRecognizer(model, ["pause"])
    heard = feed(recognizer, np.concatenate([say("pause"), silence(1.5)]))
    assert [hypothesis.text for hypothesis in heard if hypothesis.final] == ["pause"]
    assert recognizer.finish().text == ""


def test_a_folder_that_is_not_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=f"{tmp_path} is not a Vosk speech model"):
        VoskModel(tmp_path)


def test_a_read_only_model_is_loaded_and_not_changed(
    tmp_path: Path, model_path: Path, say: Say
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model_path, folder)
    before = _contents(folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        recognizer = VoskRecognizer(VoskModel(folder), ["pause"])
        feed(recognizer, say("pause"))
        assert recognizer.finish().text == "pause"
        assert _contents(folder) == before
    finally:
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755)


def test_where_links_cannot_be_made_the_model_is_used_as_it_is(
    model_path: Path, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    recognizer = VoskRecognizer(VoskModel(model_path), ["pause"])
    feed(recognizer, say("pause"))
    assert recognizer.finish().text == "pause"


def test_more_hypotheses_are_kept_than_the_model_itself_would_keep(
    model: VoskModel, say: Say
) -> None:
    """With the small model's own width there are two or three."""
    recognizer = VoskRecognizer(model)
    feed(recognizer, say("how hard should i press"))
    assert len(recognizer.finish().n_best) > 10


def _contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).digest() for path in files
    }


def test_the_same_audio_gives_the_same_hypothesis_every_time(model: VoskModel, say: Say) -> None:
    """With its own settings the library adds random noise."""
    sound = np.concatenate([silence(0.3), say("how hard should i press", "rms"), silence(0.3)])
    found = set()
    for _ in range(3):
        recognizer = VoskRecognizer(model)
        feed(recognizer, sound)
        found.add(recognizer.finish())
    assert len(found) == 1
