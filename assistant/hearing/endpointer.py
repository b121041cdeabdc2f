"""Endpointing: when the user has finished, and whether it was anything.

Promises: the same blocks give the same decisions; whoever began to speak (`SpeechStarted`) comes
to an end, as an `Utterance` or as `SpeechAbandoned`. What it was is decided in `decision`.

Vosk's own final comes half a second of silence and up to one chunk after the last sound, in noise
later or never. The final forced at the very last sound is as right as that one, so the recognizer
need not be waited for, only the certainty that the voice has stopped. The listener asks as soon as
the voice detector is silent and then waits as long as the grammar says that more may come; if more
comes, the stretch is heard again from its start, as one. Where a voice never stops (somebody else
talks), Vosk's own final still comes. Without a voice nothing is decoded: noise alone costs only the
detector, and cannot become a command.
"""

import math
from dataclasses import dataclass

from assistant.audio.device import BLOCK_SECONDS, Samples
from assistant.hearing.acceptance import decide, known_text, plausible, sentences, unknown_seconds
from assistant.hearing.noise_filter import LAG_BLOCKS, NoiseFilter
from assistant.hearing.open_decoder import OpenDecoder
from assistant.hearing.recognizer import UNKNOWN, Hypothesis, Recognizer, Word
from assistant.hearing.utterance_buffer import UtteranceBuffer
from assistant.hearing.voice_activity import VoiceActivity
from assistant.understanding.grammar import Grammar, Reach

_ASK_SECONDS = 0.06
"""Of silence, which the voice detector finds some 0.1 s after the last sound."""
_PATIENCE_SECONDS = {
    Reach.COMPLETE: 0.10,
    Reach.SENTENCE: 0.28,
    Reach.BEGINNING: 0.66,
    Reach.OUTSIDE: 0.66,
}
_BEFORE_SECONDS = 1.2
"""Sound kept from before the voice began, in which the recognizer gets to know the room's noise:
over a running tap it understood less with 0.4 s."""
_BEFORE_ECHO_SECONDS = 0.4
"""The same while the program speaks, whose words are not to be heard as the user's."""
_STARTED_SECONDS = 0.10
"""A voice this long is somebody speaking, even without a word yet."""
_CLICK_SECONDS = 0.08
"""A voice up to this length is not worth asking the recognizer about."""
_SHORTEST_SECONDS = 0.12
"""A voice up to this length is hardly a whole word ("ow"), rather the beginning of one ("our")."""
_LEAST_UNKNOWN_SECONDS = 0.3
"""Unknown speech alone is worth a "sorry?" from this length on."""
_ECHO_SILENCE = 0.5
"""How much a block of mere echo counts as silence: a soft syllable may be under it."""
_REST_SECONDS = 0.25
"""Vosk counts unknown speech as silence and ends in the midst of foreign talk. What begins within
this time after that is the rest of it, and no sentence."""
_SHORT_SECONDS = 2.0
"""Up to this much voice the second opinion is always wanted."""


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Somebody began to speak: time to duck. Seconds of sound since the session began."""

    at: float


@dataclass(frozen=True, slots=True)
class SpeechAbandoned:
    """What had started was nothing."""

    at: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """What the user said; times in seconds of sound since the session began."""

    text: str
    """A sentence of the grammar, or else what was heard openly; empty when nobody knows."""
    words: tuple[Word, ...]
    """All of them, unknown ones included."""
    start: float
    end: float
    decided: float
    """When the listener knew."""


SpeechEvent = SpeechStarted | SpeechAbandoned | Utterance


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a stretch of sound holds, as far as it goes."""

    heard: Hypothesis
    words: tuple[Word, ...]
    """Those that somebody can have said; none: it was nothing."""
    text: str
    """What to act upon."""
    reach: Reach


class Endpointer:
    """Turns blocks into utterances; `second`, without a grammar, may veto or mend them.

    Both recognizers hear exactly the same blocks of a stretch, so that they can be compared.
    """

    def __init__(self, recognizer: Recognizer, second: Recognizer | None = None) -> None:
        self.seconds = 0.0
        """Of sound so far."""
        self._activity = VoiceActivity()
        self._recognizer = recognizer
        self._second = None if second is None else OpenDecoder(second)
        self._filter = NoiseFilter()
        self._stretch = UtteranceBuffer(recognizer, LAG_BLOCKS)
        self._grammar = Grammar(())
        self._blocks = 0
        self._answer: _Answer | None = None
        """To the question what was said, until a voice goes on."""
        self._cut = -math.inf
        """When foreign talk was last cut off in its midst."""
        self._speaking = False
        self._voice = self._silence = 0.0
        """Seconds of voice in the stretch, and of silence since."""

    def expect(self, grammar: Grammar) -> None:
        """From the next utterance on, hear the sentences of `grammar`.

        Mid-utterance the recognizer finishes with the old one; in silence it changes at once, and
        hears the last moments again, so that a word that has just begun is not lost.
        """
        self._grammar = grammar
        self._recognizer.expect(grammar.phrases)
        if not self._voice and not self._stretch.partial and self._answer is None:
            self._recognizer.finish()
            self._stretch.hear_again()

    def prepare(self, grammar: Grammar) -> None:
        """Make ready for `expect(grammar)`, so that it costs nothing then."""
        self._recognizer.prepare(grammar.phrases)

    def warm_up(self, speech: Samples) -> None:
        """Decode some speech, (n,) at 16 kHz, before it matters.

        The recognizers unfold their graphs as they go, so the first words take longest.
        """
        self._recognizer.warm_up(speech)
        if self._second is not None:
            self._second.recognizer.warm_up(speech)

    def listen(self, block: Samples, echo: bool = False, beside: bool = False) -> list[SpeechEvent]:
        """Take one block, (320,) at 16 kHz; return what has happened.

        `echo`: what sounds in it is the program's own voice, not somebody who speaks.
        `beside`: there may be some of the program's own voice in it.
        """
        self._blocks += 1
        self.seconds = self._blocks * BLOCK_SECONDS
        sound = self._filter.clean(block)
        self._stretch.take(sound)
        if self._second is not None:
            self._second.take(sound)
        voice = self._activity.speaking(block)
        if voice and not echo:
            self._go_on()
        elif self._voice:
            self._silence += BLOCK_SECONDS * (_ECHO_SILENCE if voice else 1)
        else:
            self._wait(_BEFORE_ECHO_SECONDS if beside else _BEFORE_SECONDS)
        ended = self._stretch.hear() if self._voice and self._answer is None else None
        events = self._started()
        if ended is not None:
            return events + self._decide(self._weighed(ended))
        self._follow()
        return events + self._weigh_silence()

    def flush(self) -> list[SpeechEvent]:
        """End of the sound: whatever was being said is finished."""
        answer = self._answer or self._weighed(self._stretch.finish())
        events = self._started(bool(answer.heard.text))
        return events + self._decide(answer)

    def _go_on(self) -> None:
        if self._answer is not None:
            self._answer = None
            self._stretch.hear_again()
            if self._second is not None:
                self._second.hear_again()
        self._voice += BLOCK_SECONDS
        self._silence = 0.0

    def _follow(self) -> None:
        """Let the second opinion keep up, as long as it is likely to be asked."""
        if self._second is None or not self._speaking or self._answer is not None:
            return
        partial = self._stretch.partial.replace(UNKNOWN, "")
        if (
            self._voice < _SHORT_SECONDS
            or self._grammar.reach(partial) is not Reach.OUTSIDE
            or self._grammar.is_urgent_inside(partial)
        ):
            self._second.follow()

    def _started(self, words: bool = False) -> list[SpeechEvent]:
        words = words or bool(self._stretch.partial)
        if self._speaking or not (words or self._voice > _STARTED_SECONDS):
            return []
        self._speaking = True
        return [SpeechStarted(self.seconds)]

    def _weigh_silence(self) -> list[SpeechEvent]:
        if not self._voice or self._silence < _ASK_SECONDS:
            return []
        if self._answer is None:
            if self._voice <= _CLICK_SECONDS and not self._speaking:
                self._stretch.finish()
                self._forget()
                return []
            self._answer = self._weighed(self._stretch.finish())
        patience = _PATIENCE_SECONDS[self._answer.reach]
        if self._voice <= _SHORTEST_SECONDS:
            patience = max(patience, _PATIENCE_SECONDS[Reach.SENTENCE])
        if self._silence < patience:
            return []
        return self._decide(self._answer)

    def _weighed(self, heard: Hypothesis) -> _Answer:
        """Return what was said, if it was anything, and whether more is to be expected."""
        words = plausible(heard.words)
        found = sentences(heard, self._grammar)
        text = next(iter(found), "")
        if words and self._second is not None and (found or self._second.is_near):
            opened = self._second.finish(self._stretch.decoded)
            if not opened.text:
                return _Answer(heard, (), "", Reach.OUTSIDE)
            text = decide(heard, opened, self._grammar)
        return _Answer(heard, words, text, self._reach(heard, text))

    def _reach(self, heard: Hypothesis, text: str) -> Reach:
        """Tell how far a text has got; while a likelier reading goes on, there is no haste."""
        likeliest = self._grammar.reach(known_text(heard.words))
        if not self._grammar.holds(text):
            return likeliest
        reach = self._grammar.reach(text)
        return Reach.SENTENCE if likeliest is Reach.BEGINNING else reach

    def _decide(self, answer: _Answer) -> list[SpeechEvent]:
        utterance = self._utterance(answer) if self._voice else None
        speaking = self._speaking
        unknown = answer.heard.words and answer.heard.words[-1].text == UNKNOWN
        if not self._silence and unknown:
            self._cut = self.seconds
        self._forget()
        if utterance is not None:
            return [utterance]
        return [SpeechAbandoned(self.seconds)] if speaking else []

    def _utterance(self, answer: _Answer) -> Utterance | None:
        words, text = answer.words, answer.text
        if not words:
            return None
        if words[0].start - self._cut < _REST_SECONDS and self._grammar.holds(text):
            text = ""
        only_unknown = all(word.text == UNKNOWN for word in words)
        short = only_unknown and unknown_seconds(words) < _LEAST_UNKNOWN_SECONDS
        if short and not self._grammar.holds(text):
            return None
        return Utterance(text, words, words[0].start, words[-1].end, self.seconds)

    def _wait(self, keep_seconds: float) -> None:
        """Nobody speaks: decode nothing, but remember the last moments."""
        self._stretch.wait(keep_seconds)
        if self._second is not None:
            self._second.keep(self._stretch.kept)

    def _forget(self) -> None:
        """Begin a new stretch."""
        self._stretch.begin()
        if self._second is not None:
            self._second.keep(self._stretch.kept)
        self._answer = None
        self._speaking = False
        self._voice = self._silence = 0.0
