"""Vosk behind the recognizer contract: the only module that imports vosk.

Promises: a folder that is no model raises ModelError instead of aborting the process; word times
are seconds of all the sound accepted so far, whatever utterances and grammars lie in between (the
library counts its samples through resets and grammar changes, a test holds it to that); the same
blocks give the same hypotheses.

How the library behaves, as far as it matters here (0.3.45):
- It decodes in chunks: a partial changes every 0.24 s and lags by the network's right context.
- `FinalResult` flushes that context, so the final is complete although the partial was not, and
  drops the feature pipeline; the next sound starts afresh. It answers nothing twice.
- `SetGrammar` on a recognizer that is amid an utterance is an error in the library, so that a new
  grammar waits for the utterance to end. The grammar is a bigram model over the phrases' words.
- `SetGrammar` takes time in proportion to the phrases: for those of a conversation's state too long
  for a loop of 20 ms. So each grammar keeps a recognizer of its own, made once.
- An alternative's `confidence` is no confidence but the logarithm of its likelihood (language model
  and scaled sound), so that two recognizers can be compared over the same blocks.
- The right sentence is often not the likeliest path through the bigrams, but among the others that
  are kept; so many of them are asked for.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from assistant.audio.device import RATE_IN, Samples
from assistant.errors import ModelError
from assistant.hearing.recognizer import UNKNOWN, Hypothesis, Word

_PARTS = ("am/final.mdl", "conf/mfcc.conf", "graph/phones/word_boundary.int")
"""Files without which the library aborts or raises something bare."""
_FULL_SCALE = 32_767
_ALTERNATIVES = 20
_SETTINGS = {
    # Readings this much less likely than the best are kept: natural logarithm of acoustic scores.
    # The small models let go of what was really said while it is the third or fourth in likelihood.
    "model.conf": ("--lattice-beam", 6.0),
    # Kaldi adds random noise of one unit to every sample: the same sound was heard differently.
    "mfcc.conf": ("--dither", 0.0),
}
_KEPT = 12
"""Recognizers kept, each with its grammar: more than a conversation has states."""


class VoskModel:
    """A loaded speech model, shared by any number of recognizers.

    Raises ModelError when `path` is not the folder of a Vosk model.
    """

    def __init__(self, path: Path) -> None:
        missing = [part for part in _PARTS if not (path / part).is_file()]
        if missing:
            raise ModelError(
                f"{path} is not a Vosk speech model ({missing[0]} is missing): "
                "run `massage setup`, or name another folder with --model."
            )
        import vosk

        self._spelt: dict[str, str] = {}
        vosk.SetLogLevel(-1)  # it would write its log over the screen
        try:
            with _with_own_settings(path) as folder:
                self.handle: Any = vosk.Model(model_path=str(folder))
        except Exception as error:  # the library raises nothing more precise
            raise ModelError(
                f"The speech model in {path} cannot be loaded, it may be damaged: "
                "run `massage setup` again."
            ) from error

    def knows(self, words: Sequence[str]) -> bool:
        """Whether all of `words` are in the vocabulary."""
        return all(self.handle.vosk_model_find_word(word) >= 0 for word in words)

    def grammar(self, phrases: Sequence[str]) -> str:
        """Vosk's grammar argument for `phrases`, of which there is at least one.

        A word that the model does not know counts as unknown speech (the library would print a
        warning and join its neighbours).
        """
        for word in {word for phrase in phrases for word in phrase.split()} - self._spelt.keys():
            self._spelt[word] = word if self.knows([word]) else UNKNOWN
        spelt = (" ".join(self._spelt[word] for word in phrase.split()) for phrase in phrases)
        return json.dumps([*spelt, UNKNOWN])


@contextmanager
def _with_own_settings(path: Path) -> Iterator[Path]:
    """Give a folder that is the model at `path`, but for `_SETTINGS`, which it reads only there.

    Where links cannot be made, the model is taken as it is.
    """
    with TemporaryDirectory(prefix="speech-model-") as name:
        folder = Path(name)
        try:
            (folder / "conf").mkdir()
            for part in (*path.iterdir(), *(path / "conf").iterdir()):
                if part.name != "conf" and part.name not in _SETTINGS:
                    (folder / part.relative_to(path)).symlink_to(part.resolve())
            for file, (option, value) in _SETTINGS.items():
                lines = (path / "conf" / file).read_text("utf-8").splitlines()
                kept = [line for line in lines if not line.startswith(f"{option}=")]
                text = "\n".join([*kept, f"{option}={value}", ""])
                (folder / "conf" / file).write_text(text, "utf-8")
        except OSError:
            folder = path
        yield folder


class VoskRecognizer:
    """A recognizer on `model`; without `phrases` it hears the model's whole vocabulary."""

    def __init__(self, model: VoskModel, phrases: Sequence[str] = ()) -> None:
        self._model = model
        self._made: dict[tuple[str, ...], _Decoder] = {}
        self._phrases = self._wanted = tuple(phrases)
        self._decoder = self._made[self._phrases] = _Decoder(model, self._phrases)
        self._samples = 0
        self._partial = ""
        self._running = False

    def prepare(self, phrases: Sequence[str]) -> None:
        """Make ready for `expect(phrases)`, so that it costs nothing then."""
        wanted = tuple(phrases)
        if wanted not in self._made and len(self._made) < _KEPT:
            self._made[wanted] = _Decoder(self._model, wanted)

    def expect(self, phrases: Sequence[str]) -> None:
        """From the next utterance on, hear only words and word pairs of `phrases`.

        Speech outside of them becomes UNKNOWN or, often enough, the nearest phrase. No phrases
        at all: the whole vocabulary.
        """
        self._wanted = tuple(phrases)
        if not self._running:
            self._switch()

    def warm_up(self, speech: Samples) -> None:
        """Decode some speech, (n,) at 16 kHz, that belongs to no utterance and takes no time."""
        self._decoder.accept(speech)
        self._decoder.vosk.FinalResult()

    def accept(self, block: Samples) -> Hypothesis | None:
        """Take one block, (n,) at 16 kHz; return a hypothesis when the text has changed.

        The hypothesis is final when Vosk itself ends the utterance: 0.5 s of silence after a
        sentence, 5 s without any.
        """
        self._running = True
        self._samples += len(block)
        if self._decoder.accept(block):
            return self._final(self._decoder.vosk.Result())
        partial = json.loads(self._decoder.vosk.PartialResult())["partial"]
        if partial == self._partial:
            return None
        self._partial = partial
        return Hypothesis(partial, final=False)

    def finish(self) -> Hypothesis:
        """End the utterance now and return the final hypothesis (its text may be empty)."""
        return self._final(self._decoder.vosk.FinalResult())

    def restart(self) -> None:
        """Count time from here on; what has been unfolded and learned of the grammar stays."""
        self.finish()
        self._samples = 0

    def _final(self, result: str) -> Hypothesis:
        self._partial = ""
        self._running = False
        earlier = (self._samples - self._decoder.samples) / RATE_IN
        readings = [_reading(found, earlier) for found in json.loads(result)["alternatives"]]
        self._switch()
        if not readings:
            return Hypothesis("", final=True)
        return replace(readings[0], others=tuple(readings[1:]))

    def _switch(self) -> None:
        if self._wanted == self._phrases:
            return
        if self._wanted not in self._made:
            if len(self._made) >= _KEPT:
                del self._made[next(iter(self._made))]
            self._made[self._wanted] = _Decoder(self._model, self._wanted)
        self._phrases, self._decoder = self._wanted, self._made[self._wanted]


class _Decoder:
    """One of the library's recognizers, and how much it has heard."""

    def __init__(self, model: VoskModel, phrases: Sequence[str]) -> None:
        import vosk

        # Made with the grammar "[]" the library crashes; without one, it hears everything.
        grammar = [model.grammar(phrases)] if phrases else []
        self.vosk: Any = vosk.KaldiRecognizer(model.handle, RATE_IN, *grammar)
        self.vosk.SetWords(True)
        self.vosk.SetMaxAlternatives(_ALTERNATIVES)
        self.samples = 0

    def accept(self, block: Samples) -> bool:
        """Take one block; return whether the library has ended the utterance."""
        self.samples += len(block)
        samples = np.clip(block, -1.0, 1.0) * _FULL_SCALE
        return bool(self.vosk.AcceptWaveform(samples.astype("<i2").tobytes()))


def _reading(found: dict[str, Any], earlier: float) -> Hypothesis:
    """Read one alternative; its decoder heard nothing during `earlier` seconds of the session."""
    words = tuple(
        Word(word["word"], word["start"] + earlier, word["end"] + earlier)
        for word in found.get("result", ())
    )
    text, likelihood = found["text"].strip(), found["confidence"]
    return Hypothesis(text, final=True, words=words, likelihood=likelihood)
