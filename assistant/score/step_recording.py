"""Plays one step as a session plays it, with the real voice, and records what sounds when.

The audio is what a speaker would get, to the sample; nobody interrupts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from assistant.assembly import make_content, make_interpreter, make_session
from assistant.audio.clip import Clip
from assistant.audio.device import RATE_OUT, Device, Incoming, Samples
from assistant.audio.mixer import Mixer
from assistant.config import Settings
from assistant.dialogue.state import Place, State
from assistant.hearing.speech_input import SpeechInput
from assistant.library.library import load_library
from assistant.routine.plan import LineKind, Plan, Side, SpokenLine, Step
from assistant.routine.track import StrokeSound, Track
from assistant.screen.plain import NoScreen
from assistant.session import Session
from assistant.transcript import Transcript

_START = 1
"""Tag of the empty clip at whose end the step begins."""


@dataclass(frozen=True, slots=True)
class RecordedClip:
    """A sentence of the narration, or a word on the strokes; times in seconds from the start."""

    start: float
    end: float
    text: str
    kind: LineKind | Literal["count"]


@dataclass(frozen=True, slots=True)
class Stroke:
    """One stroke."""

    start: float
    end: float
    side: Side
    number: int
    """Number in its run, from 1."""


@dataclass(frozen=True, slots=True)
class Earcon:
    """One earcon."""

    at: float
    sound: StrokeSound
    side: Side


@dataclass(frozen=True, slots=True)
class StepRecording:
    """One step, played."""

    step: Step
    sound: Samples
    """(n, 2) at 48 kHz."""
    spoken: tuple[RecordedClip, ...]
    strokes: tuple[Stroke, ...]
    earcons: tuple[Earcon, ...]

    @property
    def seconds(self) -> float:
        """How long it took."""
        return len(self.sound) / RATE_OUT


def record_step(plan: Plan, index: int, settings: Settings) -> StepRecording:
    """Play the step with this index from its first sentence to its end."""
    speaker, mixer = _Speaker(), _NotingMixer()
    session = session_at_step(plan, index, settings, speaker, mixer)
    try:
        while session.state.place is not None and session.state.place.step == index:
            session.step()
    finally:
        session.close()
    step = plan.steps[index]
    texts = [entry["coach"] for entry in session.transcript.entries if "coach" in entry]
    kinds = {item.text: item.kind for item in step.score if isinstance(item, SpokenLine)}
    other: LineKind = "cue"  # for what is not of the step, such as that a voice has failed
    # The first clip is the empty one. The next step's first sentence may be queued already: it has
    # a text and a clip, but begins after the end.
    begun = [(start, end) for start, end in mixer.said[1:] if start < mixer.position]
    narration = [
        RecordedClip(start / RATE_OUT, end / RATE_OUT, text, kinds.get(text, other))
        for (start, end), text in zip(begun, texts, strict=False)
    ]
    return StepRecording(
        step,
        np.concatenate(speaker.blocks),
        tuple(sorted([*narration, *mixer.counts], key=lambda spoken: spoken.start)),
        tuple(mixer.laid),
        tuple(mixer.earcons),
    )


def session_at_step(
    plan: Plan,
    index: int,
    settings: Settings,
    device: Device,
    mixer: Mixer,
    speech_input: SpeechInput | None = None,
) -> Session:
    """Return a session whose next block begins the step with this index."""
    library = load_library()
    session = make_session(
        settings,
        device,
        NoScreen(),
        Transcript(),
        content=make_content(library, date.today()),
        interpreter=make_interpreter(library),
        speech_input=speech_input,
        mixer=mixer,
        initial=State(
            mode="guiding", place=Place(plan, index), replying=True, awaited=_START, tags=_START
        ),
    )
    # A step begins when a reply ends. A clip of one sample is the shortest reply there is.
    mixer.say(Clip(1), _START)
    return session


class _Speaker:
    """A device that keeps what it plays and hears nothing."""

    realtime, audible = False, True

    def __init__(self) -> None:
        self.blocks: list[Samples] = []

    def exchange(self, out: Samples) -> Incoming:
        self.blocks.append(out)
        return Incoming()

    def close(self) -> None:
        """Do nothing."""


class _NotingMixer(Mixer):
    """A mixer that notes where it places what."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[int, int]] = []
        """Where each clip begins and ends, in samples from the start."""
        self.counts: list[RecordedClip] = []
        self.laid: list[Stroke] = []
        self.earcons: list[Earcon] = []

    def say(self, clip: Clip, tag: int) -> None:
        super().say(clip, tag)
        self.said.append((self._speech_end - clip.length, self._speech_end))

    def strokes(self, track: Track, tag: int, clips: Mapping[str, Clip] | None = None) -> None:
        super().strokes(track, tag, clips)
        now = self.position / RATE_OUT
        self.earcons += [Earcon(now + each.at, each.sound, track.side) for each in track.sounds]
        self.laid += [
            Stroke(now + track.begins(k), now + track.begins(k + 1), track.side, k + 1)
            for k in range(track.count)
        ]
        self.counts += [
            RecordedClip(cue.at / RATE_OUT, cue.until / RATE_OUT, cue.passed.word, "count")
            for cue in self._cues
            if cue.passed.word
        ]
