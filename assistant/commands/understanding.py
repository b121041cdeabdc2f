"""The commands that only understand: text or recordings in, intents out, nothing said or done."""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from assistant.assembly import load_speech_model, make_interpreter, make_recognizers
from assistant.config import load_settings
from assistant.dialogue.state import MODES
from assistant.errors import SettingsError
from assistant.hearing.endpointer import Endpointer, Utterance
from assistant.library.library import load_library
from assistant.understanding.interpreter import Interpreter


def understand(options: argparse.Namespace, texts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield what each text means; of two things in one breath, `more` holds the others."""
    interpreter = _interpreter(options)
    for text in texts:
        yield {"text": text, **_meaning(interpreter, text, options.state)}


def hear(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield what is understood in each recording, one by one, `decided` when it was known."""
    from assistant.audio.wav_files import WavDevice

    interpreter = _interpreter(options)
    grammar = interpreter.grammar(options.state)
    model = load_speech_model(load_settings(vars(options)))
    recognizers = make_recognizers(model)
    for path in options.files:
        for recognizer in recognizers:
            recognizer.restart()
        listener = Endpointer(*recognizers)
        listener.expect(grammar)
        device = WavDevice(path, None)
        understood = False
        for utterance in _utterances(device, listener):
            meaning = _meaning(interpreter, utterance.text, options.state)
            if meaning["intent"] is not None:
                understood = True
                yield {"file": str(path), "text": utterance.text, **meaning, **_times(utterance)}
        if not understood:
            nothing = {"start": None, "end": None, "decided": None}
            yield {"file": str(path), "text": "", "intent": None, "slots": {}, **nothing}


def _interpreter(options: argparse.Namespace) -> Interpreter:
    sentences: Path | None = options.sentences
    if sentences is None and options.state not in (None, *MODES):
        raise SettingsError(
            f"--state: there is no state '{options.state}'; allowed: {', '.join(MODES)}."
        )
    return make_interpreter(None if sentences else load_library(), sentences)


def _meaning(interpreter: Interpreter, text: str, state: str | None) -> dict[str, Any]:
    intents = interpreter.interpret(text, state)
    if not intents:
        return {"intent": None, "slots": {}}
    first, *others = ({"intent": i.name, "slots": dict(i.slots)} for i in intents)
    return {**first, "more": others} if others else first


def _utterances(device: Any, listener: Endpointer) -> Iterator[Utterance]:
    from assistant.audio.device import SILENCE_OUT

    ended = False
    while not ended:
        incoming = device.exchange(SILENCE_OUT)
        ended = incoming.ended
        news = listener.listen(incoming.block)
        yield from (
            n for n in [*news, *(listener.flush() if ended else [])] if isinstance(n, Utterance)
        )
    device.close()


def _times(utterance: Utterance) -> dict[str, float]:
    return {n: round(getattr(utterance, n), 3) for n in ("start", "end", "decided")}
