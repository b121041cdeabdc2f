"""Endpointing: deciding that an utterance is over, and whether it was one.

Promises: the same blocks give the same events; every `SpeechStarted` is followed by an `Utterance`
or by `SpeechAbandoned`. What was said is decided in `acceptance`.

Vosk's own final hypothesis comes half a second of silence and up to one chunk after the last sound,
in noise later or never. A final hypothesis forced right at the last sound is just as right, so what
takes time is only being certain that the voice has stopped. The endpointer decodes as soon as the
voice detector falls silent, and then waits for as long as the grammar says that more may come. If
more comes, the utterance is decoded again from its start. Where a voice never stops (somebody else
is talking), Vosk's own final hypothesis still comes. Without a voice nothing is decoded: noise
alone costs only the voice detector, and cannot become a command.
"""

import logging
import math
from dataclasses import dataclass

from assistant.audio.device import BLOCK_SECONDS, Samples
from assistant.hearing import acceptance
from assistant.hearing.noise_filter import LAG_BLOCKS, NoiseFilter
from assistant.hearing.open_decoder import OpenDecoder
from assistant.hearing.recognizer import UNKNOWN, Hypothesis, Recognizer, Word
from assistant.hearing.silero import VoiceActivity
from assistant.hearing.speech_events import (
    SpeechAbandoned,
    SpeechEvent,
    SpeechStarted,
    Utterance,
)
from assistant.hearing.utterance_buffer import UtteranceBuffer
from assistant.understanding.grammar import Grammar, Reach

_DECODE_AFTER_SECONDS, _DECODE_AFTER_SECONDS_BEHIND = 0.06, 0.28
"""Of silence, which the voice detector notices some 0.1 s after the last sound. If the voice goes
on after all, the whole utterance is decoded again. Talk with many short pauses is decoded nine
times over, too often for hearing that has to catch up."""
_END_AFTER_SECONDS = {
    Reach.COMPLETE: 0.10,
    Reach.SENTENCE: 0.28,
    Reach.BEGINNING: 0.66,
    Reach.OUTSIDE: 0.66,
}
"""Of silence, depending on how likely the user is to go on."""
_LEAD_SECONDS = 1.2
"""Decoded from before the voice began, so that the recognizer adapts to the room's noise: over a
running tap it understood less with 0.4 s."""
_LEAD_SECONDS_WITH_ECHO = 0.4
"""The same while the coach speaks, so that less of its own voice is decoded."""
_STARTED_SECONDS = 0.10
"""A voice that lasts this long is somebody speaking, even if no word is recognized yet."""
_CLICK_SECONDS = 0.08
"""A voice that lasts no longer is not worth decoding."""
_PART_OF_WORD_SECONDS = 0.12
"""A voice that lasts no longer is hardly a whole word ("ow") but the start of one ("our")."""
_LEAST_UNKNOWN_SECONDS = 0.3
"""Unknown speech that lasts this long is worth a "sorry?"."""
_ECHO_SILENCE = 0.5
"""How much a block with nothing but echo counts as silence: it may cover a soft syllable."""
_CUT_OFF_SECONDS = 0.25
"""Vosk takes unknown speech for silence and ends in the middle of foreign talk. Speech that starts
within this time after that is the rest of it and not a sentence."""
_SHORT_SECONDS = 6.0
"""An utterance with up to this much voice is always decoded openly as well: people speak to the
coach in sentences of their own."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What the utterance is if the user has finished."""

    hypothesis: Hypothesis
    open_hypothesis: Hypothesis | None
    """None when the open decode was too far behind to be worth waiting for."""
    words: tuple[Word, ...]
    """Those that somebody can have said. Without any, it is not an utterance."""
    text: str
    """What to act on."""
    reach: Reach


class Endpointer:
    """Turns blocks into utterances; one recognizer decodes with the grammar, the other openly.

    Both decode exactly the same blocks of an utterance, so that their likelihoods are comparable.
    """

    def __init__(self, recognizer: Recognizer, open_recognizer: Recognizer) -> None:
        self.seconds = 0.0
        """Of audio so far."""
        self.behind = False
        """Whether more audio is waiting: then decode less often, and decide a little later."""
        self._voice_activity = VoiceActivity()
        self._recognizer = recognizer
        self._open_decoder = OpenDecoder(open_recognizer)
        self._filter = NoiseFilter()
        self._buffer = UtteranceBuffer(recognizer, LAG_BLOCKS)
        self._grammar = Grammar(())
        self._blocks = 0
        self._verdict: _Verdict | None = None
        """Made in the present silence, dropped if the voice goes on."""
        self._cut_off = -math.inf
        """When foreign talk was last cut off in the middle."""
        self._started = False
        """Whether `SpeechStarted` was sent for the present utterance."""
        self._voice = self._silence = 0.0
        """Seconds of voice in the utterance, and of silence since."""

    def expect(self, grammar: Grammar) -> None:
        """Recognize the sentences of `grammar`, from the next utterance on.

        In the middle of an utterance the recognizer finishes with the old grammar. In silence it
        changes at once, and the last moments are decoded again, so that a word that has just begun
        is not lost.
        """
        self._grammar = grammar
        self._recognizer.expect(grammar.phrases)
        if not self._voice and not self._buffer.partial and self._verdict is None:
            self._recognizer.finish()
            self._buffer.rewind()

    def prepare(self, grammar: Grammar) -> None:
        """Do the slow part of `expect(grammar)` ahead of time."""
        self._recognizer.prepare(grammar.phrases)

    def warm_up(self, speech: Samples) -> None:
        """Decode some speech, (n,) at 16 kHz, before it matters.

        The recognizers expand their graphs as they go, so the first words take longest.
        """
        self._recognizer.warm_up(speech)
        self._open_decoder.recognizer.warm_up(speech)

    def listen(
        self, block: Samples, is_echo: bool = False, has_echo: bool = False
    ) -> list[SpeechEvent]:
        """Take one block, (320,) at 16 kHz; return what has happened.

        `is_echo`: any voice in it is the coach's own. `has_echo`: some of it may be.
        """
        self._blocks += 1
        self.seconds = self._blocks * BLOCK_SECONDS
        filtered = self._filter.clean(block)
        self._buffer.add(filtered)
        self._open_decoder.add(filtered)
        voice = self._voice_activity.speaking(block)
        if voice and not is_echo:
            self._count_voice()
        elif self._voice:
            self._silence += BLOCK_SECONDS * (_ECHO_SILENCE if voice else 1)
        else:
            self._buffer.keep_last(_LEAD_SECONDS_WITH_ECHO if has_echo else _LEAD_SECONDS)
            self._open_decoder.keep_last(self._buffer.kept)
        ended = self._buffer.decode() if self._voice and self._verdict is None else None
        events = self._start()
        if ended is not None:
            return events + self._end(self._judge(ended))
        self._catch_up()
        return events + self._check_silence()

    def flush(self) -> list[SpeechEvent]:
        """End the utterance, since there is no more audio; return what has happened."""
        verdict = self._verdict or self._judge(self._buffer.finish())
        events = self._start(bool(verdict.hypothesis.text))
        return events + self._end(verdict)

    def _count_voice(self) -> None:
        if self._verdict is not None:
            self._verdict = None
            self._buffer.rewind()
            self._open_decoder.rewind()
        self._voice += BLOCK_SECONDS
        self._silence = 0.0

    def _catch_up(self) -> None:
        """Let the open decode keep up for as long as it is likely to be needed."""
        if not self._started or self._verdict is not None:
            return
        partial = self._buffer.partial.replace(UNKNOWN, "")
        if (
            self._voice < _SHORT_SECONDS
            or self._grammar.reach(partial) is not Reach.OUTSIDE
            or self._grammar.is_urgent_inside(partial)
        ):
            self._open_decoder.catch_up()

    def _start(self, words: bool = False) -> list[SpeechEvent]:
        words = words or bool(self._buffer.partial)
        if self._started or not (words or self._voice > _STARTED_SECONDS):
            return []
        self._started = True
        return [SpeechStarted(self.seconds)]

    def _check_silence(self) -> list[SpeechEvent]:
        """Decode after a moment of silence, and end the utterance after enough of it."""
        after = _DECODE_AFTER_SECONDS_BEHIND if self.behind else _DECODE_AFTER_SECONDS
        if not self._voice or self._silence < after:
            return []
        if self._verdict is None:
            if self._voice <= _CLICK_SECONDS and not self._started:
                self._buffer.finish()
                self._reset()
                return []
            self._verdict = self._judge(self._buffer.finish())
        enough = _END_AFTER_SECONDS[self._verdict.reach]
        if self._voice <= _PART_OF_WORD_SECONDS:
            enough = max(enough, _END_AFTER_SECONDS[Reach.SENTENCE])
        return [] if self._silence < enough else self._end(self._verdict)

    def _judge(self, hypothesis: Hypothesis) -> _Verdict:
        """Return what was said, if anything was, and whether more is to be expected."""
        words = acceptance.plausible(hypothesis.words)
        found = acceptance.sentences(hypothesis, self._grammar)
        text, open_hypothesis = next(iter(found), ""), None
        if words and (found or self._open_decoder.is_near):
            open_hypothesis = self._open_decoder.finish(self._buffer.decoded)
            if not open_hypothesis.text:
                return _Verdict(hypothesis, open_hypothesis, (), "", Reach.OUTSIDE)
            text = acceptance.accept(hypothesis, open_hypothesis, self._grammar)
        return _Verdict(hypothesis, open_hypothesis, words, text, self._reach(hypothesis, text))

    def _reach(self, hypothesis: Hypothesis, text: str) -> Reach:
        """Tell how far `text` has got; while a likelier hypothesis goes on, it is not complete."""
        likeliest = self._grammar.reach(acceptance.known_text(hypothesis.words))
        if not self._grammar.holds(text):
            return likeliest
        reach = self._grammar.reach(text)
        return Reach.SENTENCE if likeliest is Reach.BEGINNING else reach

    def _end(self, verdict: _Verdict) -> list[SpeechEvent]:
        utterance = self._utterance(verdict) if self._voice else None
        started = self._started
        words = verdict.hypothesis.words
        if not self._silence and words and words[-1].text == UNKNOWN:
            self._cut_off = self.seconds
        self._reset()
        if (utterance or started) and _log.isEnabledFor(logging.INFO):
            self._log(verdict, utterance)
        return [utterance or SpeechAbandoned(self.seconds)] if utterance or started else []

    def _utterance(self, verdict: _Verdict) -> Utterance | None:
        if not (words := verdict.words):
            return None
        text = verdict.text
        if words[0].start - self._cut_off < _CUT_OFF_SECONDS and self._grammar.holds(text):
            text = ""
        only_unknown = all(word.text == UNKNOWN for word in words)
        short = only_unknown and acceptance.unknown_seconds(words) < _LEAST_UNKNOWN_SECONDS
        if short and not self._grammar.holds(text):
            return None
        start, end = words[0].start, words[-1].end
        return Utterance(text, words, start, end, self.seconds, self._filter.noisy)

    def _reset(self) -> None:
        """Start another utterance with the blocks that are not decoded yet."""
        self._buffer.drop_decoded()
        self._open_decoder.keep_last(self._buffer.kept)
        self._verdict = None
        self._started = False
        self._voice = self._silence = 0.0

    def _log(self, verdict: _Verdict, utterance: Utterance | None) -> None:
        if utterance is None:
            result = "no utterance, " + ("a short unknown sound" if verdict.words else "no words")
        else:
            result = f"utterance from {utterance.start:.2f} to {utterance.end:.2f} s, "
            if utterance.text != verdict.text:
                result += f"{verdict.text!r} refused: the rest of talk that was cut off"
            elif self._grammar.holds(utterance.text):
                result += f"accepted: {utterance.text!r}"
            else:
                result += f"no sentence: {utterance.text!r}"
        evidence = acceptance.explain(verdict.hypothesis, verdict.open_hypothesis, self._grammar)
        _log.info("%.2f s: %s; %s", self.seconds, result, evidence)
