"""The process in which pyttsx3 runs, so that its loops and hangs cannot harm the session.

Reads requests as JSON lines from standard input and answers each with one JSON line:

    {"say": TEXT, "voice": NAME or null, "wpm": 150, "file": PATH}  ->  {}
    {"list": true}  ->  {"voices": [{"id": ID, "name": NAME, "language": CODE or ""}, ...]}

or {"error": SENTENCE}. Lines such as {"progress": "imported"} come before that: the program is
slow, but not hanging. Ends when its input does. Run as a program; imports nothing else of the
package, so that it starts quickly.
"""

import json
import os
import signal
import sys
from typing import Any, TextIO

INSTALL = {
    "linux": "install it with: sudo apt install espeak-ng",
    "darwin": "check System Settings > Accessibility > Spoken Content",
    "win32": "check Settings > Time & language > Speech",
}
DEFAULT_VOICE = {"linux": "gmw/en-us"}
"""eSpeak's own default is British. The recognizer is American: it tells self-speech by its words,
and makes out fewer of a British voice's."""

LONGEST_RENDER_SECONDS = 60
"""The caller gives up sooner; this keeps an abandoned worker from waiting forever."""


def main() -> None:
    """Answer requests until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the session handles Ctrl-C
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # the drivers print on standard output
    _reply(replies, {"progress": "started"})
    for line in sys.stdin:
        if sys.platform == "linux":
            _answer_in_a_fork(line, replies)
        else:
            _answer(line, replies)


def _answer_in_a_fork(line: str, replies: TextIO) -> None:
    """Answer from a process in which eSpeak has not spoken yet.

    eSpeak carries oscillator state and random numbers from one sentence into the next. In a fresh
    process it renders the same text to the same samples, and a crash costs only one sentence.
    """
    import pyttsx3  # noqa: F401  (imported once here, for all forks)

    _reply(replies, {"progress": "imported"})
    child = os.fork()
    if child == 0:
        signal.alarm(LONGEST_RENDER_SECONDS)
        _answer(line, replies)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status != 0:
        _reply(replies, {"error": "The speech engine (eSpeak NG) crashed."})


def _answer(line: str, replies: TextIO) -> None:
    request = json.loads(line)
    try:
        import pyttsx3

        engine = pyttsx3.init()
    except Exception as error:  # each driver raises its own
        _reply(replies, {"error": _no_engine(error)})
        return
    _reply(replies, {"progress": "loaded"})
    try:
        _reply(replies, _list(engine) if "list" in request else _say(engine, request))
    except Exception as error:
        _reply(replies, {"error": f"The speech engine failed: {error}."})


def _no_engine(error: Exception) -> str:
    engine = "eSpeak NG" if sys.platform == "linux" else "The system's speech engine"
    return f"{engine} cannot be used ({error}); {INSTALL.get(sys.platform, INSTALL['linux'])}."


def _list(engine: Any) -> dict[str, Any]:
    return {"voices": [_described(voice) for voice in engine.getProperty("voices")]}


def _described(voice: Any) -> dict[str, str]:
    languages = voice.languages or [""]
    return {"id": voice.id, "name": voice.name, "language": str(languages[0])}


def _say(engine: Any, request: dict[str, Any]) -> dict[str, Any]:
    if sys.platform == "linux":
        _settle()
        engine.runAndWait()  # an empty loop: without it, the one below would not wait for the end
    wanted = request["voice"] or DEFAULT_VOICE.get(sys.platform)
    if wanted:
        voices = engine.getProperty("voices")
        found = _find(wanted, voices)
        if found is None:
            return {"error": f"No voice {wanted!r} is installed; `massage voices` lists all."}
        engine.setProperty("voice", found)
    engine.setProperty("rate", request["wpm"])
    if sys.platform == "linux":
        _settle()
    engine.save_to_file(request["say"], request["file"])
    engine.runAndWait()
    return {}


def _settle() -> None:
    """Wait until eSpeak's command queue is empty.

    `runAndWait` first stops what is running, and so it sometimes canceled the rate that had just
    been set: some sentences came out at 200 words per minute, or empty.
    """
    from pyttsx3.drivers import _espeak

    _espeak.Synchronize()


def _find(wanted: str, voices: list[Any]) -> str | None:
    """Find a voice by its id, the id's last part, or its name; eSpeak's variant ("+f3") is kept."""
    base, plus, variant = wanted.partition("+")
    for voice in voices:
        if base.lower() in {voice.id.lower(), voice.id.lower().split("/")[-1], voice.name.lower()}:
            return str(voice.id) + plus + variant
    return None


def _reply(replies: TextIO, reply: dict[str, Any]) -> None:
    replies.write(json.dumps(reply) + "\n")
    replies.flush()


if __name__ == "__main__":
    main()
