"""The coach in the middle of a massage, on files or a sound card, with notes of what it plays."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

from assistant.audio.device import Device, Incoming, Samples
from assistant.config import Settings
from assistant.hearing.threaded_input import ThreadedSpeechInput
from assistant.routine.plan import Plan
from assistant.score.step_recording import session_at_step
from assistant.session import Session
from benchmarks.pace.scores import NotingMixer, PlayedSound, in_speech, texts

SENTENCE_WITHIN = 60.0
"""Seconds within which a sentence must come that is long enough to cut."""


@dataclass
class Performance:
    """What was played."""

    played: list[PlayedSound]
    begun: float = 0.0
    """When the first block was asked for, on the clock of `time.monotonic`."""
    cut: float = 0.0
    """When "pause" was typed, on the same clock."""
    kib: int = 0
    voice: str = ""
    hearing: bool = False


class Typed:
    """A device with typed lines added."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self.realtime, self.audible = device.realtime, device.audible
        self.lines: deque[str] = deque()

    def exchange(self, out: Samples) -> Incoming:
        """Exchange a block, and hand over what was typed."""
        incoming = self._device.exchange(out)
        lines = tuple(self.lines)
        self.lines.clear()
        return replace(incoming, lines=lines)

    def close(self) -> None:
        """Close the device."""
        self._device.close()


@dataclass
class Coach:
    """A session that is in the middle of a massage."""

    plan: Plan
    device: Device
    voice: str
    speech_input: ThreadedSpeechInput | None = None
    mixer: NotingMixer = field(default_factory=NotingMixer)
    session: Session = field(init=False)
    typed: Typed = field(init=False)

    def begin(self, step: int) -> None:
        """Begin a step, with its speech rendered, as it is by the time a user says "ready"."""
        self.typed = Typed(self.device)
        self.session = session_at_step(
            self.plan,
            step,
            Settings(voice=self.voice),
            self.typed,
            self.mixer,
            self.speech_input,
        )
        interpreter = self.session.user_input.interpreter
        if self.speech_input:
            silent = Future[Samples | None]()
            silent.set_result(None)
            self.speech_input.start(lambda: [interpreter.grammar("guiding")], silent)
        renderer = self.session.speech.renderer
        for text in texts(self.plan.steps[step : step + 1]):
            renderer.wait(text)
        renderer.prepare(texts(self.plan.steps[step + 1 : step + 2]))

    def run(self, until: Callable[[], bool]) -> None:
        """Run the session until the condition holds or the massage is over."""
        while self.session.state.mode == "guiding" and not until():
            self.session.step()

    def pause_in_a_sentence(self, now: Callable[[], float]) -> tuple[list[PlayedSound], float]:
        """Type "pause" in the middle of a sentence.

        Returns what was played, that sentence last, and the moment by `now`.
        """
        end = self.session.seconds + SENTENCE_WITHIN
        self.run(lambda: self._in_speech() or self.session.seconds > end)
        played = list(self.mixer.played)
        self.typed.lines.append("pause")
        self.session.step()
        return played, now()

    def _in_speech(self) -> bool:
        if not self.mixer.speaking or not self.mixer.played:
            return False
        last = self.mixer.played[-1]
        return last.kind == "clip" and in_speech(last.shape, self.session.seconds - last.at)
