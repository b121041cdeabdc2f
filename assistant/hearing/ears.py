"""What the session listens with: the canceller takes the coach's voice out, the listener decides.

What the canceller leaves of the coach's voice is still speech, and a recognizer hears it. So where
the sound that is left is far weaker than what came in, it was the echo that was cancelled, and
nobody's voice: the listener may hear it, but does not take it for somebody speaking. The
user at the level of the echo leaves half of the sound, and at 6 dB below it a fifth (-7 dB); the
canceller leaves a hundredth once it knows the room. That takes it a few seconds of the coach's
first words.

Where the coach's words slip through, since a speaker that rattles is not linear, there is the text:
what the coach is saying at this very moment is no command, unless it was clearly louder than its
echo. With headphones nothing is cancelled, once that is known, and nothing is dropped.

To get ready takes longer than anybody waits for a hello. So it can be done beside the loop; what is
heard meanwhile is kept, and heard as soon as that is over.
"""

import gc
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property

import numpy as np

from assistant.audio.device import BLOCK_SECONDS, RATE_IN, Samples
from assistant.audio.echo_canceller import EchoCanceller
from assistant.hearing.grammar import Grammar
from assistant.hearing.listener import Heard, Listener, SpeechAbandoned, Utterance
from assistant.hearing.own_words import OwnWords

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

WARM_UP_SECONDS = 2.0
"""Of speech: after that the recognizers' graphs hardly grow, and the ears should be ready soon."""
CATCH_UP_BLOCKS = 2
"""Heard at most per call: the loop has a block's time for them, and a voice may be rendering."""
SWITCH_SECONDS = 0.0005


class Ears:
    """Turns what the microphone hears while something is played into what the user said."""

    def __init__(
        self, listener: Listener | Callable[[], Listener], canceller: EchoCanceller
    ) -> None:
        self._given, self._canceller = listener, canceller
        self._came = self._left = 0.0
        self._own_words = OwnWords()
        self._energies: deque[tuple[float, float, float]] = deque(maxlen=_REMEMBERED)
        """Of the last blocks: what came in, what was left of it, and what was played."""
        self._taken = 0  # blocks
        self._unheard: deque[tuple[Samples, Samples]] = deque()
        self._expected: Callable[[], Grammar] | None = None
        self._ready: Future[Sequence[Grammar]] | None = None

    @cached_property
    def _listener(self) -> Listener:
        return self._given if isinstance(self._given, Listener) else self._given()

    def prepare(self, grammar: Grammar) -> None:
        """Make ready for `expect`; from any thread."""
        self._listener.prepare(grammar)

    def get_ready(
        self, grammars: Callable[[], Sequence[Grammar]], speech: Future[Samples | None]
    ) -> None:
        """Make everything in a thread, and listen as soon as that is done for the first grammar.

        `speech`, (n,) at 16 kHz, is decoded before it matters: the first words take longest. What
        fails is raised by `listen`.
        """
        thread = ThreadPoolExecutor(1, "ears")
        first = self._ready = thread.submit(self._begin, grammars, speech)
        thread.submit(self._go_on, first)
        thread.shutdown(wait=False)

    def expect(self, grammar: Callable[[], Grammar]) -> None:
        """From the next utterance on, hear the sentences of `grammar`, made when that is due."""
        self._expected = grammar

    def coach_says(self, text: str, seconds: float) -> None:
        """Know that the coach begins to say `text` now, and is done after so many seconds."""
        self._own_words.say(text, self._now, self._now + seconds)

    def coach_hushed(self) -> None:
        """Know that the coach was cut short."""
        self._own_words.hush(self._now)

    def change_devices(self) -> None:
        """Know that speaker or microphone are not those of before."""
        self._canceller.begin_anew()

    def listen(self, block: Samples, played: Samples) -> list[Heard]:
        """Take a block, (320,) at 16 kHz, and what was played meanwhile, (960, 2) at 48 kHz."""
        self._unheard.append((block, played))
        self._taken += 1
        if not self._is_ready():
            return []
        if self._expected is not None:
            self._listener.expect(self._expected())
            self._expected = None
        heard: list[Heard] = []
        for _ in range(min(CATCH_UP_BLOCKS, len(self._unheard))):
            heard += self._hear(*self._unheard.popleft())
        return heard

    @property
    def _now(self) -> float:
        """Seconds of sound so far, whether it has been heard yet or not."""
        return self._taken * BLOCK_SECONDS

    def _begin(
        self, make_grammars: Callable[[], Sequence[Grammar]], speech: Future[Samples | None]
    ) -> Sequence[Grammar]:
        with _yielding():
            grammars = make_grammars()
        self._listener.expect(grammars[0])
        words = speech.result()
        if words is not None:
            self._listener.warm_up(words[: round(WARM_UP_SECONDS * RATE_IN)])
        return grammars

    def _go_on(self, first: Future[Sequence[Grammar]]) -> None:
        for grammar in first.result()[1:]:
            self.prepare(grammar)

    def _is_ready(self) -> bool:
        if self._ready is not None and self._ready.done():
            self._ready.result()
            self._ready = None
        return self._ready is None

    def _hear(self, block: Samples, played: Samples) -> list[Heard]:
        clean = self._canceller.cancel(block, played)
        self._energies.append((_energy(block), _energy(clean), _energy(played[:, 0])))
        cancelled = clean is not block
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

    def _weighed(self, said: Utterance) -> Heard:
        """Return the utterance, or that it was nothing if the coach has just said it."""
        if self._own_words.hold(said.text, said.start, said.end) and self._was_echo(said):
            return SpeechAbandoned(said.decided)
        return said

    def _was_echo(self, said: Utterance) -> bool:
        """Tell whether most was cancelled, or nothing was louder than an echo has been lately."""
        if self._canceller.learning:
            return True
        energies = np.array(self._energies)
        ago = round((self._listener.seconds - said.start) / BLOCK_SECONDS)
        length = round((said.end - said.start) / BLOCK_SECONDS)
        came, left, _ = energies[-ago:][:length].sum(axis=0)
        played = energies[-ago - _LONGEST_DELAY :][: length + _LONGEST_DELAY, 2].sum()
        before = energies[:-ago].sum(axis=0)
        strength = before[0] / before[2] if before[2] else 0.0
        return bool(left < MOSTLY_ECHO * came or came < _LOUDER * strength * played)


@contextmanager
def _yielding() -> Iterator[None]:
    """Compute in Python beside a loop that has 20 ms for a block.

    A thread that computes gives the others a turn every 5 ms only, and the loop needs several turns
    a block. What is made stays, and to look through it for garbage would stop all threads.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
        sys.setswitchinterval(before)


def _energy(block: Samples) -> float:
    return float(np.dot(block, block))
