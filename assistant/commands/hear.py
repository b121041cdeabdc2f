"""`massage hear`: what is understood in recordings, one JSON line per decision."""

import argparse
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.commands.contract import Output
from assistant.commands.options import add_shared
from assistant.commands.understand import add_domain, finder_for, told
from assistant.config import load_settings

if TYPE_CHECKING:
    from assistant.hearing.endpointer import Endpointer
    from assistant.hearing.speech_events import Utterance

ABOUT = "show what is understood in recordings, one JSON line per decision"


@dataclass(frozen=True)
class Options:
    """The recordings, which sentences are understood, and by which speech model."""

    files: tuple[Path, ...]
    sentences: Path | None = None
    state: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


def add_arguments(to: argparse.ArgumentParser) -> None:
    """Add the recordings, the sentences and the speech model."""
    to.add_argument("files", nargs="+", type=Path, metavar="WAV")
    add_domain(to)
    add_shared(to, "model")


def run(options: Options, out: Output) -> int:
    """Print what is understood in each recording."""
    from assistant.commands.setup import ensure_model

    ensure_model(options.settings, out)
    for decision in hear(options):
        out.json(decision)
    return 0


def hear(options: Options) -> Iterator[dict[str, Any]]:
    """Yield every decision: `file, text, intent, slots, start, end, decided`, times in seconds.

    `decided` is when the meaning was known. What the coach would ask back about has an `intent` of
    None, and `perhaps`. A recording in which nothing is understood gives one
    line with `intent` None. Raises AudioFileError for a file that cannot be read, and ModelError.
    """
    from assistant.assembly import load_speech_model, make_recognizers
    from assistant.hearing.endpointer import Endpointer
    from assistant.user_input import IN_NOISE

    finder = finder_for(options.sentences, options.state)
    grammar = finder.interpreter.grammar(options.state)
    recognizers = make_recognizers(load_speech_model(load_settings(options.settings)))
    for path in options.files:
        for recognizer in recognizers:
            recognizer.restart()
        endpointer = Endpointer(*recognizers)
        endpointer.expect(grammar)
        understood = False
        for utterance in _utterances(path, endpointer):
            raised = IN_NOISE if utterance.noisy else 0.0
            found = finder.find(utterance.text, options.state, raised)
            if found.intents or found.perhaps:
                understood = True
                meaning = told(found)
                yield {"file": str(path), "text": utterance.text, **meaning, **_times(utterance)}
        if not understood:
            nothing = {"start": None, "end": None, "decided": None}
            yield {"file": str(path), "text": "", "intent": None, "slots": {}, **nothing}


def _utterances(path: Path, endpointer: "Endpointer") -> "Iterator[Utterance]":
    from assistant.audio.device import SILENCE_OUT
    from assistant.audio.wav_files import WavDevice
    from assistant.hearing.speech_events import Utterance

    with closing(WavDevice(path, None)) as device:
        ended = False
        while not ended:
            incoming = device.exchange(SILENCE_OUT)
            ended = incoming.ended
            events = endpointer.listen(incoming.block)
            if ended:
                events = [*events, *endpointer.flush()]
            yield from (event for event in events if isinstance(event, Utterance))


def _times(utterance: "Utterance") -> dict[str, float]:
    return {n: round(getattr(utterance, n), 3) for n in ("start", "end", "decided")}
