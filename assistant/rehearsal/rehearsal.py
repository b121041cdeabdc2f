"""Performs a script against a session, line by line, in the session's own time.

Every wait is bounded, so that a script fails with its line number and never hangs.
"""

from collections.abc import Callable
from typing import NoReturn, get_args

from assistant.audio.clip import Clip
from assistant.audio.device import BLOCK_SECONDS
from assistant.dialogue.state import Place, State
from assistant.errors import ScriptError
from assistant.rehearsal.header import PACE_NAMES
from assistant.rehearsal.lines import ScriptLine, Speaker
from assistant.rehearsal.room import Room
from assistant.rehearsal.script import Script, matches
from assistant.routine.plan import Strokes
from assistant.session import Session
from assistant.transcript import TranscriptEntry

HAPPENS_WITHIN = 300.0
"""Seconds of session time within which what is waited for must happen."""
INTO_A_SENTENCE = 0.7
"""Seconds after which `[while speaking]` speaks into the coach's sentence."""
UNDERSTOOD_WITHIN = 4.0
"""Seconds after the last spoken word within which the recognizer must have decided."""
SHOWN = 9
"""How many entries of the transcript a failure shows."""
UNDER_WAY = ("preparing", "guiding", "paused", "hurting")
"""Modes in which the massage, and so what is still to come, is known."""


class Rehearsal:
    """One performance. With `voice`, the user speaks; without, the user types."""

    def __init__(
        self,
        script: Script,
        session: Session,
        room: Room,
        voice: Callable[[str], Clip] | None = None,
    ) -> None:
        self._script, self._session, self._room, self._voice = script, session, room, voice
        self._cursor = 0
        """How many entries of the transcript have been matched."""
        self._last_step = 0
        """How many entries there were before the latest block."""
        self._performed: dict[int, int] = {}
        """Line numbers that have been performed, by the index of their entries."""
        self._unwanted: list[ScriptLine] = []
        """The `never:` lines performed so far."""

    def run(self) -> None:
        """Perform the script; raises ScriptError at the first difference."""
        self._session.start()
        for line in self._script.lines:  # each kind has a method of its name
            getattr(self, f"_{line.kind}")(line)

    def _you(self, line: ScriptLine) -> None:
        self._await_turn(line)
        heard = self._session.transcript.by_user
        before = len(heard)
        if self._voice is None:
            self._room.type(line.text)
        else:
            self._room.speak(self._voice(line.text))
            self._run(line, lambda: not self._room.user_speaking, "")
        within = HAPPENS_WITHIN if self._voice is None else UNDERSTOOD_WITHIN
        self._run(line, lambda: len(heard) > before, "this was not heard", within)
        said = heard[before]
        entries = self._session.transcript.entries
        self._done(line, next(i for i, entry in enumerate(entries) if entry is said))
        if line.understood != bool(said["intents"]):
            self._fail(line, self._meaning(line, said))

    def _await_turn(self, line: ScriptLine) -> None:
        """Wait until the user may speak, or for the sentence to interrupt."""
        if line.barge_in == "while speaking":
            self._run(line, lambda: self._session.speaking, "the coach said nothing to speak into")
            self._let_pass(INTO_A_SENTENCE)
        elif not line.barge_in:
            self._run(line, lambda: not self._session.speaking, "the coach did not stop talking")

    def _meaning(self, line: ScriptLine, said: TranscriptEntry) -> str:
        """Describe how the user's line was understood."""
        heard = "" if said["user"] == line.text else f" (heard as '{said['user']}')"
        if said["intents"]:
            meant = ", ".join(intent["intent"] for intent in said["intents"])
            return f"this was understood{heard}, as {meant}"
        if perhaps := said.get("perhaps"):
            asked = " or ".join(intent["intent"] for intent in perhaps)
            return f"this was not understood{heard}; the coach asked back about {asked}"
        nearest = self._session.user_input.interpreter.nearest(line.text, self._session.state.mode)
        hint = f"; the nearest sentence here is '{nearest}'" if nearest else ""
        return f"this was not understood{heard}{hint}"

    def _coach(self, line: ScriptLine) -> None:
        self._matched(line, "coach", "the coach said nothing more", "the coach said")

    def _count(self, line: ScriptLine) -> None:
        self._matched(line, "count", "the coach stopped counting", "the coach counted")

    def _matched(self, line: ScriptLine, field: str, nothing: str, otherwise: str) -> None:
        """Wait for the next entry of the coach's that has `field`, and compare it."""
        self._run(line, lambda: self._next(field) is not None, nothing)
        index = self._next(field)
        assert index is not None
        said = self._session.transcript.entries[index][field]
        self._done(line, index)
        if not matches(line.text, said):
            self._fail(line, f"{otherwise} '{said}'")

    def _never(self, line: ScriptLine) -> None:
        """Fail as soon as the coach says this, in what is not matched yet or comes later."""
        self._unwanted.append(line)
        for index in range(self._cursor, len(self._session.transcript.entries)):
            self._refuse(line, index)

    def _refuse(self, line: ScriptLine, index: int) -> None:
        """Fail if the entry with this index is what the coach must not say."""
        entry = self._session.transcript.entries[index]
        said = entry.get("coach", entry.get("count"))
        if said is not None and matches(line.text, said):
            self._done(line, index)
            self._fail(line, f"the coach said '{said}'")

    def _uncounted(self, line: ScriptLine) -> None:
        """Check that nothing was counted since the user's last line, or since the start."""
        counted: list[str] = []
        for entry in self._session.transcript.entries:
            if "user" in entry:
                counted.clear()
            elif "count" in entry:
                counted.append(entry["count"])
        if counted:
            self._fail(line, f"the coach counted '{counted[0]}'")

    def _done(self, line: ScriptLine, index: int) -> None:
        """Record that the line matched this entry, and continue after it."""
        self._performed[index] = line.number
        self._cursor = index + 1

    def _wait(self, line: ScriptLine) -> None:
        self._let_pass(line.count)

    def _until(self, line: ScriptLine) -> None:
        place, mode = self._session.state.place, self._session.state.mode
        if place and mode in UNDER_WAY and (reason := _out_of_reach(line, place)):
            self._fail(line, reason)
        self._run(line, lambda: self._at(line), "this never came")
        # Skip what was said on the way, but not what came in the very block that ended the wait:
        # a script may want to check that.
        self._cursor = max(self._cursor, self._last_step)

    def _expect(self, line: ScriptLine) -> None:
        if not self._at(line):
            self._fail(line, _standing(line, self._session.state))

    def _device(self, line: ScriptLine) -> None:
        self._cursor = len(self._session.transcript.entries)
        lost = line.mode == "unplugged"
        if line.what == "mic":
            self._room.change("microphone lost" if lost else "microphone back")
        else:
            self._room.change("speaker lost" if lost else "speaker back")

    def _at(self, line: ScriptLine) -> bool:
        state = self._session.state
        if line.pace:
            return PACE_NAMES[state.pace] == line.pace
        if line.mode:
            return state.mode == line.mode
        if state.place is None:
            return False
        if line.routine:
            return state.place.plan.routine == line.routine
        if line.what == "step":
            return state.place.step + 1 == line.count
        run = state.place.strokes
        if line.side:
            return run is not None and run.side == line.side
        of = _planned(state.place, run) if run else 0
        return state.place.stroke == line.count and line.of in (0, of)

    def _run(
        self,
        line: ScriptLine,
        until: Callable[[], bool],
        failure: str,
        within: float = HAPPENS_WITHIN,
    ) -> None:
        """Run the session until the condition holds."""
        end = self._session.seconds + within
        while not until():
            if self._session.over:
                self._fail(line, f"{failure or 'this was not said'}: the conversation was over")
            if self._session.seconds > end:
                standing = f"; {_standing(line, self._session.state)}"
                hint = standing if line.kind == "until" else ""
                self._fail(line, f"{failure} within {within:g} seconds{hint}")
            self._last_step = len(self._session.transcript.entries)
            self._step()

    def _let_pass(self, seconds: float) -> None:
        for _ in range(round(seconds / BLOCK_SECONDS)):
            if not self._session.over:
                self._step()

    def _step(self) -> None:
        """Let one block pass, and compare what comes in it with the `never:` lines."""
        before = len(self._session.transcript.entries)
        self._session.step()
        for index in range(before, len(self._session.transcript.entries)):
            for line in self._unwanted:
                self._refuse(line, index)

    def _next(self, field: str) -> int | None:
        entries = self._session.transcript.entries
        coming = (i for i in range(self._cursor, len(entries)) if field in entries[i])
        return next(coming, None)

    def _fail(self, line: ScriptLine, what: str) -> NoReturn:
        """Raise ScriptError that shows where script and conversation differ."""
        wanted = f"{line.kind}: {line.text}" if line.kind in get_args(Speaker) else line.text
        entries = self._session.transcript.entries
        end = min(self._cursor + SHOWN // 3, len(entries))
        rows = [self._row(line, index) for index in range(max(0, end - SHOWN), end)]
        shown = "\n".join(["  line  seconds", *rows]) if rows else "  Nothing was said."
        raise ScriptError(
            f"{self._script.path}:{line.number}: wanted '{wanted}', but {what}.\n{shown}"
        )

    def _row(self, line: ScriptLine, index: int) -> str:
        number = self._performed.get(index)
        mark = ">" if number == line.number else " "
        return f"{mark} {number or '':>4} {_readable(self._session.transcript.entries[index])}"


def _standing(line: ScriptLine, state: State) -> str:
    """Say where the conversation stands, as far as `line` is about it."""
    place, where = state.place, f"it is {state.mode}"
    if place:
        where += f", step {place.step + 1}, stroke {place.stroke}"
        where += f" of {_planned(place, run)}" if (run := place.strokes) else ""
    if line.pace:
        where += f", pace {PACE_NAMES[state.pace]}"
    if line.side:
        where += f", side {run.side}" if place and run else ", no side"
    if line.routine:
        where += f", routine {place.plan.routine}" if place else ", no routine"
    return where


def _out_of_reach(line: ScriptLine, place: Place) -> str:
    """Say why the massage cannot come to where `line` waits for; "" if it can."""
    if line.what == "step" and line.count > len(place.plan.steps):
        return f"this massage has {len(place.plan.steps)} steps"
    if line.what != "stroke":
        return ""
    later = place.plan.steps[place.step + 1 :]
    runs = [item for step in later for item in step.score if isinstance(item, Strokes)]
    here = [item for item in place.now.score[place.item :] if isinstance(item, Strokes)]
    counts = [run.count for run in (*here, *runs)]
    most = max([*counts, _planned(place, here[0]) if here else 0])
    if line.count < most:
        return ""
    return (
        f"the longest run to come has {most} strokes, and ends with its last one; "
        f"wait for stroke {most - 1} or earlier"
    )


def _planned(place: Place, run: Strokes) -> int:
    """Return how many strokes the current or next run has, with those that the user added."""
    return run.count + place.extra


def _readable(entry: TranscriptEntry) -> str:
    fields = dict(entry)
    at = fields.pop("at")
    if "coach" in fields:
        return f"{at:8.2f}  coach: {fields['coach']}"
    if "user" in fields:
        return f"{at:8.2f}  you: {fields['user'] or '…'}"
    return f"{at:8.2f}  [{', '.join(f'{name} {value}' for name, value in fields.items())}]"
