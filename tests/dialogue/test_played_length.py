"""A massage takes as long as its plan says, played from "ready" to its end with a real voice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from assistant._resources import resource
from assistant.assembly import make_content, make_interpreter, make_session
from assistant.audio.clip import Clip
from assistant.config import Settings
from assistant.dialogue.state import Place, State
from assistant.library.library import Library
from assistant.rehearsal.room import Room
from assistant.routine.plan import SpokenLine
from assistant.screen.plain import NoScreen
from assistant.speaking.pyttsx3_voice import Pyttsx3Voice
from assistant.speaking.renderer import Renderer
from assistant.transcript import Transcript

LIBRARY = Library([resource("routines")])
PLANS = {name: LIBRARY.plan(name) for name in LIBRARY.routines}
ENGINES = 3
"""Processes that render side by side: most of the time of each goes by in waiting."""


class RenderedBefore:
    """The system's voice, with the massages' sentences rendered at once and kept."""

    key = "rendered before"
    loading_seconds = 0.0

    def __init__(self) -> None:
        self._voices = [Pyttsx3Voice() for _ in range(ENGINES)]
        lines = {
            item.text
            for plan in PLANS.values()
            for step in plan.steps
            for item in step.score
            if isinstance(item, SpokenLine)
        }
        shares = [sorted(lines)[k::ENGINES] for k in range(ENGINES)]
        with ThreadPoolExecutor(ENGINES) as pool:
            rendered = pool.map(
                lambda voice, share: [*map(voice.render, share)], self._voices, shares
            )
            self._clips = {
                text: clip
                for share, clips in zip(shares, rendered, strict=True)
                for text, clip in zip(share, clips, strict=True)
            }

    def render(self, text: str, rate: float = 1.0) -> Clip:
        return self._clips.get(text) or self._voices[0].render(text, rate)

    def close(self) -> None:
        for voice in self._voices:
            voice.close()


def render_all(voice: Pyttsx3Voice, lines: list[str]) -> list[Clip]:
    return [voice.render(text) for text in lines]


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    # A clip is as long before it is leveled as after, and leveling is half of the work.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistant.speaking.finishing.leveled", lambda samples: samples)
        voice = RenderedBefore()
        renderer = Renderer([voice], cache=None)
        yield renderer
        assert renderer.voice is voice, "it never fell back to silence"
        renderer.close()
        voice.close()


@pytest.fixture(scope="module")
def parts():
    return {
        "content": make_content(LIBRARY, date(2026, 11, 22)),
        "interpreter": make_interpreter(LIBRARY),
    }


@pytest.mark.parametrize("name", PLANS)
def test_a_massage_takes_as_long_as_its_plan_says(name, renderer, parts):
    room = Room(audible=False)
    session = make_session(
        Settings(),
        room,
        NoScreen(),
        Transcript(),
        renderer=renderer,
        initial=State(mode="preparing", place=Place(PLANS[name])),
        **parts,
    )
    room.type("ready")
    session.step()
    begun = session.seconds
    while session.state.mode == "guiding":
        session.step()
    assert session.state.mode == "finished"
    assert session.seconds - begun == pytest.approx(PLANS[name].seconds, rel=0.05)
