"""The coach on the sound card, as a separate program: STEP SECONDS VOICE FILE.

It plays from STEP for SECONDS, listening to the microphone if there is a speech model. Then "pause"
is typed in the middle of a sentence, and a Performance is pickled into FILE.
"""

import pickle
import sys
import time
from pathlib import Path

from assistant.assembly import make_endpointer, make_speech_input
from assistant.audio.sound_card import open_sound_card
from assistant.config import Settings
from assistant.errors import ModelError
from assistant.hearing.threaded_input import ThreadedSpeechInput
from benchmarks.pace.coach import Coach, Performance
from benchmarks.pace.memory import peak_kib
from benchmarks.pace.scores import plan

SECONDS_AFTER_CUT = 1.5
"""How long it plays on after the sentence was cut."""


def main(step: int, seconds: float, voice: str, file: Path) -> None:
    """Play on the sound card."""
    try:
        endpointer = make_endpointer(Settings())
        speech_input = ThreadedSpeechInput(lambda: make_speech_input(endpointer))
    except ModelError:
        speech_input = None
    coach = Coach(plan(), open_sound_card(want_mic=speech_input is not None), voice, speech_input)
    coach.begin(step)
    begun = time.monotonic()
    coach.run(lambda: coach.session.seconds >= seconds)
    played, cut = coach.pause_in_a_sentence(time.monotonic)
    end = coach.session.seconds + SECONDS_AFTER_CUT
    while coach.session.seconds < end:
        coach.session.step()
    voice = coach.session.speech.renderer.voice.key.split()[0]
    done = Performance(played, begun, cut, peak_kib(), voice, speech_input is not None)
    coach.session.close()
    file.write_bytes(pickle.dumps(done))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
