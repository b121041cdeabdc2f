"""What the session listens with: the canceller that takes the coach's voice out, then the listener."""

from assistant.audio.device import Samples
from assistant.audio.echo_canceller import EchoCanceller
from assistant.hearing.grammar import Grammar
from assistant.hearing.listener import Listener, SpeechAbandoned, SpeechStarted, Utterance


class Ears:
    """Turns what the microphone hears while something is played into what the user said."""

    def __init__(self, listener: Listener, canceller: EchoCanceller) -> None:
        self._listener, self._canceller = listener, canceller

    def expect(self, grammar: Grammar) -> None:
        """From the next utterance on, hear the sentences of `grammar`."""
        self._listener.expect(grammar)

    def listen(
        self, block: Samples, played: Samples
    ) -> list[SpeechStarted | SpeechAbandoned | Utterance]:
        """Take a block, (320,) at 16 kHz, and what was played meanwhile, (960, 2) at 48 kHz."""
        return self._listener.listen(self._canceller.cancel(block, played))
