"""What `massage doctor` hears in a few seconds: echo, level, noise, and whether "next" is heard."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np

from assistant.assembly import load_speech_model, make_interpreter, make_recognizers
from assistant.audio.clip import Clip
from assistant.audio.device import BLOCK_SECONDS, SILENCE_OUT, Device, Samples
from assistant.audio.mixer import Mixer
from assistant.commands.doctor import Finding
from assistant.config import Settings
from assistant.echo.canceller import EchoCanceller
from assistant.errors import ModelError
from assistant.hearing.endpointer import Endpointer
from assistant.hearing.speech_events import SpeechEvent, Utterance
from assistant.library.library import load_library
from assistant.library.shipped import load_replies

WANTED = "next"
LISTEN_SECONDS = 5.0
NO_ECHO_DB, STRONG_ECHO_DB = -40.0, 6.0
"""Gain from speaker to microphone: below, it is as with headphones; above, commands are lost."""
QUIETEST_DBFS = -90.0
FAINT_DBFS = -45.0
"""A voice below this is lost in the converters of many microphones."""
CLIPPED = 0.99
"""Of full scale: above, the signal is distorted."""
CLEAR_DB = 20.0
"""Voice above background. With less, commands are lost; `script/bench hearing` prints how many."""


def listen(settings: Settings, speaker: bool) -> Iterator[Finding]:
    """Play a sentence and measure its echo; then find out whether "next" is heard."""
    from assistant.audio.sound_card import open_sound_card

    try:
        endpointer = Endpointer(*make_recognizers(load_speech_model(settings)))
    except ModelError as error:  # all its files are there, but it cannot be loaded
        yield Finding("listening", False, str(error))
        return
    endpointer.expect(make_interpreter(load_library()).grammar("guiding"))
    clip = _spoken(settings.voice, load_replies().text("help guiding"))
    words = clip.for_warming_up if clip is not None else None
    if words is not None:
        endpointer.warm_up(words)
    with closing(open_sound_card(True, speaker)) as device:
        if clip is not None and speaker:
            yield _echo(*_play(device, clip).delay_and_gain())
        yield Finding("listening", True, f"for five seconds: say “{WANTED}” now.")
        impression = _impression(device, endpointer)
    yield _level(impression)
    yield _understanding(impression.heard)


@dataclass(slots=True)
class _Impression:
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
        """Take a block (320,) and what was recognized at its end."""
        power = float(np.dot(block, block)) / len(block)
        self.levels.append(max(QUIETEST_DBFS, 10 * float(np.log10(max(power, 1e-12)))))
        self.peak = max(self.peak, float(np.abs(block).max()))
        self.take_words(events)

    def take_words(self, events: list[SpeechEvent]) -> None:
        """Take what was recognized."""
        self.heard += [e.text for e in events if isinstance(e, Utterance) and e.text]


def _spoken(voice: str | None, text: str) -> Clip | None:
    from assistant.speaking.choose import choose_voices
    from assistant.speaking.renderer import Renderer

    renderer = Renderer(choose_voices(voice), None, lambda _: None)
    with closing(renderer):
        clip = renderer.wait(text)
    return clip if clip.samples is not None else None


def _play(device: Device, clip: Clip) -> EchoCanceller:
    """Play `clip` and return the canceller, which has measured the way to the microphone."""
    mixer, canceller = Mixer(audible=device.audible), EchoCanceller()
    mixer.say(clip, tag=0)
    tail = round(1 / BLOCK_SECONDS)
    while mixer.speaking or tail:
        tail -= not mixer.speaking
        played = mixer.next_block()
        canceller.cancel(device.exchange(played).block, played)
    return canceller


def _impression(device: Device, endpointer: Endpointer) -> _Impression:
    impression = _Impression()
    for _ in range(round(LISTEN_SECONDS / BLOCK_SECONDS)):
        block = device.exchange(SILENCE_OUT).block
        impression.take(block, endpointer.listen(block))
    impression.take_words(endpointer.flush())
    return impression


def _echo(delay: float, strength: float) -> Finding:
    if strength < NO_ECHO_DB:
        return Finding("echo", True, "none: the microphone does not hear the speaker.")
    advice = " Turn the speaker down or use headphones." if strength > STRONG_ECHO_DB else ""
    text = f"{strength:.0f} dB after {delay * 1000:.0f} ms.{advice}"
    return Finding("echo", strength <= STRONG_ECHO_DB, text)


def _level(impression: _Impression) -> Finding:
    voice, noise = impression.voice, impression.noise
    levels = f"voice {voice:.0f} dBFS, background {noise:.0f} dBFS"
    advice = ""
    if impression.peak > CLIPPED:
        advice = ": too loud. Turn the microphone down or step back"
    elif voice < FAINT_DBFS:
        advice = ": too soft. Turn the microphone up or come closer"
    elif voice - noise < CLEAR_DB:
        advice = ": noisy. Turn off the tap or come closer"
    return Finding("level", not advice, f"{levels}{advice}.")


def _understanding(texts: list[str]) -> Finding:
    heard = ", ".join(f"“{text}”" for text in texts)
    if WANTED in " ".join(texts).split():
        return Finding("understanding", True, f"I heard {heard}.")
    if heard:
        text = f"I heard {heard}, not “{WANTED}”. Say only that word, once more."
    else:
        text = f"I did not hear “{WANTED}”. Come closer and try again."
    return Finding("understanding", False, text)
