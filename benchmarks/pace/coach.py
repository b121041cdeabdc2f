"""The coach with a massage under way, on files or on the sound card, noting what it plays."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.assembly import make_content, make_interpreter, make_session
from assistant.audio.clip import Clip
from assistant.audio.device import Device, Incoming, Samples
from assistant.config import Settings
from assistant.dialogue.state import Place, State
from assistant.hearing.threaded_input import ThreadedSpeechInput
from assistant.library.library import load_library
from assistant.routine.plan import Plan
from assistant.screen.plain import NoScreen
from assistant.session import Session
from assistant.transcript import Transcript
from benchmarks.pace.scores import NotingMixer, Sounded, flowing, texts

LONGEST = 60.0
"""Seconds within which a sentence that can be cut comes."""
_SILENCE_BEFORE = 1


@dataclass
class Performance:
    """What was played."""

    sounded: list[Sounded]
    begun: float = 0.0
    """On the clock of `time.monotonic`, when the first block was asked for."""
    cut: float = 0.0
    """When "pause" was decided: in seconds since the first block, or on that clock."""
    kib: int = 0
    voice: str = ""
    hearing: bool = False


class Typed:
    """A device, and lines that are typed beside it."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self.realtime, self.audible = device.realtime, device.audible
        self.lines: deque[str] = deque()

    def exchange(self, out: Samples) -> Incoming:
        """Play and hear; what was typed comes with it."""
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
        """Begin a step; what it says is rendered by then, as it is when the user says "ready"."""
        library = load_library()
        self.typed = Typed(self.device)
        interpreter = make_interpreter(library)
        self.session = make_session(
            Settings(voice=self.voice),
            self.typed,
            NoScreen(),
            Transcript(),
            content=make_content(library, date.today()),
            interpreter=interpreter,
            speech_input=self.speech_input,
            mixer=self.mixer,
            initial=State(
                mode="guiding",
                place=Place(self.plan, step),
                replying=True,
                awaited=_SILENCE_BEFORE,
                tags=_SILENCE_BEFORE,
            ),
        )
        if self.speech_input:
            silent = Future[Samples | None]()
            silent.set_result(None)
            self.speech_input.start(lambda: [interpreter.grammar("guiding")], silent)
        renderer = self.session.speech.renderer
        for text in texts(self.plan.steps[step : step + 1]):
            renderer.wait(text)
        renderer.prepare(texts(self.plan.steps[step + 1 : step + 2]))
        super(NotingMixer, self.mixer).say(Clip(1), _SILENCE_BEFORE)

    def run(self, until: Callable[[], bool]) -> None:
        """Go on until something is so, or the massage is over."""
        while self.session.state.mode == "guiding" and not until():
            self.session.step()

    def pause_in_a_sentence(self, now: Callable[[], float]) -> tuple[list[Sounded], float]:
        """Type "pause" in the middle of one; return what was played, that last, and when."""
        end = self.session.seconds + LONGEST
        self.run(lambda: self._speaks_on() or self.session.seconds > end)
        sounded = list(self.mixer.sounded)
        self.typed.lines.append("pause")
        self.session.step()
        return sounded, now()

    def _speaks_on(self) -> bool:
        if not self.mixer.speaking or not self.mixer.sounded:
            return False
        last = self.mixer.sounded[-1]
        return last.kind == "clip" and flowing(last.shape, self.session.seconds - last.at)
