"""The coach on the sound card, as a program of its own: STEP SECONDS VOICE FILE.

Plays from that step on, hears the microphone if there is a speech model, is then told to pause in
the middle of a sentence, and pickles a Performance into FILE.
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

AFTERWARDS = 1.5
"""Seconds that are played after the cut."""


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
    sounded, cut = coach.pause_in_a_sentence(time.monotonic)
    end = coach.session.seconds + AFTERWARDS
    while coach.session.seconds < end:
        coach.session.step()
    voice = coach.session.speech.renderer.voice.key.split()[0]
    done = Performance(sounded, begun, cut, peak_kib(), voice, speech_input is not None)
    coach.session.close()
    file.write_bytes(pickle.dumps(done))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
