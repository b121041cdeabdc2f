"""Does the coach obey itself? Its first minute, through rooms of every loudness and delay.

A session plays into a simulated room, where a loudspeaker's sound comes back into the microphone
after some time, with the room's reverberation. At first nobody speaks: whatever is
understood is the coach's own voice. For the last column somebody says "stop" over a prompt, always
at the same level, so that a louder echo covers it.

Stories: hello for a new user; welcome back, with a place that was kept; the questions about health;
the first step.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np

from assistant.assembly import (
    load_speech_model,
    make_content,
    make_interpreter,
    make_recognizers,
    make_session,
    reused_speech_input,
)
from assistant.audio.device import BLOCK_IN, BLOCK_SECONDS, RATE_OUT, Incoming, Samples
from assistant.audio.resampling import BlockCutter
from assistant.config import load_settings
from assistant.dialogue.state import Place, State
from assistant.dialogue.turn import DialogueContent
from assistant.hearing.vosk import VoskRecognizer
from assistant.library.library import load_library
from assistant.rehearsal.stage import TODAY
from assistant.routine.restrictions import Restrictions
from assistant.screen.plain import NoScreen
from assistant.session import Session
from assistant.transcript import Transcript
from assistant.understanding.interpreter import Interpreter
from benchmarks.hearing import sounds

VOICES = ("piper", "pyttsx3")
DELAYS = (0.02, 0.06, 0.15, 0.3)
LEVELS = tuple(range(0, -21, -1))
USER = -26.0
"""dBFS of the user at the microphone, as loud as the coach where the echo has 0 dB."""
NOISE = 10 ** (-70 / 20)
PATIENCE = 90.0
LISTENED = 12.0
"""Seconds of the first step that are listened to."""
TYPED = ("puffy eyes", "no", "no", "no", "ready")
SAID = "stop"
SAID_AFTER, ANSWERED, THINKS = 0.7, 3.0, 1.0
"""Seconds: of a prompt before the user speaks over it; to be answered; before the next line."""
PROMPTS = 5
"""How many prompts the user speaks over, in a session each."""


class EchoRoom:
    """A device whose speaker is heard by its microphone."""

    realtime, audible = False, True

    def __init__(self, decibels: float, delay: float, seed: int) -> None:
        self._response = sounds.impulse_response(np.random.default_rng(seed), delay)
        self._response *= np.float32(10 ** (decibels / 20))
        self._random = np.random.default_rng(seed + 1)
        self._tail: Samples = np.zeros(len(self._response) - 1, np.float32)
        self._cutter = BlockCutter(RATE_OUT)
        self._lines: list[str] = []
        self._user: Samples = np.zeros(0, np.float32)

    @property
    def user_speaking(self) -> bool:
        """Whether the user is still speaking."""
        return len(self._user) > 0

    def type(self, line: str) -> None:
        """Type a line."""
        self._lines.append(line)

    def speak(self, samples: Samples) -> None:
        """Say something, (n,) at 16 kHz."""
        self._user = samples

    def exchange(self, out: Samples) -> Incoming:
        """Play `out`, (960, 2), and return what the microphone hears meanwhile."""
        self._cutter.add(out.mean(axis=1))
        ready = self._cutter.take()
        played = np.pad(ready, (BLOCK_IN - len(ready), 0))
        heard = np.convolve(played, self._response)
        heard[: len(self._tail)] += self._tail
        self._tail = heard[BLOCK_IN:]
        user: Samples = self._user[:BLOCK_IN]
        self._user = self._user[BLOCK_IN:]
        noise = self._random.standard_normal(BLOCK_IN) * NOISE
        mixed = heard[:BLOCK_IN] + np.pad(user, (0, BLOCK_IN - len(user))) + noise
        lines, self._lines = tuple(self._lines), []
        return Incoming(mixed.astype(np.float32), lines)

    def close(self) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class Case:
    """One first minute, in which the user speaks over prompt number `over`, or never (0)."""

    voice: str
    decibels: float
    delay: float
    kept: bool
    over: int = 0

    def run(self) -> tuple[list[str], bool]:
        """Return what of the coach's own voice was obeyed, and whether the user was."""
        room = EchoRoom(self.decibels, self.delay, round(1000 * self.delay))
        session = self._session(room)
        session.start()
        try:
            spoke = self._hold(session, room)
        finally:
            session.close()
        own, obeyed = [], False
        for entry in session.transcript.by_user:
            if "start" not in entry or not (entry["intents"] or entry.get("perhaps")):
                continue
            if spoke and -0.3 < entry["start"] - spoke < 1.5:
                obeyed = obeyed or any(one["intent"] == SAID for one in entry["intents"])
            else:
                own.append(f"{entry['user']!r} at {entry['start']} s")
        return own, obeyed

    def _session(self, room: EchoRoom) -> Session:
        settings = load_settings({"voice": self.voice})
        content, interpreter, recognizers = _parts()
        plan = content.plan("gua-sha", None, None, Restrictions())
        return make_session(
            settings,
            room,
            NoScreen(),
            Transcript(),
            content=content,
            interpreter=interpreter,
            initial=State(place=Place(plan, 1) if self.kept else None),
            speech_input=reused_speech_input(*recognizers),
        )

    def _hold(self, session: Session, room: EchoRoom) -> float:
        """Hold the conversation; return when the user spoke, 0.0 for never."""
        lines, spoke, prompt = iter(() if self.kept else TYPED), 0.0, 0
        speaking = quiet = guided = 0.0
        while session.seconds < PATIENCE and not session.over and guided < LISTENED:
            session.step()
            guided += BLOCK_SECONDS * (session.state.mode == "guiding")
            if session.speaking:
                prompt += speaking == 0.0
                speaking, quiet = speaking + BLOCK_SECONDS, 0.0
            else:
                speaking, quiet = 0.0, quiet + BLOCK_SECONDS
            if prompt == self.over and not spoke and speaking > SAID_AFTER:
                room.speak(sounds.at_level(sounds.speech("rms", SAID), USER))
                spoke = session.seconds
            if spoke and session.seconds > spoke + ANSWERED:
                break
            if quiet > THINKS and session.state.mode != "guiding":
                if (line := next(lines, None)) is None:
                    break
                room.type(line)
                quiet = 0.0
        return spoke


@cache
def _parts() -> tuple[DialogueContent, Interpreter, tuple[VoskRecognizer, VoskRecognizer]]:
    """Return what all sessions of a process share."""
    library = load_library()
    recognizers = make_recognizers(load_speech_model(load_settings({})))
    return make_content(library, TODAY), make_interpreter(library), recognizers


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="script/bench ownvoice", description=__doc__)
    parser.add_argument("--levels", type=int, nargs="+", default=LEVELS, help="dB of the echo")
    parser.add_argument("--delays", type=float, nargs="+", default=DELAYS, help="seconds")
    parser.add_argument("--voices", nargs="+", default=VOICES)
    options = parser.parse_args()
    stories = list(product(options.delays, (False, True)))
    spoken = [(options.delays[0], False, over) for over in range(1, PROMPTS + 1)]
    print("| voice | echo | own voice obeyed | user's stop heard |\n| --- | --- | --- | --- |")
    with ProcessPoolExecutor() as pool:
        for voice, level in product(options.voices, options.levels):
            alone = [Case(voice, level, *story) for story in stories]
            over = [Case(voice, level, *each) for each in spoken]
            found = list(pool.map(Case.run, [*alone, *over]))
            own = [each for each, _ in found[: len(alone)] if each]
            heard = sum(obeyed for _, obeyed in found[len(alone) :])
            row = f"{len(own)} of {len(alone)}", f"{heard} of {len(over)}"
            print(f"| {voice} | {level} dB | {row[0]} | {row[1]} |", flush=True)
            for each in own:
                print(f"<!-- {'; '.join(each)} -->")


if __name__ == "__main__":
    main()
