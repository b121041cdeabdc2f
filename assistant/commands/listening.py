"""What `massage doctor` hears in a few seconds: level, noise, echo, and whether "next" is heard."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from assistant.audio.clip import Clip
from assistant.audio.device import (
    BLOCK_SECONDS,
    SILENCE_OUT,
    Device,
    Samples,
)
from assistant.audio.mixer import Mixer
from assistant.echo.canceller import EchoCanceller
from assistant.hearing.endpointer import Endpointer, SpeechEvent, Utterance

LISTEN_SECONDS = 5.0
QUIETEST_DBFS = -90.0
FAINT_DBFS = -45.0
"""A voice below this is lost in the converters of many microphones."""
CLIPPED = 0.99
"""Of full scale: beyond lies distortion."""
CLEAR_DB = 20.0
"""Nearer to a running tap commands are lost; `script/bench hearing` prints how many."""


@dataclass(slots=True)
class Impression:
    """What came in. Levels in dBFS of 20 ms blocks."""

    heard: list[str] = field(default_factory=list)
    levels: list[float] = field(default_factory=list)
    peak: float = 0.0

    @property
    def noise(self) -> float:
        """The level below which a tenth of the time lies."""
        return float(np.percentile(self.levels, 10))

    @property
    def voice(self) -> float:
        """The level above which a twentieth of the time lies."""
        return float(np.percentile(self.levels, 95))

    def take(self, block: Samples, events: list[SpeechEvent]) -> None:
        """Take a block (320,) and what the listener made of it."""
        power = float(np.dot(block, block)) / len(block)
        self.levels.append(max(QUIETEST_DBFS, 10 * float(np.log10(max(power, 1e-12)))))
        self.peak = max(self.peak, float(np.abs(block).max()))
        self.heard += [news.text for news in events if isinstance(news, Utterance) and news.text]


def play_and_listen(device: Device, clip: Clip) -> EchoCanceller:
    """Play `clip` and return what the canceller learned of the way to the microphone."""
    mixer, canceller = Mixer(audible=device.audible), EchoCanceller()
    mixer.say(clip, tag=0)
    tail = round(1 / BLOCK_SECONDS)
    while mixer.speaking or tail:
        tail -= not mixer.speaking
        played = mixer.next_block()
        canceller.cancel(device.exchange(played).block, played)
    return canceller


def listen(device: Device, listener: Endpointer) -> Impression:
    """Listen for five seconds in silence."""
    impression = Impression()
    for _ in range(round(LISTEN_SECONDS / BLOCK_SECONDS)):
        block = device.exchange(SILENCE_OUT).block
        impression.take(block, listener.listen(block))
    impression.heard += [news.text for news in listener.flush() if isinstance(news, Utterance)]
    return impression


def judged(impression: Impression, wanted: str) -> Iterator[tuple[str, bool, str]]:
    """Yield part, whether it is good, and a sentence, for the level and for what was understood."""
    voice, noise = impression.voice, impression.noise
    levels = f"voice {voice:.0f} dBFS, background {noise:.0f} dBFS"
    if impression.peak > CLIPPED:
        yield "level", False, f"{levels}: too loud. Turn the microphone down or step back."
    elif voice < FAINT_DBFS:
        yield "level", False, f"{levels}: too soft. Turn the microphone up or come closer."
    elif voice - noise < CLEAR_DB:
        yield "level", False, f"{levels}: noisy. Close the tap or come closer."
    else:
        yield "level", True, f"{levels}."
    heard = ", ".join(f"“{text}”" for text in impression.heard if text)
    if wanted in " ".join(impression.heard).split():
        yield "understanding", True, f"I heard {heard}."
    elif heard:
        yield "understanding", False, f"I heard {heard}, not “{wanted}”. Say it once more, alone."
    else:
        yield "understanding", False, f"I did not hear “{wanted}”. Come closer and try again."
