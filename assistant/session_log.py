"""What the session writes down: the transcript of a conversation, entry by entry."""

import logging
from collections.abc import Sequence
from typing import Any

from assistant.audio.mixer import Passed
from assistant.dialogue.events import Event, StrokeDone
from assistant.dialogue.state import State
from assistant.hearing.speech_events import Utterance
from assistant.screen.screen import Screen
from assistant.transcript import Transcript
from assistant.understanding.intent import Intent
from assistant.understanding.meaning_finder import Meaning

_log = logging.getLogger(__name__)


class SessionLog:
    """Writes into the transcript and shows on the screen. Times are seconds of the session."""

    def __init__(self, transcript: Transcript, screen: Screen) -> None:
        self.transcript = transcript
        self._screen = screen
        self._noted: set[str] = set()

    def coach(self, at: float, text: str) -> None:
        """Note that the coach begins to say `text`."""
        self.transcript.add(at, coach=text)
        self._screen.coach(text)

    def user(self, at: float, text: str, meaning: Meaning, spoken: Utterance | None) -> None:
        """Note what the user said or typed, and what it means."""
        times: dict[str, Any] = {}
        if spoken:
            times = {n: round(getattr(spoken, n), 3) for n in ("start", "end", "decided")}
        intents, perhaps = map(_told, (meaning.intents, meaning.perhaps))
        asked = {"perhaps": perhaps} if perhaps else {}
        self.transcript.add(at, user=text, intents=intents, **asked, **times)
        self._screen.user(text, bool(meaning.intents))
        _log.info("%.2f s: '%s': %s", at, text, "; ".join(meaning.why))

    def ignored(self, at: float, text: str, why: str) -> None:
        """Log why an utterance has no effect; the transcript has it all the same."""
        _log.info("%.2f s: '%s' is ignored: %s", at, text, why)

    def counted(self, at: float, passed: Passed) -> None:
        """Note that the coach counts a stroke aloud."""
        self.transcript.add(at, count=passed.word)

    def device(self, at: float, change: str) -> None:
        """Note that a microphone or speaker went away or came back."""
        self.transcript.add(at, device=change)

    def trouble(self, sentence: str) -> None:
        """Tell, once, what could not be kept: a full disk is full at the next step, too."""
        if sentence and sentence not in self._noted:
            self._noted.add(sentence)
            self._screen.note(sentence)
            _log.warning("%s", sentence)

    def changes(self, at: float, before: State, now: State, event: Event) -> None:
        """Write what the event changed: strokes done, the mode, the step."""
        place, then = now.place, before.place
        if isinstance(event, StrokeDone) and event.tag == before.awaited and then:
            run = then.strokes
            assert run is not None
            self.transcript.add(
                at,
                stroke=then.stroke + 1,
                of=run.count + then.extra,
                step=then.step + 1,
                side=run.side,
            )
        if now.mode != before.mode:
            self.transcript.add(at, mode=now.mode)
        begun = before.mode != "guiding" or then is None or place is None or then.step != place.step
        if now.mode == "guiding" and place is not None and begun:
            self.transcript.add(at, step=place.step + 1, title=place.now.title)


def _told(intents: Sequence[Intent]) -> list[dict[str, Any]]:
    return [{"intent": intent.name, "slots": dict(intent.slots)} for intent in intents]
