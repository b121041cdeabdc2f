"""Endpointing: when the user has finished, and whether it was anything.

Promises: the same blocks give the same decisions; whoever began to speak (`SpeechStarted`) comes
to an end, as an `Utterance` or as `SpeechAbandoned`; mostly unknown speech never carries a text.

Vosk's own final comes 0.5 s of silence and up to one chunk after the last sound. Measured over 60
commands in three voices: the final forced at the very last sound is as right as the one half a
second later, with and without padding, for 6 ms of work. So the recognizer need not be waited
for, only the certainty that the voice has stopped. The listener asks after 0.14 s of silence and
then waits as long as the grammar says that more may come; if more comes, the stretch is heard
again from its start, as one. Where noise hides the silence, Vosk's own final still comes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.audio.device import BLOCK_SECONDS, Samples
from assistant.hearing.grammar import Grammar, Reach
from assistant.hearing.recognizer import UNKNOWN, Hypothesis, Recognizer, Word
from assistant.hearing.second_opinion import SecondOpinion, agrees
from assistant.hearing.stretch import Stretch
from assistant.hearing.voice_activity import VoiceActivity

_ASK_SECONDS = 0.10
"""Of silence after the hangover of the voice detector (0.04 s)."""
_PATIENCE_SECONDS = {
    Reach.COMPLETE: 0.10,
    Reach.SENTENCE: 0.31,
    Reach.BEGINNING: 0.66,
    Reach.OUTSIDE: 0.66,
}
_BEFORE_SECONDS = 0.4
"""Sound kept from before the voice began, since the detector is late at soft consonants."""
_STARTED_SECONDS = 0.16
"""A voice this long (hangover included) is somebody speaking, even without a word yet."""
_CLICK_SECONDS = 0.08
"""A voice up to this length, hangover included, is not worth asking the recognizer about."""
_LEAST_UNKNOWN_SECONDS = 0.3
"""Unknown speech alone is worth a "sorry?" from this length on."""
_MOST_UNKNOWN_SECONDS = 0.25
"""More unknown speech than this beside a sentence makes it somebody else's sentence."""

_LONGEST_WORD_SECONDS = 3.0
"""Over steady noise a word is spread for 6 to 20 s. A true one may take in the silence before it,
and unknown speech of any length is one word."""
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
    """Without unknown words; empty when it was speech, but nothing to act upon."""
    words: tuple[Word, ...]
    """All of them, unknown ones included."""
    start: float
    end: float
    decided: float
    """When the listener knew."""


Heard = SpeechStarted | SpeechAbandoned | Utterance


class Listener:
    """Turns blocks into utterances; `second`, without a grammar, may veto or mend them."""

    def __init__(self, recognizer: Recognizer, second: Recognizer | None = None) -> None:
        self.seconds = 0.0
        """Of sound so far."""
        self.activity = VoiceActivity()
        self._recognizer = recognizer
        self._second = None if second is None else SecondOpinion(second)
        self._stretch = Stretch(recognizer)
        self._grammar: Grammar | None = None
        self._blocks = 0
        self._answer: Hypothesis | None = None
        """What the recognizer said when it was asked, until a voice goes on."""
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
        """Make ready for `expect(grammar)`, so that it costs nothing then; from any thread."""
        self._recognizer.prepare(grammar.phrases)

    def warm_up(self, speech: Samples) -> None:
        """Decode some speech, (n,) at 16 kHz, before it matters.

        The recognizers unfold their graphs as they go: the first words cost 0.2 s a block, later
        ones a quarter of that.
        """
        self._recognizer.warm_up(speech)
        if self._second is not None:
            self._second.recognizer.warm_up(speech)

    def listen(self, block: Samples, echo: bool = False) -> list[Heard]:
        """Take one block, (320,) at 16 kHz; return what has happened.

        `echo`: what sounds in it is the program's own voice, not somebody who speaks.
        """
        self._blocks += 1
        self.seconds = self._blocks * BLOCK_SECONDS
        self._stretch.take(block)
        if self._second is not None:
            self._second.take(block)
        if self.activity.speaking(block) and not echo:
            self._go_on()
        else:
            self._silence += BLOCK_SECONDS
        ended = self._stretch.hear() if self._answer is None else None
        events = self._started()
        if ended is not None:
            return events + self._decide(ended)
        self._follow()
        return events + self._weigh_silence()

    def flush(self) -> list[Heard]:
        """End of the sound: whatever was being said is finished."""
        answer = self._answer or self._stretch.finish()
        events = self._started(bool(answer.text))
        return events + self._decide(answer)

    def _go_on(self) -> None:
        if not self._voice and self._stretch.partial:  # words before any voice: an echo's
            self._stretch.finish()
            self._stretch.forget(_BEFORE_SECONDS)
            self._stretch.hear_again()
        if self._answer is not None:
            self._answer = None
            self._stretch.hear_again()
        self._voice += BLOCK_SECONDS
        self._silence = 0.0

    def _follow(self) -> None:
        """Let the second opinion keep up, as long as it is likely to be asked."""
        if self._second is None or not self._speaking:
            return
        partial = self._stretch.partial.replace(UNKNOWN, "")
        if self._voice < _SHORT_SECONDS or self._reach_of(partial) is not Reach.OUTSIDE:
            self._second.follow()

    def _started(self, words: bool = False) -> list[Heard]:
        words = words or bool(self._stretch.partial and self._voice)
        if self._speaking or not (words or self._voice > _STARTED_SECONDS):
            return []
        self._speaking = True
        return [SpeechStarted(self.seconds)]

    def _weigh_silence(self) -> list[Heard]:
        if not self._voice:
            self._forget(_BEFORE_SECONDS)
            return []
        if self._silence < _ASK_SECONDS:
            return []
        if self._answer is None:
            if self._voice <= _CLICK_SECONDS and not self._speaking:
                self._voice = 0.0
                return []
            self._answer = self._stretch.finish()
        if self._silence < _PATIENCE_SECONDS[self._reach(self._answer)]:
            return []
        return self._decide(self._answer)

    def _reach(self, answer: Hypothesis) -> Reach:
        """Tell how far the answer has got; where only another reading is a sentence, no haste."""
        reach = self._reach_of(_without_unknown(answer.words))
        if reach in (Reach.BEGINNING, Reach.OUTSIDE) and self._sentences(answer):
            return Reach.SENTENCE
        return reach

    def _reach_of(self, text: str) -> Reach:
        return Reach.BEGINNING if self._grammar is None else self._grammar.reach(text)

    def _decide(self, answer: Hypothesis) -> list[Heard]:
        utterance = self._utterance(answer) if self._voice else None
        speaking = self._speaking
        self._forget()
        if utterance is not None:
            return [utterance]
        return [SpeechAbandoned(self.seconds)] if speaking else []

    def _utterance(self, answer: Hypothesis) -> Utterance | None:
        words = tuple(word for word in answer.words if _is_plausible(word))
        if not words:
            return None
        sentences = self._sentences(answer)
        text = sentences[0] if sentences else _without_unknown(words)
        if not sentences and _unknown_seconds(words) > _MOST_UNKNOWN_SECONDS:
            text = ""
        if self._second is not None and (sentences or self._second.is_near):
            heard = self._second.readings()
            if not heard[0]:
                return None
            text = self._agreed(sentences, text, heard)
        only_unknown = all(word.text == UNKNOWN for word in words)
        if only_unknown and not text and _unknown_seconds(words) < _LEAST_UNKNOWN_SECONDS:
            return None
        return Utterance(text, words, words[0].start, words[-1].end, self.seconds)

    def _sentences(self, answer: Hypothesis) -> list[str]:
        """Return what may have been said and is a sentence of the grammar, likeliest first."""
        readings = (
            [word for word in reading.words if _is_plausible(word)] for reading in answer.readings
        )
        texts = (
            _without_unknown(words)
            for words in readings
            if _unknown_seconds(words) <= _MOST_UNKNOWN_SECONDS
        )
        return [text for text in dict.fromkeys(texts) if self._is_sentence(text)]

    def _agreed(self, sentences: Sequence[str], text: str, heard: Sequence[str]) -> str:
        """Weigh what was heard with and without the grammar: a text, or nothing to act upon.

        A large grammar draws short words to others of its own ("yes" becomes "yet"); heard openly
        they are right, and a sentence that is heard openly needs no other witness. Long sentences
        are the other way round. An urgent sentence that both hold possible is taken at their word.
        """
        if self._is_sentence(heard[0]):
            return heard[0]
        for sentence in sentences:
            if sentence in heard and self._grammar and self._grammar.is_urgent(sentence):
                return sentence
        for sentence in sentences:
            if any(agrees(sentence, witness) for witness in heard):
                return sentence
        for other in heard[1:]:
            if self._is_sentence(other) and agrees(other, heard[0]):
                return other
        return "" if sentences else text

    def _is_sentence(self, text: str) -> bool:
        return bool(text) and self._reach_of(text) in (Reach.SENTENCE, Reach.COMPLETE)

    def _forget(self, keep_seconds: float = 0.0) -> None:
        """Begin a new stretch, with the last moments of silence in front of it."""
        self._stretch.forget(keep_seconds)
        if self._second is not None:
            self._second.forget(keep_seconds)
        self._answer = None
        self._speaking = False
        self._voice = self._silence = 0.0


def _unknown_seconds(words: Iterable[Word]) -> float:
    return sum(word.end - word.start for word in words if word.text == UNKNOWN)


def _is_plausible(word: Word) -> bool:
    return word.text == UNKNOWN or word.end - word.start < _LONGEST_WORD_SECONDS


def _without_unknown(words: Iterable[Word]) -> str:
    return " ".join(word.text for word in words if word.text != UNKNOWN)
