"""A recorded script plays the same conversation again, at whatever moments the user spoke."""

from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assistant.config import Settings
from assistant.rehearsal.recorder import Recorder
from assistant.rehearsal.room import Room
from assistant.rehearsal.script import Script, read_script
from assistant.rehearsal.stage import Stage
from assistant.screen.plain import NoScreen

SENTENCES = (
    "ready", "next", "back", "pause", "go on", "slower", "ten more",
    "how hard should I press", "say that again", "ouch", "lighter", "mm hm", "purple elephants",
    "yes", "no", "how much longer",
)  # fmt: skip
SOONEST, LATEST = 0.02, 90.0
"""Seconds between two lines: pasted into the terminal, or after a long silence."""


@cache
def stage() -> Stage:
    return Stage(Settings(), by_voice=False)


def recorded(typed: list[tuple[float, str]], path: Path) -> str:
    """Hold a conversation in which each line is typed so many seconds after the one before."""
    room = Room(audible=False)
    session = stage().session(Script(path, ""), room, NoScreen())
    recorder = Recorder(session)
    session.start()
    for seconds, line in typed:
        until = session.seconds + seconds
        while session.seconds < until and not session.over:
            recorder.step()
        room.type(line)
    until = session.seconds + 5
    while session.seconds < until and not session.over:
        recorder.step()
    session.close()
    path.write_text(recorder.script(path))
    return path.read_text()


MOMENTS = st.one_of(st.just(SOONEST), st.floats(SOONEST, 3), st.floats(SOONEST, LATEST))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(MOMENTS, st.sampled_from(SENTENCES)), max_size=12))
@example([(1.0, "lighter"), (SOONEST, "mm hm")])  # two lines into one sentence
def test_a_recorded_script_passes_whatever_was_typed_and_when(
    tmp_path: Path, typed: list[tuple[float, str]]
) -> None:
    path = tmp_path / "recorded.dialogue"
    begun = [(0.5, "puffy eyes"), (8.0, "ready"), *typed]
    recorded(begun, path)
    stage().perform(read_script(path))
