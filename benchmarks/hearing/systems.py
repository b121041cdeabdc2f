"""The systems that are compared, each in a process of its own: a take in, decisions out.

All share the interpreter, and a decision is a text that it understands. Ours is fed blocks of 20 ms
with what is being played, like a session. The others are the loops that their authors show:

- Vosk with a grammar: `test_words.py` of its Python examples, the same phrases as ours and "[unk]",
  4,000 samples at a time, the text of each `Result`;
- Vosk without one: the same loop on the whole vocabulary;
- PocketSphinx: its `live.py`, an `Endpointer` and a `Decoder` with the bundled US English model. Of
  the same phrases it gets the language model that Vosk makes of them (bigrams, absolute discount
  0.5); as a finite state grammar they took it minutes for a second of sound. Phrases with a word
  that is not in its dictionary are dropped.
"""

import json
import math
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import soxr

from assistant.assembly import load_speech_model, make_interpreter, make_recognizers
from assistant.audio.device import BLOCK_IN, BLOCK_OUT, RATE_IN, RATE_OUT, SILENCE_OUT, Samples
from assistant.config import Settings
from assistant.echo.canceller import EchoCanceller
from assistant.hearing.endpointer import Endpointer
from assistant.hearing.speech_events import SpeechEvent, Utterance
from assistant.hearing.speech_input import InlineSpeechInput
from assistant.library.library import load_library
from assistant.understanding.interpreter import Interpreter
from benchmarks.hearing import sounds
from benchmarks.hearing.takes import Take

CHUNK = 4_000
_DISCOUNT = 0.5


@dataclass(frozen=True, slots=True)
class Decision:
    """A text that means something, and the second of the take at which it was known."""

    text: str
    intents: tuple[str, ...]
    """Empty when nothing is meant."""
    at: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a system made of some takes."""

    decisions: tuple[tuple[Decision, ...], ...]
    """Of each take."""
    processor_seconds: float
    """For listening alone: loading a model or a grammar is not counted."""
    heard_seconds: float
    resident_bytes: int
    """At most, since its process began."""


class System(Protocol):
    """Listens to one take after the other."""

    def expect(self, state: str) -> None:
        """Be ready for the sentences of `state`, and forget what was heard before."""
        ...

    def listen(self, mic: Samples, played: Samples | None) -> Iterator[tuple[str, float]]:
        """Yield texts and when they were known; `played` is (n, 2) at 48 kHz."""
        ...


def listen(name: str, takes: Sequence[Take]) -> Outcome:
    """Let the system of this name hear `takes`; it is made once in a process."""
    system = _system(name)
    decisions = []
    taken = heard = 0.0
    for take in takes:
        mic, played = _sound(take)
        system.expect(take.state)
        begun = time.process_time()
        texts = list(system.listen(mic, played))
        taken += time.process_time() - begun
        heard += len(mic) / RATE_IN
        decisions.append(
            tuple(Decision(text, _meaning(text, take.state), at) for text, at in texts if text)
        )
    return Outcome(tuple(decisions), taken, heard, _resident_bytes())


class Ours:
    """Canceller, endpointer and two recognizers, as in a session."""

    def __init__(self) -> None:
        self._recognizers = make_recognizers(load_speech_model(Settings()))
        for recognizer in self._recognizers:
            recognizer.warm_up(sounds.speech("slt", "how hard should I press"))

    def expect(self, state: str) -> None:
        """Be ready for the sentences of `state`, and forget what was heard before."""
        for recognizer in self._recognizers:
            recognizer.restart()
        self._endpointer = Endpointer(*self._recognizers)
        self._speech_input = InlineSpeechInput(self._endpointer, EchoCanceller())
        self._speech_input.expect(lambda: interpreter().grammar(state))

    def listen(self, mic: Samples, played: Samples | None) -> Iterator[tuple[str, float]]:
        """Yield texts and when they were known."""
        for number in range(len(mic) // BLOCK_IN):
            block = mic[number * BLOCK_IN :][:BLOCK_IN]
            out = SILENCE_OUT if played is None else played[number * BLOCK_OUT :][:BLOCK_OUT]
            yield from _texts(self._speech_input.listen(block, out))
        yield from _texts(self._endpointer.flush())


class Vosk:
    """Vosk as its example uses it; without a grammar, it hears its whole vocabulary."""

    def __init__(self, with_grammar: bool) -> None:
        self._model = load_speech_model(Settings())
        self._with_grammar = with_grammar
        self._made: dict[str, Any] = {}

    def expect(self, state: str) -> None:
        """Be ready for the sentences of `state`, and forget what was heard before."""
        import vosk

        state = state if self._with_grammar else ""
        if state not in self._made:
            phrases = interpreter().grammar(state).phrases if self._with_grammar else ()
            grammar = [self._model.grammar(phrases)] if phrases else []
            self._made[state] = vosk.KaldiRecognizer(self._model.handle, RATE_IN, *grammar)
        self._recognizer = self._made[state]
        self._recognizer.Reset()

    def listen(self, mic: Samples, played: Samples | None) -> Iterator[tuple[str, float]]:  # noqa: ARG002
        """Yield texts and when they were known."""
        pcm = sounds.to_pcm(mic)
        for at in range(0, len(pcm), CHUNK):
            if self._recognizer.AcceptWaveform(pcm[at : at + CHUNK].tobytes()):
                heard = min(at + CHUNK, len(pcm)) / RATE_IN
                yield json.loads(self._recognizer.Result())["text"], heard
        yield json.loads(self._recognizer.FinalResult())["text"], len(pcm) / RATE_IN


class PocketSphinx:
    """PocketSphinx as its example uses it, with a language model of the same phrases."""

    def __init__(self) -> None:
        from pocketsphinx import Decoder

        self._decoder = Decoder(lm=None, loglevel="FATAL")
        self._made: set[str] = set()

    def expect(self, state: str) -> None:
        """Be ready for the sentences of `state`, and forget what was heard before."""
        if state not in self._made:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "phrases.lm"
                path.write_text(bigrams(self._known(interpreter().grammar(state).phrases)))
                self._decoder.add_lm_file(state, str(path))
            self._made.add(state)
        self._decoder.activate_search(state)

    def listen(self, mic: Samples, played: Samples | None) -> Iterator[tuple[str, float]]:  # noqa: ARG002
        """Yield texts and when they were known."""
        from pocketsphinx import Endpointer

        endpointer, speaking = Endpointer(), False
        pcm = sounds.to_pcm(mic).tobytes()
        size = endpointer.frame_bytes
        for at in range(0, len(pcm), size):
            frame, last = pcm[at : at + size], at + size >= len(pcm)
            voice = endpointer.end_stream(frame) if last else endpointer.process(frame)
            if voice:
                if not speaking:
                    self._decoder.start_utt()
                    speaking = True
                self._decoder.process_raw(voice)
            if speaking and not endpointer.in_speech:
                speaking = False
                self._decoder.end_utt()
                best = self._decoder.hyp()
                yield best.hypstr if best else "", min(at + size, len(pcm)) / 2 / RATE_IN

    def _known(self, phrases: Sequence[str]) -> list[list[str]]:
        words = {word for phrase in phrases for word in phrase.split()}
        unknown = {word for word in words if self._decoder.lookup_word(word) is None}
        kept = [p.split() for p in phrases if unknown.isdisjoint(p.split())]
        print(
            f"PocketSphinx: {len(unknown)} of {len(words)} words are not in its dictionary, "
            f"{len(kept)} of {len(phrases)} phrases are left.",
            file=sys.stderr,
        )
        return kept


def bigrams(phrases: Sequence[Sequence[str]]) -> str:
    """Return a bigram model of `phrases` in the ARPA format, with absolute discounting."""
    pairs = Counter(
        pair for words in phrases for pair in zip(["<s>", *words], [*words, "</s>"], strict=True)
    )
    before, after, followers = Counter[str](), Counter[str](), Counter[str]()
    for (first, second), count in pairs.items():
        before[first] += count
        after[second] += count
        followers[first] += 1
    left = {word: _DISCOUNT * followers[word] / before[word] for word in before}
    alone = {word: count / after.total() for word, count in after.items()}
    words = sorted({*before, *after})
    rows = [f"\\data\\\nngram 1={len(words)}\nngram 2={len(pairs)}\n\n\\1-grams:"]
    for word in words:
        logarithm = math.log10(alone[word]) if word in alone else -99
        rows.append(f"{logarithm:.4f} {word} {math.log10(left.get(word, 1)):.4f}")
    rows.append("\n\\2-grams:")
    for (first, second), count in sorted(pairs.items()):
        share = (count - _DISCOUNT) / before[first] + left[first] * alone[second]
        rows.append(f"{math.log10(share):.4f} {first} {second}")
    return "\n".join([*rows, "\n\\end\\\n"])


@cache
def interpreter() -> Interpreter:
    """Return the interpreter of the shipped sentences."""
    return make_interpreter(load_library())


@cache
def _system(name: str) -> System:
    match name:
        case "ours":
            return Ours()
        case "PocketSphinx":
            return PocketSphinx()
        case _:
            return Vosk(with_grammar=name == "Vosk, grammar")


def _meaning(text: str, state: str) -> tuple[str, ...]:
    return tuple(intent.name for intent in interpreter().interpret(text, state))


def _texts(events: Sequence[SpeechEvent]) -> Iterator[tuple[str, float]]:
    yield from ((event.text, event.decided) for event in events if isinstance(event, Utterance))


def _sound(take: Take) -> tuple[Samples, Samples | None]:
    sound = sounds.read(take.path)
    if not take.echo:
        return sound, None
    played = np.asarray(soxr.resample(sound[:, 1], RATE_IN, RATE_OUT), np.float32)
    played = np.pad(played, (0, max(0, 3 * len(sound) - len(played))))
    return np.ascontiguousarray(sound[:, 0]), np.stack([played, played], axis=1)


def _resident_bytes() -> int:
    """Return the most that this process has had resident."""
    status = Path("/proc/self/status")
    if status.is_file():  # Linux hands the parent's peak down to what `getrusage` says
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
