"""A voice that fails in the middle is replaced, the user told, and nothing cut or lost."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import date

import numpy as np
import pytest

from assistant import assembly
from assistant._resources import resource
from assistant.assembly import make_content, make_interpreter
from assistant.audio.clip import Clip
from assistant.audio.device import BLOCK_OUT, RATE_OUT, Device, Incoming, Samples
from assistant.audio.mixer import Mixer
from assistant.audio.sound_bed import SoundBed
from assistant.audio.wav_files import write_wav
from assistant.config import Settings
from assistant.dialogue.state import Place, State
from assistant.library.library import Library
from assistant.rehearsal.room import Room
from assistant.screen.plain import NoScreen
from assistant.session import Session
from assistant.speaking.clip_cache import ClipCache
from assistant.speaking.renderer import Renderer
from assistant.speaking.voice import Voice
from assistant.speech_queue import WHISPER
from assistant.transcript import Transcript
from tests.speaking.engines import DYING, HANGING, SLOW_BUT_ALIVE, engine

LIBRARY = Library([resource("routines")])


class Humming:
    """A voice of one note, `level` loud; `gate` holds it up until opened."""

    loading_seconds = 0.0

    def __init__(self, key: str, level: int = 8000, gate: threading.Event | None = None) -> None:
        self.key = key
        self.said: list[str] = []
        self._level, self._gate = level, gate

    def render(self, text: str, rate: float = 1.0) -> Clip:
        self.said.append(text)
        if self._gate is not None:
            self._gate.wait(30)
        return Clip.from_pcm(np.full(round(RATE_OUT * 0.5 / rate), self._level, np.int16))

    def close(self) -> None:
        pass


class Notes(NoScreen):
    """Remembers what was remarked."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


@pytest.fixture(scope="module")
def parts():
    return {
        "content": make_content(LIBRARY, date(2026, 11, 22)),
        "interpreter": make_interpreter(LIBRARY),
    }


MakeSession = Callable[..., Session]


PREPARING = State(mode="preparing", place=Place(LIBRARY.plan("puffy-eyes")))


@pytest.fixture
def make_session(parts) -> Iterator[MakeSession]:
    made: list[Session] = []

    def make(
        *voices: Voice,
        cache: ClipCache | None = None,
        device: Device | None = None,
        mixer: Mixer | None = None,
        settings: Settings = Settings(),  # noqa: B008 - frozen
        initial: State | None = None,
    ) -> Session:
        screen = Notes()
        session = assembly.make_session(
            settings,
            device or Room(audible=True),
            screen,
            Transcript(),
            renderer=Renderer(voices, cache, screen.note),
            initial=initial,
            mixer=mixer,
            **parts,
        )
        made.append(session)
        return session

    yield make
    for session in made:
        session.close()


def said(session: Session) -> list[str]:
    return [str(entry["coach"]) for entry in session.transcript.entries if "coach" in entry]


def run(session: Session, until: Callable[[], bool], blocks: int = 20_000) -> Samples:
    """Let it go on until something is so; return what was played."""
    played: list[Samples] = []
    exchange = session.device.exchange

    def noting(out: Samples) -> Incoming:
        played.append(out)
        return exchange(out)

    session.device.exchange = noting  # type: ignore[method-assign]
    while not until():
        assert len(played) < blocks
        session.step()
    session.device.exchange = exchange  # type: ignore[method-assign]
    return np.concatenate(played or [np.zeros((0, 2), np.float32)])


@pytest.mark.parametrize("program", [HANGING, DYING])
def test_an_engine_that_hangs_or_dies_is_replaced_within_seconds_and_the_user_told(
    tmp_path, monkeypatch, make_session, program
):
    monkeypatch.setattr("assistant.speaking.voice.PATIENCE_SECONDS", 2.0)
    spare = Humming("spare 1")
    session = make_session(engine(tmp_path, monkeypatch, program), spare)
    begun = time.monotonic()
    session.start()
    session.step()
    assert time.monotonic() - begun < 5.0
    run(session, lambda: not session.speaking)
    assert spare.said[0] == "Hello."
    assert said(session)[-1] == "My other voice failed, so I'll use this one."
    assert len(session.screen.notes) == 1
    assert "pyttsx3 failed: The speech engine (pyttsx3) does not answer" in session.screen.notes[0]


def test_an_engine_that_starts_slowly_is_waited_for(tmp_path, monkeypatch, make_session):
    """As at the first start after booting, while the computer is busy with other things."""
    monkeypatch.setattr("assistant.speaking.voice.PATIENCE_SECONDS", 3.0)
    slow, spare = engine(tmp_path, monkeypatch, SLOW_BUT_ALIVE), Humming("spare 1")
    session = make_session(slow, spare)
    session.start()
    run(session, lambda: not session.speaking)
    assert spare.said == []
    assert session.screen.notes == []


def test_with_the_last_voice_lost_it_goes_on_in_writing_and_with_sounds(
    tmp_path, monkeypatch, make_session
):
    session = make_session(engine(tmp_path, monkeypatch, DYING), initial=PREPARING)
    session.device.type("ready")
    heard = run(session, lambda: bool(session.state.place) and session.state.place.stroke > 1)
    assert "From here on, I'll use text, and you'll still hear the sounds." in " ".join(
        said(session)
    )
    assert np.abs(heard).max() > 0.05  # earcons
    assert "in writing" in session.screen.notes[0]


def test_another_voice_speaks_from_the_next_sentence_on_and_the_first_one_in_turn(make_session):
    one, two = Humming("one 1"), Humming("two 1")
    session = make_session(one, two)
    for other in (two, one):
        session.device.type("another voice")
        session.step()
        run(session, lambda: not session.speaking)
        assert session.speech.renderer.voice is other
        assert other.said[-1] == "Here's another voice."


def test_after_a_change_what_was_ready_is_soon_ready_again_in_the_new_voice():
    one, two = Humming("one 1", 100), Humming("two 1", 200)
    renderer = Renderer([one, two], None)
    for text in ("a", "b"):
        renderer.wait(text)
    assert renderer.change_voice()
    clips = [renderer.wait(text) for text in ("b", "c")]
    renderer.close()
    assert {
        round(float(clip.samples[0]) * 32768) for clip in clips if clip.samples is not None
    } == {200}
    assert sorted(two.said) == ["a", "b", "c"]


def test_a_full_disk_is_remarked_once_and_everything_is_said(tmp_path, make_session):
    blocked = tmp_path / "no folder"
    blocked.write_text("")
    voice = Humming("humming 1")
    session = make_session(voice, cache=ClipCache(blocked))
    session.start()
    run(session, lambda: not session.speaking)
    session.device.type("help")
    session.step()
    run(session, lambda: not session.speaking)
    assert len(session.screen.notes) == 1
    assert str(blocked) in session.screen.notes[0]
    assert len(said(session)) > 3


class RealTime(Room):
    """A room that does not wait, and says that it does."""

    realtime = True


def test_a_sentence_that_is_late_shifts_what_follows_and_cuts_nothing(make_session):
    gate = threading.Event()
    voice = Humming("slow 1", gate=gate)
    session = make_session(voice, device=RealTime(audible=True), initial=PREPARING)
    session.device.type("ready")
    before = run(session, lambda: session.blocks >= 100)
    assert said(session) == []
    assert np.abs(before[BLOCK_OUT * 20 :]).max() == 0.0  # after the sign that "ready" was heard
    gate.set()
    heard = run(session, lambda: session.state.place.stroke > 0)
    speech = np.flatnonzero(np.isclose(heard[:, 0], 8000 / 32768, atol=1e-4))
    lines = sum("coach" in entry or "count" in entry for entry in session.transcript.entries)
    # Every sentence was played in full, one after the other; the strokes came after the last.
    assert len(speech) == pytest.approx(lines * RATE_OUT * 0.5, rel=0.02)
    first_stroke = session.transcript.entries[-1]["at"]
    assert first_stroke > 2.0 + len(said(session)) * 0.5


def test_whispered_speech_is_twelve_decibels_softer_and_sounds_are_not(make_session):
    voice = Humming("humming 1")
    session = make_session(voice)
    session.start()
    aloud = run(session, lambda: not session.speaking)
    session.device.type("whisper")
    session.step()
    run(session, lambda: bool(session.mixer.speaking))
    session.device.type("louder")
    session.device.type("quieter")
    whispered = run(session, lambda: said(session)[-1] in ("Quieter.", "Softer."))
    assert np.abs(aloud).max() == pytest.approx(8000 / 32768, abs=1e-3)
    late = run(session, lambda: not session.speaking)
    assert np.abs(late[BLOCK_OUT * 10 :]).max() == pytest.approx(8000 / 32768 * WHISPER, rel=0.05)
    assert np.abs(whispered).max() > np.abs(late[BLOCK_OUT * 10 :]).max()  # "heard", as ever


def test_the_bed_lies_under_the_massage_only(tmp_path, make_session):
    path = tmp_path / "noise.wav"
    write_wav(
        path, np.random.default_rng(1).normal(0, 0.1, 3 * RATE_OUT).astype(np.float32), RATE_OUT
    )
    bed = SoundBed(path)
    mixer = Mixer(bed=bed)
    session = make_session(Humming("humming 1"), mixer=mixer, initial=PREPARING)
    assert not bed.sounding
    session.device.type("ready")
    run(session, lambda: session.state.place.stroke > 1)
    assert bed.on
    session.device.type("pause")
    run(session, lambda: session.state.mode == "paused")
    run(session, lambda: not bed.sounding, blocks=120)
    session.device.type("go on")
    run(session, lambda: bed.on)
    session.device.type("silence")
    run(session, lambda: not bed.sounding, blocks=120)


def test_rate_and_volume_of_the_settings_are_what_is_heard(make_session):
    voice = Humming("humming 1")
    session = make_session(voice, settings=Settings(volume=0.5, rate=2.0))
    session.start()
    run(session, lambda: session.mixer.speaking)
    heard = run(session, lambda: not session.mixer.speaking)
    assert np.abs(heard[BLOCK_OUT * 5 :]).max() == pytest.approx(4000 / 32768, abs=1e-3)
    spoken = np.flatnonzero(heard[:, 0])
    assert len(spoken) == pytest.approx(len(said(session)) * 0.25 * RATE_OUT, rel=0.1)
