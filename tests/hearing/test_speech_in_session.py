"""A session and its speech input: what is passed on, and that nothing is left waiting."""

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.assembly import make_content, make_interpreter, make_session, make_speech_input
from assistant.audio.device import RATE_IN, Samples
from assistant.audio.wav_files import WavDevice
from assistant.config import Settings
from assistant.hearing.endpointer import Endpointer
from assistant.hearing.speech_input import Grammars, NoSpeechInput, SpeechInput
from assistant.hearing.vosk import VoskModel, VoskRecognizer
from assistant.library.library import load_library
from assistant.screen.plain import NoScreen
from assistant.session import Session
from assistant.transcript import Transcript

LIBRARY = load_library()
CONTENT = make_content(LIBRARY, date(2026, 3, 2))
INTERPRETER = make_interpreter(LIBRARY)
EXAMPLE = "puffy eyes"
"""What the last words of the hello suggest to say."""


class Unheard(WavDevice):
    """A microphone without a speaker: what the coach says stands on the screen."""

    audible = False


class NeverReady(NoSpeechInput):
    """Speech input that waits for the coach's first words."""

    def start(self, _: Grammars, first_clip: Future[Samples | None], /) -> None:
        self.first_clip = first_clip


def session_with(device: WavDevice, speech_input: SpeechInput | None) -> Session:
    return make_session(
        Settings(),
        device,
        NoScreen(),
        Transcript(),
        content=CONTENT,
        interpreter=INTERPRETER,
        speech_input=speech_input,
    )


def test_leaving_before_the_first_word_does_not_wait_for_it() -> None:
    """A thread that went on waiting would keep the process from ending."""
    speech_input = NeverReady()
    session = session_with(Unheard(None, None), speech_input)
    session.start()
    session.close()
    with pytest.raises(CancelledError):
        speech_input.first_clip.result(timeout=0)


def test_what_the_coach_only_writes_can_be_said_at_once(
    model: VoskModel, say: Callable[..., Samples], tmp_path: Path
) -> None:
    """Without a speaker there is no echo for which it could be taken."""
    mic, command = tmp_path / "mic.wav", say(EXAMPLE, "rms")
    before = np.zeros(round(_hello_seconds() * RATE_IN) - len(command), np.float32)
    after = np.zeros(2 * RATE_IN, np.float32)
    soundfile.write(mic, np.concatenate([before, command, after]), RATE_IN)
    endpointer = Endpointer(VoskRecognizer(model), VoskRecognizer(model))
    session = session_with(Unheard(mic, None), make_speech_input(endpointer))
    session.run()
    session.close()
    assert [entry["user"] for entry in session.transcript.by_user] == [EXAMPLE]


def _hello_seconds() -> float:
    """Return how long the hello takes."""
    session = session_with(Unheard(None, None), None)
    session.start()
    while session.speaking:
        session.step()
    session.close()
    assert EXAMPLE in session.transcript.entries[-1]["coach"]
    return session.seconds
