"""Vosk as a recognizer: the only module that imports vosk.

Promises: a folder that is not a model raises ModelError instead of aborting the process; word times
are seconds of all the audio accepted so far, across utterances and grammars (the library counts its
samples through resets and grammar changes, and a test holds it to that); the same blocks give the
same hypotheses.

How the library (0.3.45) behaves, as far as it matters here:
- It decodes in chunks: a partial changes every 0.24 s and lags by the network's right context.
- `FinalResult` flushes that context, so the final hypothesis is complete although the partial was
  not, and drops the feature pipeline, so that later audio starts from scratch. Called twice, it
  returns nothing the second time.
- `SetGrammar` in the middle of an utterance is an error in the library, so a new grammar waits for
  the utterance to end. The grammar is a bigram model over the phrases' words.
- `SetGrammar` takes time in proportion to the phrases, too long for a loop of 20 ms with as many as
  a dialogue state has. So each grammar keeps a recognizer of its own, made once.
- The `confidence` of an alternative is the logarithm of its likelihood (language model and scaled
  acoustics), so that two recognizers can be compared over the same blocks.
- The right sentence is often not the likeliest path through the bigrams but one of the other paths
  that are kept, so many of them are requested.
"""

import json
import logging
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
"""Files without which the library aborts the process, or raises an error that says nothing."""
_FULL_SCALE = 32_767
_ALTERNATIVES = 20
_SETTINGS = {
    # How much less likely than the best a hypothesis may be to be kept (natural logarithm of
    # acoustic scores). The small models' own setting drops what was really said while it is the
    # third or fourth in likelihood.
    "model.conf": ("--lattice-beam", 6.0),
    # Kaldi adds random noise of one unit to every sample, so that the same audio gave different
    # hypotheses.
    "mfcc.conf": ("--dither", 0.0),
}
_MOST_DECODERS = 12
"""Kept, one for each grammar: more than a conversation has states."""

_log = logging.getLogger(__name__)


class VoskModel:
    """A loaded speech model, shared by any number of recognizers.

    Raises ModelError when `path` is not a folder with a working Vosk model.
    """

    def __init__(self, path: Path) -> None:
        missing = [part for part in _PARTS if not (path / part).is_file()]
        if missing:
            raise ModelError(
                f"{path} is not a Vosk speech model ({missing[0]} is missing): "
                "type `massage setup`, or name another folder with --model."
            )
        import vosk

        self._path = path
        self._spelled: dict[str, str] = {}
        vosk.SetLogLevel(-1)  # it would write its own log over the screen
        _log.info("loading the speech model in %s", path)
        try:
            with _with_own_settings(path) as folder:
                self.handle: Any = vosk.Model(model_path=str(folder))
        except Exception as error:  # the library raises nothing more precise
            raise self.damaged() from error
        _log.info("the speech model is loaded")

    def damaged(self) -> ModelError:
        """Return the error to raise when the library cannot use the model."""
        return ModelError(
            f"The speech model in {self._path} cannot be used and may be damaged: "
            "type `massage doctor` to find out."
        )

    def knows(self, words: Sequence[str]) -> bool:
        """Whether all of `words` are in the vocabulary."""
        return all(self.handle.vosk_model_find_word(word) >= 0 for word in words)

    def grammar(self, phrases: Sequence[str]) -> str:
        """Return Vosk's grammar argument for `phrases`, of which there must be at least one.

        A word that is not in the vocabulary becomes unknown speech (the library would print a
        warning and join the words around it).
        """
        for word in {word for phrase in phrases for word in phrase.split()} - self._spelled.keys():
            self._spelled[word] = word if self.knows([word]) else UNKNOWN
        spelled = (" ".join(self._spelled[word] for word in phrase.split()) for phrase in phrases)
        return json.dumps([*spelled, UNKNOWN])


@contextmanager
def _with_own_settings(path: Path) -> Iterator[Path]:
    """Yield a folder with links to the model at `path` and with `_SETTINGS` in its files.

    The library takes these settings from the files only, and the model itself stays as it is. Where
    links cannot be made, this is `path`, with the model's own settings.
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
        except OSError as error:
            _log.info("the speech model keeps its own settings, since links fail: %s", error)
            folder = path
        yield folder


class VoskRecognizer:
    """Recognizes `phrases` with `model`, or without any its whole vocabulary."""

    def __init__(self, model: VoskModel, phrases: Sequence[str] = ()) -> None:
        self._model = model
        self._decoders: dict[tuple[str, ...], _Decoder] = {}
        self._phrases = self._wanted = tuple(phrases)
        self._decoder = self._decoders[self._phrases] = _Decoder(model, self._phrases)
        self._samples = 0
        self._partial = ""
        self._running = False

    def prepare(self, phrases: Sequence[str]) -> None:
        """Do the slow part of `expect(phrases)` ahead of time."""
        wanted = tuple(phrases)
        if wanted not in self._decoders and len(self._decoders) < _MOST_DECODERS:
            self._decoders[wanted] = _Decoder(self._model, wanted)

    def expect(self, phrases: Sequence[str]) -> None:
        """Recognize only words and word pairs of `phrases`, from the next utterance on.

        Other speech becomes UNKNOWN or, often enough, the nearest phrase. Without any phrases, the
        whole vocabulary is recognized.
        """
        self._wanted = tuple(phrases)
        if not self._running:
            self._switch()

    def warm_up(self, speech: Samples) -> None:
        """Decode some speech, (n,) at 16 kHz, that belongs to no utterance and counts no time."""
        self._decoder.accept(speech)
        self._decoder.vosk.FinalResult()

    def accept(self, block: Samples) -> Hypothesis | None:
        """Take one block, (n,) at 16 kHz; return a hypothesis when the text has changed.

        It is final when Vosk itself ends the utterance: after 0.5 s of silence behind a sentence,
        or 5 s without any words.
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
        """Count time from zero again; the decoders, with the graphs they have expanded, stay."""
        self.finish()
        self._samples = 0

    def _final(self, result: str) -> Hypothesis:
        self._partial = ""
        self._running = False
        earlier = (self._samples - self._decoder.samples) / RATE_IN
        n_best = [_hypothesis(found, earlier) for found in json.loads(result)["alternatives"]]
        self._switch()
        if not n_best:
            return Hypothesis("", final=True)
        return replace(n_best[0], alternatives=tuple(n_best[1:]))

    def _switch(self) -> None:
        if self._wanted == self._phrases:
            return
        if self._wanted not in self._decoders:
            if len(self._decoders) >= _MOST_DECODERS:
                del self._decoders[next(iter(self._decoders))]
            self._decoders[self._wanted] = _Decoder(self._model, self._wanted)
        self._phrases, self._decoder = self._wanted, self._decoders[self._wanted]


class _Decoder:
    """One of the library's recognizers, and how many samples it got."""

    def __init__(self, model: VoskModel, phrases: Sequence[str]) -> None:
        import vosk

        # The library crashes with the grammar "[]"; without one it recognizes everything.
        grammar = [model.grammar(phrases)] if phrases else []
        try:
            self.vosk: Any = vosk.KaldiRecognizer(model.handle, RATE_IN, *grammar)
        except Exception as error:  # the library raises nothing more precise
            raise model.damaged() from error
        self.vosk.SetWords(True)
        self.vosk.SetMaxAlternatives(_ALTERNATIVES)
        self.samples = 0

    def accept(self, block: Samples) -> bool:
        """Take one block, (n,) at 16 kHz; return whether the library ended the utterance."""
        self.samples += len(block)
        samples = np.clip(block, -1.0, 1.0) * _FULL_SCALE
        return bool(self.vosk.AcceptWaveform(samples.astype("<i2").tobytes()))


def _hypothesis(found: dict[str, Any], earlier: float) -> Hypothesis:
    """Read one alternative; `earlier` seconds of the session did not go through its decoder."""
    words = tuple(
        Word(word["word"], word["start"] + earlier, word["end"] + earlier)
        for word in found.get("result", ())
    )
    text, likelihood = found["text"].strip(), found["confidence"]
    return Hypothesis(text, final=True, words=words, likelihood=likelihood)
