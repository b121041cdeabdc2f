"""Speech input: what the user said, from what the microphone hears while the coach plays sound.

The canceller takes the coach's voice out and the endpointer decides. What the canceller leaves of
that voice is still speech to a recognizer. So a block in which most of the power was cancelled
counts as the coach's and not as somebody speaking, although the endpointer may hear it. A user at
the level of the echo leaves half of the power, 6 dB below it a fifth (-7 dB); a canceller that has
settled leaves a hundredth. It settles within a few seconds of the coach's first words.

Until it has settled, and where it finds no echo (a busy sound server may delay the sound by more
than it spans), an utterance whose loudness rises and falls as what was played does is the
coach's own, whatever words it was taken for ("I'm a massage guide" has been heard as "my eyes"). A
user who speaks at the same time makes the two unlike, and is heard; if they are still rather like,
the utterance is marked as doubtful.

Later some self-speech slips through as well, because a rattling speaker is not linear. The text
catches that: what the coach is saying at that moment is not taken as a command unless it was
clearly louder than the echo. With headphones nothing is cancelled and nothing is dropped.
"""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Protocol

import numpy as np

from assistant.audio.device import BLOCK_SECONDS, Samples
from assistant.echo.canceller import EchoCanceller
from assistant.echo.likeness import EchoLikeness
from assistant.hearing.endpointer import Endpointer
from assistant.hearing.self_speech import SelfSpeech
from assistant.hearing.speech_events import SpeechAbandoned, SpeechEvent, Utterance
from assistant.understanding.grammar import Grammar

_log = logging.getLogger(__name__)

ONLY_ECHO = 10 ** (-9 / 10)
"""Largest share of the power that is left where there was nothing but echo."""
SMOOTHING = 0.7
"""Of the power, over about three blocks: a gap between two syllables is not silence."""
MOSTLY_ECHO = 10 ** (-3 / 10)
"""Largest share of an utterance's power that is left where echo was the greater part."""
_LOUDER = 2.0
"""This many times the power of recent echo is a voice, even if the canceller has failed."""
_LONGEST_DELAY = round(0.5 / BLOCK_SECONDS)
_REMEMBERED = round(10 / BLOCK_SECONDS)

Grammars = Callable[[], Sequence[Grammar]]
"""Makes the grammars that the session will need, the one for right now first."""


class SpeechInput(Protocol):
    """What the session listens with. Blocks go in, events of the user's speech come out."""

    def start(self, grammars: Grammars, first_clip: "Future[Samples | None]") -> None:
        """Get ready and listen for the first grammar.

        `first_clip` becomes the coach's first words, (n,) at 16 kHz, or None.
        """
        ...

    def expect(self, grammar: Callable[[], Grammar]) -> None:
        """From the next utterance on, hear the sentences of `grammar`, made when it is needed."""
        ...

    def coach_says(self, text: str, seconds: float) -> None:
        """Note that the coach begins to say `text` now, for this many seconds."""
        ...

    def coach_hushed(self) -> None:
        """Note that the coach was cut short."""
        ...

    def change_devices(self) -> None:
        """Note that the speaker or the microphone has changed."""
        ...

    def listen(self, block: Samples, played: Samples) -> list[SpeechEvent]:
        """Take a block, (320,) at 16 kHz, and what was played meanwhile, (960, 2) at 48 kHz.

        Return what has been heard since the last call.
        """
        ...


class NoSpeechInput:
    """For conversations that are typed: hears nothing and costs nothing."""

    def start(self, grammars: Grammars, first_clip: "Future[Samples | None]") -> None:
        """Do nothing."""

    def expect(self, grammar: Callable[[], Grammar]) -> None:
        """Do nothing."""

    def coach_says(self, text: str, seconds: float) -> None:
        """Do nothing."""

    def coach_hushed(self) -> None:
        """Do nothing."""

    def change_devices(self) -> None:
        """Do nothing."""

    def listen(self, block: Samples, played: Samples) -> list[SpeechEvent]:  # noqa: ARG002 - the protocol's
        """Hear nothing."""
        return []


class InlineSpeechInput:
    """Hears inside the call to `listen`: for files, where the session may wait for hearing."""

    def __init__(self, endpointer: Endpointer, canceller: EchoCanceller) -> None:
        self._endpointer, self._canceller = endpointer, canceller
        self._came = self._left = 0.0
        self._self_speech = SelfSpeech()
        self._energies: deque[tuple[float, float, float]] = deque(maxlen=_REMEMBERED)
        """Of each recent block: what came in, what was left of it, and what was played."""
        self._likeness = EchoLikeness()
        self._settled_at = 0.0

    def start(self, grammars: Grammars, first_clip: "Future[Samples | None]") -> None:  # noqa: ARG002
        """Make all grammars ready now, so that changing between them costs nothing later."""
        first, *others = grammars()
        for grammar in (first, *others):
            self.prepare(grammar)
        self.expect(lambda: first)

    def prepare(self, grammar: Grammar) -> None:
        """Make ready for `expect`, so that it costs nothing then."""
        self._endpointer.prepare(grammar)

    def warm_up(self, speech: Samples) -> None:
        """Decode some speech, (n,) at 16 kHz, before it matters; the first time takes longest."""
        self._endpointer.warm_up(speech)

    def be_behind(self, behind: bool) -> None:
        """Say whether more audio is waiting, so that hearing catches up."""
        self._endpointer.behind = behind

    def expect(self, grammar: Callable[[], Grammar]) -> None:
        """See `SpeechInput`."""
        self._endpointer.expect(grammar())

    def coach_says(self, text: str, seconds: float) -> None:
        """See `SpeechInput`."""
        now = self._endpointer.seconds
        self._self_speech.say(text, now, now + seconds)

    def coach_hushed(self) -> None:
        """See `SpeechInput`."""
        self._self_speech.hush(self._endpointer.seconds)

    def change_devices(self) -> None:
        """See `SpeechInput`."""
        self._canceller.reset()

    def listen(self, block: Samples, played: Samples) -> list[SpeechEvent]:
        """See `SpeechInput`."""
        clean = self._canceller.cancel(block, played)
        cancelled = clean is not block
        self._energies.append((_energy(block), _energy(clean), _energy(played[:, 0])))
        if self._canceller.settling:
            self._settled_at = self._endpointer.seconds
        self._likeness.add(block, played)
        events = self._endpointer.listen(clean, self._is_echo(cancelled), has_echo=cancelled)
        return [self._checked(event) for event in events]

    def _is_echo(self, cancelled: bool) -> bool:
        if not cancelled:
            self._came = self._left = 0.0
            return False
        came, left, _ = self._energies[-1]
        self._came = SMOOTHING * self._came + (1 - SMOOTHING) * came
        self._left = SMOOTHING * self._left + (1 - SMOOTHING) * left
        return self._left < ONLY_ECHO * self._came

    def _checked(self, event: SpeechEvent) -> SpeechEvent:
        """Return the event, or SpeechAbandoned if it was the coach's own voice."""
        if not isinstance(event, Utterance):
            return event
        settling = event.start <= self._settled_at
        if not settling and self._canceller.finds_echo:
            said = self._self_speech.includes(event.text, event.start, event.end)
            own, doubtful = said and self._was_echo(event), False
        else:
            likeness = self._likeness.of(*self._blocks_of(event))
            _log.info("%.2f s: %r is like what was played: %s", event.end, event.text, likeness)
            own = likeness.only_echo
            doubtful = settling and not likeness.hardly_echo
        if own or (doubtful and self._self_speech.resembles(event.text, event.start, event.end)):
            _log.info("%.2f s: %r is self-speech", event.end, event.text)
            return SpeechAbandoned(event.decided)
        return replace(event, doubtful=doubtful)

    def _blocks_of(self, event: Utterance) -> tuple[int, int]:
        """Return how many blocks ago the utterance began, and how many it lasted."""
        ago = self._endpointer.seconds - event.start
        return round(ago / BLOCK_SECONDS), round((event.end - event.start) / BLOCK_SECONDS)

    def _was_echo(self, utterance: Utterance) -> bool:
        """Tell whether most was cancelled, or it was no louder than what was cancelled lately."""
        energies = np.array(self._energies)
        ago, length = self._blocks_of(utterance)
        came, left, _ = energies[-ago:][:length].sum(axis=0)
        played = energies[-ago - _LONGEST_DELAY :][: length + _LONGEST_DELAY, 2].sum()
        before = energies[:-ago].sum(axis=0)
        strength = (before[0] - before[1]) / before[2] if before[2] else 0.0
        return bool(left < MOSTLY_ECHO * came or came < _LOUDER * strength * played)


def _energy(block: Samples) -> float:
    return float(np.dot(block, block))
