"""What a loudspeaker gets of a step, read back from the WAV file: the strokes, to the sample."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.assembly import make_content, make_interpreter, make_session
from assistant.audio.device import BLOCK_SECONDS, RATE_OUT, Incoming, Samples
from assistant.audio.earcons import EarconKind, earcon
from assistant.audio.wav_files import WavDevice
from assistant.config import Settings
from assistant.dialogue.state import Place, State
from assistant.library.library import load_library
from assistant.routine.plan import Plan, Side, SpokenLine, Strokes
from assistant.screen.plain import NoScreen
from assistant.session import Session
from assistant.transcript import Transcript, TranscriptEntry

LIBRARY = load_library()
CONTENT = make_content(LIBRARY, date(2026, 3, 2))
INTERPRETER = make_interpreter(LIBRARY)
WHOLE = LIBRARY.plan("jawline")
STEP = next(step for step in WHOLE.steps if step.technique == "gua-sha-jaw")
PLAN = replace(WHOLE, steps=(STEP,))
LEFT, RIGHT = (item for item in STEP.score if isinstance(item, Strokes))
LONGEST = 600.0
"""Seconds within which everything must be over."""

Interruption = tuple[Side, int, float, str]
"""On which side, after how many strokes, how many seconds into the next one, what is typed."""


class TypedBeside(WavDevice):
    """A WAV file for the speaker, and lines that are typed meanwhile."""

    def __init__(self, speaker: Path) -> None:
        super().__init__(None, speaker)
        self.lines: deque[str] = deque()

    def exchange(self, out: Samples) -> Incoming:
        super().exchange(out)
        return Incoming(lines=(self.lines.popleft(),) if self.lines else ())


@dataclass
class Played:
    """What was heard and noted of a step."""

    sound: Samples
    entries: list[TranscriptEntry]

    def strokes(self, side: Side) -> list[int]:
        """The numbers of the strokes that were done, in their order."""
        return [entry["stroke"] for entry in self.entries if entry.get("side") == side]

    def found(self, kind: EarconKind, side: Side) -> list[int]:
        """The samples at which an earcon begins: where the sound has its very shape."""
        shape = earcon(kind, side).astype(np.float64)
        hits = [
            (begin + at, like)
            for begin, part in self.parts(overlap=len(shape))
            for at, like in likenesses(part, shape)
        ]
        best: list[tuple[int, float]] = []
        for at, like in hits:
            if best and at - best[-1][0] < 0.2 * RATE_OUT:
                best[-1] = max(best[-1], (at, like), key=lambda hit: hit[1])
            else:
                best.append((at, like))
        return [at for at, _ in best]

    def parts(self, overlap: int) -> Iterator[tuple[int, Samples]]:
        """Pieces that are quick to transform, each with its first sample's number."""
        for begin in range(0, len(self.sound), PIECE - overlap):
            yield begin, self.sound[begin : begin + PIECE]

    def peak_above_speech(self, at: float) -> float:
        """The peak around a moment, above the band of eSpeak and earcons; a click has some."""
        middle = round(at * RATE_OUT)
        part = self.sound[middle - RATE_OUT : middle + RATE_OUT].mean(axis=1)
        spectrum = np.fft.rfft(part)
        spectrum[: round(len(spectrum) * ABOVE_SPEECH / (RATE_OUT / 2))] = 0
        near = np.fft.irfft(spectrum, len(part))[RATE_OUT - 480 : RATE_OUT + 1440]
        return float(np.abs(near).max())


PIECE = 1 << 18
ABOVE_SPEECH = 14_000.0
NO_CLICK = 0.005


def likenesses(sound: Samples, shape: np.ndarray) -> list[tuple[int, float]]:
    """Where the sound is like the shape, and how much, by normalized cross-correlation."""
    if len(sound) < len(shape):
        return []
    like = np.zeros(len(sound) - len(shape) + 1)
    energy = np.full(len(like), 1e-6)
    for channel in (0, 1):
        spectrum = np.conj(np.fft.rfft(shape[:, channel], PIECE))
        spectrum *= np.fft.rfft(sound[:, channel], PIECE)
        like += np.fft.irfft(spectrum, PIECE)[: len(like)]
        sums = np.cumsum(np.concatenate([[0.0], sound[:, channel].astype(np.float64) ** 2]))
        energy += sums[len(shape) :] - sums[: -len(shape)]
    like /= np.sqrt(energy * (shape**2).sum())
    return [(int(at), float(like[at])) for at in np.flatnonzero(like > 0.95)]


def about_to_begin(device: TypedBeside, voice: str, plan: Plan) -> Session:
    """Return a session whose user has just typed that the massage may begin."""
    session = make_session(
        Settings(voice=voice),
        device,
        NoScreen(),
        Transcript(),
        content=CONTENT,
        interpreter=INTERPRETER,
        initial=State(mode="preparing", place=Place(plan)),
    )
    device.lines.append("ready")
    return session


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Played]:
    """Play the step with eSpeak's voice into a WAV file, interrupted or not."""

    def play_step(interruptions: Sequence[Interruption] = ()) -> Played:
        path = tmp_path_factory.mktemp("played") / "speaker.wav"
        device = TypedBeside(path)
        session = about_to_begin(device, "pyttsx3", PLAN)
        run(session, lambda: session.state.mode == "guiding")
        for side, done, seconds, line in interruptions:
            run(session, partial(stroking, session, side, done))
            run(session, partial(later, session, session.seconds + seconds))
            device.lines.append(line)
            session.step()
            run(session, lambda: not session.speaking)
        run(session, lambda: session.state.mode == "finished" and not session.speaking)
        assert session.speech.renderer.voice.key.startswith("pyttsx3")
        session.close()
        sound, rate = soundfile.read(path, dtype="float32")
        assert rate == RATE_OUT
        return Played(sound, session.transcript.entries)

    return play_step


def run(session: Session, until: Callable[[], bool]) -> None:
    for _ in range(round(LONGEST / BLOCK_SECONDS)):
        if until():
            return
        session.step()
    pytest.fail("it never came")


def later(session: Session, than: float) -> bool:
    return session.seconds >= than


def stroking(session: Session, side: Side, done: int) -> bool:
    """Whether this stroke of the run goes on, or its turn has come in a pause."""
    state = session.state
    if state.place is None or not isinstance(state.place.doing, Strokes) or session.speaking:
        return False
    return (state.place.doing.side, state.place.stroke) == (side, done)


@pytest.fixture(scope="module")
def undisturbed(play: Callable[..., Played]) -> Played:
    return play()


def assert_no_click_at_a_cut(played: Played) -> None:
    _, *cuts = (
        entry["at"] for entry in played.entries if "user" in entry
    )  # nothing before "ready"
    assert {at: peak for at in cuts if (peak := played.peak_above_speech(at)) > NO_CLICK} == {}


def moments(begin: int, run: Strokes, share: float = 0.0) -> list[int]:
    return [begin + round((k + share) * run.tempo * RATE_OUT) for k in range(run.count)]


@pytest.mark.parametrize("run", [LEFT, RIGHT], ids=["left", "right"])
def test_every_stroke_sounds_at_its_time_on_its_side(undisturbed: Played, run: Strokes) -> None:
    found = [*undisturbed.found("stroke", run.side), *undisturbed.found("last stroke", run.side)]
    assert found == moments(found[0], run)
    assert {*moments(found[0], run, share=run.turn)} <= {*undisturbed.found("turn", run.side)}
    here, there = (0, 1) if run.side == "left" else (1, 0)
    for begin in found:
        energy = (undisturbed.sound[begin : begin + 2880] ** 2).sum(axis=0)
        assert energy[here] > 10 * energy[there]


def test_the_hands_have_time_to_change_sides(undisturbed: Played) -> None:
    (sign,) = undisturbed.found("switch sides", "right")
    first = undisturbed.found("stroke", "right")[0]
    assert first - sign == 2 * RATE_OUT
    spoken = next(e["at"] for e in undisturbed.entries if e.get("coach") == "Now the right side.")
    assert spoken < sign / RATE_OUT < first / RATE_OUT


def test_words_on_strokes_are_heard_and_delay_nothing(undisturbed: Played) -> None:
    words = [entry["count"] for entry in undisturbed.entries if "count" in entry]
    countdown = ["Three to go.", "Two to go.", "Last one."]
    assert words == ["One.", *countdown, "And.", "One.", *countdown]
    third = undisturbed.found("stroke", "left")[2]
    spoken = undisturbed.sound[third + round(0.15 * RATE_OUT) :][:RATE_OUT]
    assert np.abs(spoken).max() > 0.1


def test_a_paused_and_resumed_step_has_exactly_the_planned_strokes(play) -> None:
    played = play(
        [
            *(("left", 2, 1.3, "pause"), ("left", 2, 30.0, "go on")),
            *(("right", 4, 3.9, "hold on"), ("right", 4, 1.0, "continue")),
        ]
    )
    for run in (LEFT, RIGHT):
        assert played.strokes(run.side) == [*range(1, run.count + 1)]
    # The strokes in which it was paused sound again, from their beginning.
    assert len(played.found("stroke", "left")) == LEFT.count - 1 + 1
    assert len(played.found("last stroke", "left")) == 1
    assert len(played.found("stroke", "right")) == RIGHT.count - 1
    assert len(played.found("last stroke", "right")) == 1 + 1
    assert_no_click_at_a_cut(played)


TEN: list[Interruption] = [
    ("left", 0, 0.05, "pause"),
    ("left", 0, 5.0, "go on"),
    ("left", 1, 2.0, "how hard should I press"),
    ("left", 1, 4.9, "slower"),
    ("left", 2, 0.3, "louder"),
    ("left", 3, 3.5, "two more"),
    ("left", 5, 1.0, "why"),
    ("left", 6, 5.5, "faster"),
    ("right", 0, 1.3, "quieter"),
    ("right", 1, 0.0, "where are we"),
    ("right", 4, 4.0, "say that again"),
]


def test_ten_interruptions_in_one_step_lose_nothing_and_repeat_nothing(play) -> None:
    played = play(TEN)
    assert all(entry["intents"] for entry in played.entries if "user" in entry)
    assert played.strokes("left") == [*range(1, LEFT.count + 2 + 1)]
    assert played.strokes("right") == [*range(1, RIGHT.count + 1)]
    said = [entry["coach"] for entry in played.entries if "coach" in entry]
    unasked = [item for item in STEP.score if isinstance(item, SpokenLine)]
    for line in unasked:
        if line.kind in ("side", "lead in", "close"):
            assert said.count(line.text) == 1, line.text
    assert np.abs(played.sound).max() < 0.999, "clipped"
    assert_no_click_at_a_cut(played)


def test_a_stroke_that_ends_in_the_block_in_which_the_user_speaks_is_done(tmp_path: Path) -> None:
    """The pause comes with the very block that completes the second stroke."""
    marked = replace(PLAN, steps=(replace(STEP, score=(LEFT,)),))
    device = TypedBeside(tmp_path / "speaker.wav")
    session = about_to_begin(device, "silent", marked)
    run(session, partial(stroking, session, "left", 1))
    run(session, partial(later, session, session.seconds + LEFT.tempo - 1.5 * BLOCK_SECONDS))
    device.lines.append("pause")
    session.step()
    done = [entry for entry in session.transcript.entries if "stroke" in entry]
    assert (session.state.mode, len(done)) == ("paused", 2)
    assert session.state.place is not None
    assert session.state.place.stroke == 2
    session.close()
