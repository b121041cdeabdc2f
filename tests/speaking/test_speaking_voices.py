"""Both real voices speak: at one loudness, cleanly cut, the same every time, and understandably."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.clip import Clip
from assistant.audio.device import RATE_IN, RATE_OUT
from assistant.audio.loudness import PEAK, TARGET, loudness
from assistant.errors import VoiceError
from assistant.routine.plan import SpokenLine
from assistant.speaking.choose import choose_voices
from assistant.speaking.piper_voice import PiperVoice
from assistant.speaking.pyttsx3_voice import WORKER, Pyttsx3Voice
from assistant.speaking.silent_voice import SilentVoice
from assistant.speaking.voice import Voice
from tests.speaking.sounds import same_sound

SENTENCE = "With your ring fingers, glide from the inner corner along the bone to the temple."


@pytest.fixture(scope="module")
def espeak():
    voice = Pyttsx3Voice()
    yield voice
    voice.close()


@pytest.fixture(scope="module")
def piper():
    voice = PiperVoice()
    yield voice
    voice.close()


@pytest.fixture(params=["espeak", "piper"])
def voice(request):
    return request.getfixturevalue(request.param)


def sounding(clip: Clip) -> np.ndarray:
    assert clip.samples is not None
    assert clip.samples.dtype == np.float32
    assert clip.samples.shape == (clip.length,)
    return clip.samples


def test_a_sentence_takes_about_as_long_as_the_planner_estimates(voice: Voice):
    assert voice.render(SENTENCE).seconds == pytest.approx(
        SpokenLine(SENTENCE, "what").seconds, rel=0.2
    )


@pytest.mark.parametrize("text", ["Pause.", SENTENCE])
def test_every_voice_is_equally_loud_and_never_near_clipping(voice: Voice, text: str):
    samples = sounding(voice.render(text))
    assert loudness(samples) == pytest.approx(TARGET, abs=0.5)
    assert np.abs(samples).max() <= PEAK + 1 / 32768


def test_a_clip_starts_and_ends_in_silence_but_without_dead_time(voice: Voice):
    samples = np.abs(sounding(voice.render(SENTENCE)))
    assert samples[0] == samples[-1] == 0
    loud = np.flatnonzero(samples > 0.05)
    assert loud[0] < 0.15 * RATE_OUT
    assert len(samples) - loud[-1] < 0.35 * RATE_OUT


def test_the_same_text_gives_the_same_samples_whatever_was_said_before(voice: Voice):
    first = sounding(voice.render(SENTENCE))
    voice.render("Something else, in between.")
    assert np.array_equal(first, sounding(voice.render(SENTENCE)))


def test_the_rate_set_is_the_rate_spoken_every_time(espeak: Voice):
    assert len({espeak.render("Move your hands to the right side.").length for _ in range(20)}) == 1


@pytest.mark.parametrize("rate", [0.8, 1.3])
def test_a_rate_makes_speech_so_much_faster_or_slower(voice: Voice, rate: float):
    normal, changed = voice.render(SENTENCE), voice.render(SENTENCE, rate)
    assert changed.seconds == pytest.approx(normal.seconds / rate, rel=0.1)


def test_silence_is_rendered_as_a_short_silent_clip(voice: Voice):
    assert voice.render("...").seconds < 1.0


def test_what_piper_says_is_understood_by_an_open_recognizer(piper: Voice, model_path: Path):
    import soxr
    import vosk

    vosk.SetLogLevel(-1)
    recognizer = vosk.KaldiRecognizer(vosk.Model(model_path=str(model_path)), RATE_IN)
    speech = soxr.resample(sounding(piper.render(SENTENCE)), RATE_OUT, RATE_IN)
    padded = np.concatenate([np.zeros(RATE_IN // 4), speech, np.zeros(RATE_IN // 2)])
    recognizer.AcceptWaveform((padded * 32767).astype(np.int16).tobytes())
    heard = json.loads(recognizer.FinalResult())["text"].split()
    spoken = SENTENCE.lower().replace(",", "").replace(".", "").split()
    assert sum(word in heard for word in spoken) >= 0.85 * len(spoken)


def test_another_pitch_is_another_speaker_at_the_same_speed(piper: Voice):
    normal, higher = piper.render(SENTENCE), PiperVoice(pitch=1.15).render(SENTENCE)
    assert higher.seconds == pytest.approx(normal.seconds, rel=0.05)
    assert centroid(sounding(higher)) > 1.05 * centroid(sounding(normal))


def centroid(samples: np.ndarray) -> float:
    power = np.abs(np.fft.rfft(samples)) ** 2
    return float(np.sum(power * np.fft.rfftfreq(len(samples), 1 / RATE_OUT)) / np.sum(power))


def test_a_female_variant_of_espeak_sounds_different(espeak: Voice):
    female = Pyttsx3Voice("en-us+f3")
    try:
        assert not same_sound(female.render("Hello."), espeak.render("Hello."))
    finally:
        female.close()


def test_silence_lasts_as_long_as_the_planner_estimates_and_scales_with_the_rate():
    clip = SilentVoice().render("Three words here", 2.0)
    assert clip.samples is None
    assert clip.seconds == pytest.approx(
        SpokenLine("Three words here", "what").seconds / 2, abs=0.001
    )


def worker_of(voice: Pyttsx3Voice) -> subprocess.Popen[str]:
    assert voice._child is not None
    return voice._child._process


@pytest.mark.skipif(sys.platform == "win32", reason="stops a process by signal")
def test_an_engine_that_died_is_started_again():
    voice = Pyttsx3Voice()
    voice.render("Pause.")
    worker = worker_of(voice)
    worker.kill()
    worker.wait()
    assert voice.render("Pause.").samples is not None
    voice.close()


@pytest.mark.skipif(sys.platform == "win32", reason="stops a process by signal")
def test_an_engine_that_hangs_is_ended_and_started_again(monkeypatch: pytest.MonkeyPatch):
    voice = Pyttsx3Voice()
    voice.render("Pause.")
    monkeypatch.setattr("assistant.speaking.voice.PATIENCE_SECONDS", 2.0)
    stopped = worker_of(voice)
    os.kill(stopped.pid, signal.SIGSTOP)
    assert voice.render("Pause.").samples is not None
    assert stopped.poll() is not None
    voice.close()


@pytest.mark.skipif(sys.platform != "linux", reason="eSpeak NG is the engine of Linux only")
def test_without_espeak_the_worker_says_what_to_install(tmp_path: Path):
    hide = "import ctypes; ctypes.cdll.LoadLibrary = None\n"
    (tmp_path / "sitecustomize.py").write_text(hide)
    answer = subprocess.run(
        [sys.executable, WORKER],
        input='{"list": true}\n',
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert "apt install espeak-ng" in json.loads(answer.stdout.splitlines()[-1])["error"]


def test_without_espeak_a_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "sitecustomize.py").write_text("import ctypes; ctypes.cdll.LoadLibrary = None\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    voice = Pyttsx3Voice()
    with pytest.raises(VoiceError, match="apt install espeak-ng"):
        voice.render("Pause.")
    voice.close()


def test_the_engine_ends_when_its_input_does():
    worker = subprocess.run(
        [sys.executable, "-P", WORKER], stdin=subprocess.DEVNULL, timeout=20, check=False
    )
    assert worker.returncode == 0


def test_a_misspelt_voice_name_brings_the_nearest():
    with pytest.raises(VoiceError, match="en-us"):
        choose_voices("en-uss")


def test_a_chosen_voice_has_another_one_behind_it_and_silence_behind_all():
    engines = [type(voice).__name__ for voice in choose_voices("en-us+f3")]
    assert engines == ["Pyttsx3Voice", "PiperVoice", "SilentVoice"]


def test_the_neural_voice_is_taken_first_when_installed():
    engines = [type(voice).__name__ for voice in choose_voices()]
    assert engines == ["PiperVoice", "Pyttsx3Voice", "SilentVoice"]


def test_without_the_neural_extra_the_systems_voice_is_taken(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("assistant.speaking.piper_models.find_spec", lambda _: None)
    assert [type(voice).__name__ for voice in choose_voices()] == ["Pyttsx3Voice", "SilentVoice"]
    with pytest.raises(VoiceError, match=r"pip install 'massage-assistant\[neural\]'"):
        choose_voices("piper")


def test_a_voice_file_that_is_missing_or_no_voice_is_refused_in_one_sentence(tmp_path: Path):
    with pytest.raises(VoiceError, match="no voice file"):
        choose_voices(str(tmp_path / "nobody.onnx"))
    fake = tmp_path / "fake.onnx"
    fake.write_text("not a model")
    with pytest.raises(VoiceError, match="not a Piper voice"):
        choose_voices(str(fake))
    Path(f"{fake}.json").write_text(
        '{"phoneme_id_map": {}, "audio": {"sample_rate": 22050}, "espeak": {"voice": "en-us"},'
        ' "num_symbols": 1, "num_speakers": 1}'
    )
    with pytest.raises(VoiceError, match="not a Piper voice"):
        choose_voices(str(fake))[0].render("Hello.")


def test_choosing_a_voice_loads_nothing_heavy():
    program = (
        "import sys; from assistant.speaking.choose import choose_voices; choose_voices();"
        "print([m for m in ('onnxruntime', 'piper', 'pyttsx3', 'soundfile') if m in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=20, check=True
    )
    assert answer.stdout.strip() == "[]"


def test_the_neural_voice_leaves_no_identifier_behind_that_could_be_reported(tmp_path: Path):
    """Its engine would tell its maker of every use, under a number kept in the cache folder."""
    script = "from assistant.speaking.piper_voice import PiperVoice as V; V().render('Hello.')"
    subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        timeout=60,
        env={name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
        | {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)},
    )
    assert [*tmp_path.iterdir()] == []
