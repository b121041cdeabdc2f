"""Performs dialogue scripts, by text or with a simulated user's voice in a simulated bathroom.

Promises: nothing of the user's own is read or written, and every rehearsal takes place on the same
day, so a script passes or fails alike on every computer.
"""

from collections.abc import Callable
from datetime import date
from functools import cache

from assistant.assembly import (
    load_speech_model,
    make_content,
    make_interpreter,
    make_recognizers,
    make_session,
    reused_speech_input,
)
from assistant.audio.clip import Clip
from assistant.audio.device import Device
from assistant.config import Settings
from assistant.dialogue.state import Place, State
from assistant.errors import MassageError, ScriptError
from assistant.library.library import load_library
from assistant.rehearsal.acoustics import Acoustics
from assistant.rehearsal.rehearsal import Rehearsal
from assistant.rehearsal.room import Room
from assistant.rehearsal.script import Script
from assistant.routine.health import Health, Profile
from assistant.routine.restrictions import Restrictions
from assistant.screen.plain import NoScreen
from assistant.screen.screen import Screen
from assistant.session import Session
from assistant.transcript import Transcript

TODAY = date(2026, 3, 2)
"""A Monday: the date of every rehearsal, so that dates are worded the same on any day."""
NEW = ("new",)
"""The profile of a user who was never asked about health."""


class Stage:
    """Performs scripts; the parts that all of them share are made once."""

    def __init__(
        self, settings: Settings, by_voice: bool, acoustics: Acoustics | None = None
    ) -> None:
        library = load_library()
        self._settings, self._by_voice = settings, by_voice
        self._acoustics = acoustics or Acoustics()
        self._content = make_content(library, TODAY)
        self._interpreter = make_interpreter(library)
        self._voice = _user_voice() if by_voice else None
        self._recognizers = make_recognizers(load_speech_model(settings)) if by_voice else None

    def perform(
        self, script: Script, screen: Screen | None = None, record: bool = False
    ) -> tuple[Session, Room]:
        """Perform a script to its end; raises ScriptError at the first difference."""
        voice = self._voice
        user_clips = (voice(line.text) for line in script.lines if line.kind == "you" and voice)
        room = Room(self._by_voice, self._acoustics, user_clips, record)
        session = self.session(script, room, screen or NoScreen())
        try:
            Rehearsal(script, session, room, voice).run()
        finally:
            session.close()
        return session, room

    def session(self, script: Script, device: Device, screen: Screen) -> Session:
        """Return a session on `device`, set up by the script's header."""
        header = script.header
        initial = State(
            minutes=header.minutes,
            tools=header.tools,
            profile=_profile(script, self._content.health),
            place=self._kept(script),
            pace=header.pace,
        )
        return make_session(
            self._settings,
            device,
            screen,
            Transcript(),
            content=self._content,
            interpreter=self._interpreter,
            initial=initial,
            speech_input=reused_speech_input(*self._recognizers) if self._recognizers else None,
        )

    def _kept(self, script: Script) -> Place | None:
        """Return the place that the script's user kept on an earlier day."""
        if script.header.kept is None:
            return None
        routine, step = script.header.kept
        where = f"{script.path}:{script.header.line_of('kept')}"
        try:
            plan = self._content.plan(routine, None, None, Restrictions())
        except MassageError as error:
            raise ScriptError(f"{where}: kept: {error}") from None
        if not 1 <= step <= len(plan.steps):
            raise ScriptError(f"{where}: kept: found step {step}; allowed: 1 to {len(plan.steps)}.")
        return Place(plan, step - 1)


def _profile(script: Script, health: Health) -> Profile | None:
    """Return the health answers of the script's user, as of today; None for a new user."""
    asked = script.header.profile
    if asked == NEW:
        return None
    unknown = [name for name in asked if name not in health.conditions]
    if unknown:
        raise ScriptError(
            f"{script.path}:{script.header.line_of('profile')}: profile: found {unknown[0]!r}; "
            f"allowed: {', '.join(NEW)}, or of {', '.join(sorted(health.conditions))}."
        )
    return Profile(TODAY, dict.fromkeys(asked, TODAY))


def _user_voice() -> Callable[[str], Clip]:
    """Return a voice for the simulated user.

    It must differ from the coach's, which the hearing learns to leave alone.
    """
    from assistant.speaking import piper_models
    from assistant.speaking.piper_voice import PiperVoice
    from assistant.speaking.pyttsx3_voice import Pyttsx3Voice

    if piper_models.installed():
        return cache(PiperVoice(pitch=1.15).render)
    return cache(Pyttsx3Voice("gmw/en-US+f3", rate_wpm=140).render)
