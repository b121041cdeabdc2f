"""Records a conversation as a script that plays it again.

Promises: the script is valid, and performed by text it takes the session through the same states.
It has every line of the coach. Each line of the user's comes at the same point: at a stroke, into
a sentence, or in silence. Speech over the coach that was not understood is left out, because the
coach ignored it.
"""

from dataclasses import dataclass
from pathlib import Path

from assistant.dialogue.state import State
from assistant.rehearsal.lines import LONGEST_WAIT
from assistant.rehearsal.rehearsal import INTO_A_SENTENCE
from assistant.session import Session
from assistant.transcript import TranscriptEntry

_DEVICES = {
    "microphone lost": "[mic unplugged]",
    "microphone back": "[mic plugged in]",
    "speaker lost": "[speaker unplugged]",
    "speaker back": "[speaker plugged in]",
}
NOT_UNDERSTOOD = "…"
"""Written for speech that was not understood; when it is typed, it is not understood either."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """The state of the session before the latest block."""

    seconds: float
    speaking: bool
    ending: bool
    """Whether a sentence ends with this block."""
    state: State

    @property
    def stroke(self) -> int:
        """How many strokes of the current run are done."""
        return self.state.place.stroke if self.state.place else 0


class Recorder:
    """Runs the session block by block; `lines` is the script so far."""

    def __init__(self, session: Session) -> None:
        self.lines: list[str] = []
        self._session = session
        self._entries_seen = 0
        self._strokes: list[int] = []
        """Strokes done since the latest line of the script."""
        self._anchor = 0.0
        """Session time of that line, in seconds."""
        self._user_spoke = False
        """Whether the user spoke in this block."""
        self._expected = ""
        """The mode, if the script has checked it since it last changed."""

    def run(self) -> None:
        """Hold the conversation until one side ends it."""
        self._session.start()
        while not self._session.over:
            self.step()

    def step(self) -> None:
        """Run one block and record what happened in it."""
        session = self._session
        speaking, ending = session.speaking, session.mixer.ending
        before = _Moment(session.seconds, speaking, ending, session.state)
        session.step()
        self._user_spoke = False
        for entry in session.transcript.entries[self._entries_seen :]:
            self._note(entry, before)
        self._entries_seen = len(session.transcript.entries)

    def script(self, path: Path) -> str:
        """Return the text of the script, titled by the name of its file."""
        title = " ".join(path.stem.replace("-", " ").replace("_", " ").split())
        mode = self._session.state.mode
        ending = [] if mode == self._expected else [f"[expect {mode}]"]
        return "\n".join([f"# {title[:1].upper()}{title[1:]}", *self.lines, *ending, ""])

    def _note(self, entry: TranscriptEntry, before: _Moment) -> None:
        if "coach" in entry:
            text = " ".join(str(entry["coach"]).split()).replace("|", "*")
            self._write(f"coach: {text}")
        elif "user" in entry:
            self._note_user(entry, before)
        elif "device" in entry:
            self._wait_until(before)
            self._write(_DEVICES[entry["device"]])
        elif "mode" in entry:
            self._expected = entry["mode"] if self._user_spoke else ""
            self._write(f"[{'expect' if self._user_spoke else 'until'} {entry['mode']}]")
        elif "stroke" in entry:
            self._strokes.append(entry["stroke"])

    def _note_user(self, entry: TranscriptEntry, before: _Moment) -> None:
        understood = bool(entry["intents"])
        if not understood and self._session.state == before.state:
            return  # the coach ignored it; the same line typed would get an answer
        self._user_spoke = True
        waited = self._wait_until(before)
        if before.speaking:
            if before.ending and not waited:
                # At the border of two sentences only the time is exact: one block earlier, the
                # line would come before the second sentence.
                self._wait_seconds(before)
                waited = True
            into = before.seconds - self._anchor > INTO_A_SENTENCE and not waited
            self._write("[while speaking]" if into else "[at once]")
        guessed = "start" in entry and not understood  # if typed, it could get a "did you mean?"
        self._write(f"you: {NOT_UNDERSTOOD if guessed else ' '.join(entry['user'].split())}")
        if not understood:
            self._write("[not understood]")

    def _wait_until(self, before: _Moment) -> bool:
        """Write how to get from the latest line to this moment, if strokes were done in between."""
        if not self._strokes:
            return False
        now = before.stroke
        if self._strokes.count(now) == 1 and self._strokes[-1] == now:
            self._write(f"[until stroke {now}]")
        else:  # the number came up before, or it belongs to another run
            self._wait_seconds(before)
        return True

    def _wait_seconds(self, before: _Moment) -> None:
        seconds = min(before.seconds - self._anchor, LONGEST_WAIT)
        self._write(f"[{max(seconds, 0):.2f} seconds]")

    def _write(self, line: str) -> None:
        self.lines.append(line)
        self._strokes.clear()
        self._anchor = self._session.seconds
