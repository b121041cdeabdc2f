"""What the session listens with: the canceller takes the coach's voice out, the listener decides.

What the canceller leaves of the coach's voice is still speech, and a recognizer hears it. So where
the sound that is left is far weaker than what came in, it was the echo that was cancelled, and
nobody's voice: the listener may hear it, but does not take it for somebody speaking. The
user at the level of the echo leaves half of the sound, and at 6 dB below it a fifth (-7 dB); the
canceller leaves a hundredth once it knows the room, which takes it two or three seconds of speech.
"""

import numpy as np

from assistant.audio.device import Samples
from assistant.audio.echo_canceller import EchoCanceller
from assistant.hearing.grammar import Grammar
from assistant.hearing.listener import Heard, Listener

ONLY_ECHO = 10 ** (-9 / 10)
"""Share of the power that is left, at most, where there was nothing but echo."""
SMOOTHING = 0.7
"""Of the power, over about three blocks: a pause between two syllables is no silence."""


class Ears:
    """Turns what the microphone hears while something is played into what the user said."""

    def __init__(self, listener: Listener, canceller: EchoCanceller) -> None:
        self._listener, self._canceller = listener, canceller
        self._came = self._left = 0.0

    def prepare(self, grammar: Grammar) -> None:
        """Make ready for `expect(grammar)`; from any thread."""
        self._listener.prepare(grammar)

    def warm_up(self, speech: Samples) -> None:
        """Decode some speech, (n,) at 16 kHz, before it matters; the first time takes longest."""
        self._listener.warm_up(speech)

    def expect(self, grammar: Grammar) -> None:
        """From the next utterance on, hear the sentences of `grammar`."""
        self._listener.expect(grammar)

    def listen(self, block: Samples, played: Samples) -> list[Heard]:
        """Take a block, (320,) at 16 kHz, and what was played meanwhile, (960, 2) at 48 kHz."""
        clean = self._canceller.cancel(block, played)
        return self._listener.listen(clean, self._is_echo(block, clean), clean is not block)

    def _is_echo(self, block: Samples, clean: Samples) -> bool:
        if clean is block:
            self._came = self._left = 0.0
            return False
        self._came = SMOOTHING * self._came + (1 - SMOOTHING) * _power(block)
        self._left = SMOOTHING * self._left + (1 - SMOOTHING) * _power(clean)
        return self._left < ONLY_ECHO * self._came


def _power(block: Samples) -> float:
    return float(np.dot(block, block)) / len(block)
