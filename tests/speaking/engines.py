"""Speech engines that misbehave: programs in place of the child process of the system's voice."""

from pathlib import Path

import pytest

from assistant.speaking.pyttsx3_voice import Pyttsx3Voice

HANGING = "import sys\nfor line in sys.stdin: pass\n"
DYING = "import sys\nsys.stdin.readline()\n"
SLOW_BUT_ALIVE = """
import json, sys, threading
for part in range(6):
    threading.Event().wait(0.7)
    print(json.dumps({"progress": f"part {part}"}), flush=True)
import numpy as np, soundfile
tone = np.sin(np.arange(22050) / 10).astype("float32") / 4
for line in sys.stdin:
    soundfile.write(json.loads(line)["file"], tone, 22050)
    print("{}", flush=True)
"""
SPEAKING_AIFF = """
import json, sys, numpy as np, soundfile
for line in sys.stdin:
    tone = np.sin(np.arange(22050) / 10).astype("float32") / 4
    soundfile.write(json.loads(line)["file"], tone, 22050, format="AIFF", subtype="PCM_16")
    print("{}", flush=True)
"""


def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> Pyttsx3Voice:
    """The system's voice with another engine's program in its child process."""
    worker = tmp_path / "engine.py"
    worker.write_text(program)
    monkeypatch.setattr("assistant.speaking.pyttsx3_voice.WORKER", worker)
    return Pyttsx3Voice()
