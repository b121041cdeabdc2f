"""What is kept from one session to the next: the place to the stroke, health answers, pace."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.assembly import kept_state, make_content, make_interpreter, make_session
from assistant.config import Settings
from assistant.dialogue.effects import Say
from assistant.dialogue.events import Heard
from assistant.dialogue.respond import respond
from assistant.dialogue.state import NORMAL, Place, State
from assistant.dialogue.turn import DialogueContent
from assistant.history.user_store import UserStore
from assistant.library.library import Library, load_library
from assistant.library.shipped import load_health
from assistant.rehearsal.room import Room
from assistant.routine.health import Profile
from assistant.routine.restrictions import Restrictions
from assistant.screen.plain import NoScreen
from assistant.session import Session
from assistant.transcript import Transcript
from assistant.understanding.intent import Intent

TODAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.fixture
def begin(library: Library, tmp_path: Path) -> Callable[..., tuple[Session, Room]]:
    """Begin a typed session; every one of a test has the same file for the place."""
    content, interpreter = make_content(library, TODAY), make_interpreter(library)

    def make(*, screened: bool = True) -> tuple[Session, Room]:
        room = Room(audible=False)
        store = UserStore(tmp_path, content.health)
        initial = kept_state(store)
        if screened:
            initial = replace(initial, profile=Profile(TODAY))
        session = make_session(
            Settings(),
            room,
            NoScreen(),
            Transcript(),
            content=content,
            interpreter=interpreter,
            store=store,
            initial=initial,
        )
        session.start()
        return session, room

    return make


def run(session: Session, until: Callable[[], bool]) -> None:
    for _ in range(20_000):
        if until() or session.over:
            return
        session.step()
    pytest.fail("it never came")


def say(session: Session, room: Room, text: str) -> None:
    run(session, lambda: not session.speaking)
    room.type(text)
    session.step()


def stroke(session: Session) -> int:
    return session.state.place.stroke if session.state.place else -1


def test_stop_keeps_the_stroke_and_the_next_session_goes_on_from_it(begin) -> None:
    session, room = begin()
    say(session, room, "puffy eyes")
    say(session, room, "ready")
    run(session, lambda: stroke(session) == 3)
    say(session, room, "stop")
    run(session, lambda: session.over)
    session.close()

    session, room = begin()
    assert session.state.mode == "confirming"
    say(session, room, "yes")
    assert session.state.mode == "preparing"
    say(session, room, "ready")
    assert session.state.mode == "guiding"
    assert stroke(session) == 3
    run(session, lambda: stroke(session) == 4)
    said = [entry["coach"] for entry in session.transcript.entries if "coach" in entry]
    assert "Stretch the skin in toward your neck, then release." in said


def test_closing_in_the_middle_keeps_the_place(begin) -> None:
    """As Ctrl-C or a closed terminal does."""
    session, room = begin()
    say(session, room, "puffy eyes")
    say(session, room, "ready")
    run(session, lambda: stroke(session) == 2)
    session.close()
    session, _ = begin()
    assert stroke(session) == 2


def test_a_finished_massage_leaves_no_place(begin) -> None:
    session, room = begin()
    say(session, room, "jaw clenching")
    say(session, room, "ready")
    run(session, lambda: session.state.mode == "finished")
    session.close()
    session, _ = begin()
    assert session.state.mode == "choosing"


def test_what_is_said_while_leaving_changes_nothing(begin) -> None:
    session, room = begin()
    say(session, room, "stop")
    room.type("puffy eyes")
    run(session, lambda: session.over)
    assert session.state.mode == "finished"


def coach(session: Session) -> str:
    return " ".join(entry["coach"] for entry in session.transcript.entries if "coach" in entry)


def test_health_answers_are_kept_for_the_next_session(begin):
    session, room = begin(screened=False)
    for line in ("puffy eyes", "no", "yes", "I have glaucoma", "no", "no"):
        say(session, room, line)
    run(session, lambda: not session.speaking)
    assert "three short questions" in coach(session)
    session.close()
    again, room = begin(screened=False)
    say(again, room, "puffy eyes")
    run(again, lambda: not again.speaking)
    assert "three short questions" not in coach(again)
    assert "I'll leave out everything around the eyes" in coach(again)


def test_questions_that_were_skipped_come_again_in_the_next_session(begin):
    session, room = begin(screened=False)
    say(session, room, "puffy eyes")
    say(session, room, "skip the questions")
    session.close()
    again, room = begin(screened=False)
    say(again, room, "puffy eyes")
    run(again, lambda: not again.speaking)
    assert "three short questions" in coach(again)


def test_the_pace_is_kept_for_the_next_session_and_it_is_said(begin):
    session, room = begin()
    for line in ("puffy eyes", "slower"):
        say(session, room, line)
    session.close()
    again, room = begin()
    assert again.state.pace == NORMAL - 1
    say(again, room, "puffy eyes")
    run(again, lambda: not again.speaking)
    assert "We'll go slower than usual, the way you like it." in coach(again)


@pytest.mark.parametrize("damage", [b"", b"7", b"-1", b"slow", b"\xff"])
def test_a_pace_that_cannot_be_read_is_set_aside(tmp_path, damage):
    (tmp_path / "pace.json").write_bytes(damage)
    assert UserStore(tmp_path, load_health()).pace() == NORMAL
    assert (tmp_path / "pace.damaged").read_bytes() == damage


def test_the_tools_of_a_massage_whose_file_is_gone_stay_as_they_are(
    content: DialogueContent,
) -> None:
    plan = content.plan("puffy-eyes", None, None, Restrictions())
    state = State(mode="guiding", place=Place(replace(plan, routine="gone")))
    event = Heard((Intent("change_tool", {"without": "cloth"}),))
    after, effects = respond(content, state, event)
    said = [effect.text for effect in effects if isinstance(effect, Say)]
    assert content.replies.text("tools are settled") in said
    assert after.place == state.place


def test_a_place_that_cannot_be_kept_is_told_once_and_the_massage_goes_on(
    begin, tmp_path, monkeypatch
):
    remarks: list[str] = []
    session, room = begin()
    monkeypatch.setattr(session.screen, "note", remarks.append)
    session.store = UserStore(tmp_path / "a file", session.content.health)
    (tmp_path / "a file").write_text("where a folder should be")
    for line in ("puffy eyes", "ready"):
        say(session, room, line)
    run(session, lambda: session.state.place.step == 1)
    assert session.state.mode == "guiding"
    assert len(remarks) == 1
    assert "place.json cannot be written" in remarks[0]


def test_it_is_not_said_that_the_place_is_saved_when_it_is_not(begin, tmp_path):
    """What is said follows from what could be written, and the first failure is told in time."""
    session, room = begin()
    (tmp_path / "a file").write_text("where a folder should be")
    session.store = UserStore(tmp_path / "a file", session.content.health)
    for line in ("puffy eyes", "ready"):
        say(session, room, line)
    run(session, lambda: session.state.place.step == 1)
    for line in ("stop", "yes"):
        say(session, room, line)
    run(session, lambda: session.over)
    said = [entry["coach"] for entry in session.transcript.entries if "coach" in entry]
    warning = "I can't save your place right now. If we stop, we'll have to start over."
    assert said.count(warning) == 1
    assert said[-1] == "I couldn't save your place. Goodbye."
    assert not any("Your place is saved" in text for text in said)
