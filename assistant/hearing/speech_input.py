"""What the session listens with: the canceller takes the coach's voice out, the listener decides.

What the canceller leaves of the coach's voice is still speech, and a recognizer hears it. So where
the sound that is left is far weaker than what came in, it was the echo that was cancelled, and
nobody's voice: the listener may hear it, but does not take it for somebody speaking. The
user at the level of the echo leaves half of the sound, and at 6 dB below it a fifth (-7 dB); the
canceller leaves a hundredth once it knows the room. That takes it a few seconds of the coach's
first words.

Where the coach's words slip through, since a speaker that rattles is not linear, there is the text:
what the coach is saying at this very moment is no command, unless it was clearly louder than its
echo; nor is, as long as the room is not known, what only sounds like it. With headphones nothing is
cancelled, once that is known, and nothing is dropped.
"""

from collections import deque
from collections.abc import Callable

import numpy as np

from assistant.audio.device import BLOCK_SECONDS, Samples
from assistant.echo.canceller import EchoCanceller
from assistant.hearing.endpointer import Endpointer, SpeechAbandoned, SpeechEvent, Utterance
from assistant.hearing.self_speech import SelfSpeech
from assistant.understanding.grammar import Grammar

ONLY_ECHO = 10 ** (-9 / 10)
"""Share of the power that is left, at most, where there was nothing but echo."""
SMOOTHING = 0.7
"""Of the power, over about three blocks: a pause between two syllables is no silence."""
MOSTLY_ECHO = 10 ** (-3 / 10)
"""Share of an utterance's power that is left, at most, where the echo was the greater part."""
_LOUDER = 2.0
"""So much more power than the echo had of late is a voice, should the canceller have failed."""
_LONGEST_DELAY = round(0.5 / BLOCK_SECONDS)
_REMEMBERED = round(10 / BLOCK_SECONDS)


class InlineSpeechInput:
    """Turns what the microphone hears while something is played into what the user said."""

    def __init__(self, listener: Endpointer, canceller: EchoCanceller) -> None:
        self._listener, self._canceller = listener, canceller
        self._came = self._left = 0.0
        self._own_words = SelfSpeech()
        self._energies: deque[tuple[float, float, float]] = deque(maxlen=_REMEMBERED)
        """Of the last blocks: what came in, what was left of it, and what was played."""
        self._learned_until = 0.0

    def prepare(self, grammar: Grammar) -> None:
        """Make ready for `expect`, so that it costs nothing then."""
        self._listener.prepare(grammar)

    def warm_up(self, speech: Samples) -> None:
        """Decode some speech, (n,) at 16 kHz, before it matters; the first time takes longest."""
        self._listener.warm_up(speech)

    def expect(self, grammar: Callable[[], Grammar]) -> None:
        """From the next utterance on, hear the sentences of `grammar`, made when that is due."""
        self._listener.expect(grammar())

    def coach_says(self, text: str, seconds: float) -> None:
        """Know that the coach begins to say `text` now, and is done after so many seconds."""
        now = self._listener.seconds
        self._own_words.say(text, now, now + seconds)

    def coach_hushed(self) -> None:
        """Know that the coach was cut short."""
        self._own_words.hush(self._listener.seconds)

    def change_devices(self) -> None:
        """Know that speaker or microphone are not those of before."""
        self._canceller.reset()

    def listen(self, block: Samples, played: Samples) -> list[SpeechEvent]:
        """Take a block, (320,) at 16 kHz, and what was played meanwhile, (960, 2) at 48 kHz."""
        clean = self._canceller.cancel(block, played)
        cancelled = clean is not block
        self._energies.append((_energy(block), _energy(clean), _energy(played[:, 0])))
        if self._canceller.learning:
            self._learned_until = self._listener.seconds
        news = self._listener.listen(clean, self._is_echo(cancelled), beside=cancelled)
        return [self._weighed(one) if isinstance(one, Utterance) else one for one in news]

    def _is_echo(self, cancelled: bool) -> bool:
        if not cancelled:
            self._came = self._left = 0.0
            return False
        came, left, _ = self._energies[-1]
        self._came = SMOOTHING * self._came + (1 - SMOOTHING) * came
        self._left = SMOOTHING * self._left + (1 - SMOOTHING) * left
        return self._left < ONLY_ECHO * self._came

    def _weighed(self, said: Utterance) -> SpeechEvent:
        """Return the utterance, or that it was nothing if the coach has just said it."""
        if said.start <= self._learned_until:
            own = self._own_words.resemble(said.text, said.start, said.end)
        else:
            own = self._own_words.hold(said.text, said.start, said.end) and self._was_echo(said)
        return SpeechAbandoned(said.decided) if own else said

    def _was_echo(self, said: Utterance) -> bool:
        """Tell whether most was cancelled, or it was no louder than what was cancelled lately."""
        energies = np.array(self._energies)
        ago = round((self._listener.seconds - said.start) / BLOCK_SECONDS)
        length = round((said.end - said.start) / BLOCK_SECONDS)
        came, left, _ = energies[-ago:][:length].sum(axis=0)
        played = energies[-ago - _LONGEST_DELAY :][: length + _LONGEST_DELAY, 2].sum()
        before = energies[:-ago].sum(axis=0)
        strength = (before[0] - before[1]) / before[2] if before[2] else 0.0
        return bool(left < MOSTLY_ECHO * came or came < _LOUDER * strength * played)


def _energy(block: Samples) -> float:
    return float(np.dot(block, block))
