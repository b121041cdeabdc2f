"""A virtual sound card: a private PulseAudio server whose output is recorded."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

import numpy as np

from assistant.audio.device import RATE_OUT, Samples

SINKS = ("ours", "plain")
_ALSA = "pcm.!default { type pulse }\nctl.!default { type pulse }\n"
_APLAY = '#!/bin/sh\nexec paplay "$1"\n'
_STARTS_WITHIN = 20.0
_CHUNK = 4 * RATE_OUT // 100


def installed() -> bool:
    """Tell whether PulseAudio and its tools are installed."""
    return all(map(which, ("pulseaudio", "pactl", "paplay", "parec")))


@contextmanager
def server(folder: Path) -> Iterator[dict[str, str]]:
    """Run a private server; yield the environment for programs that use it.

    In that environment `aplay`, which pyttsx3 plays with on Linux, is paplay, so that no ALSA tools
    are needed.
    """
    (folder / "bin").mkdir()
    aplay = folder / "bin" / "aplay"
    aplay.write_text(_APLAY)
    aplay.chmod(0o755)
    (folder / "asound.conf").write_text(_ALSA)
    env = os.environ | {
        "PATH": f"{aplay.parent}:{os.environ['PATH']}",
        "ALSA_CONFIG_PATH": f"/usr/share/alsa/alsa.conf:{folder}/asound.conf",
        "PULSE_RUNTIME_PATH": str(folder),
        "PULSE_STATE_PATH": str(folder),
        "PULSE_SERVER": f"unix:{folder}/native",
        "PULSE_COOKIE": str(folder / "cookie"),
    }
    modules = [
        f"module-native-protocol-unix auth-anonymous=1 socket={folder}/native",
        *(f"module-null-sink sink_name={s} rate=48000 channels=2 norewinds=1" for s in SINKS),
        "module-null-sink sink_name=air rate=48000 channels=1 norewinds=1",
        "module-remap-source source_name=ear master=air.monitor",
    ]
    command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
    command += ["--disable-shm", *(f"--load={module}" for module in modules)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=env, stdout=quiet, stderr=quiet) as running:
        try:
            _await(env)
            yield env
        finally:
            running.terminate()


def on(env: dict[str, str], sink: str) -> dict[str, str]:
    """Return the environment for a program that plays on one of SINKS."""
    return env | {"PULSE_SINK": sink, "PULSE_SOURCE": "ear"}


def _await(env: dict[str, str]) -> None:
    """Wait until the server answers; raises CalledProcessError."""
    deadline = time.monotonic() + _STARTS_WITHIN
    command = ["pactl", "set-default-source", "ear"]
    while subprocess.run(command, env=env, capture_output=True, check=False).returncode:
        if time.monotonic() > deadline:
            raise TimeoutError("PulseAudio did not start")
        time.sleep(0.1)


class Recording:
    """Records what a sink plays until `stop`; times are on the clock of `time.monotonic`."""

    def __init__(self, env: dict[str, str], sink: str) -> None:
        command = ["parec", f"--device={sink}.monitor", "--raw", "--format=s16le"]
        command += [f"--rate={RATE_OUT}", "--channels=2", "--latency-msec=10"]
        self._process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, bufsize=0)
        self._data = bytearray()
        self.begun = float("inf")
        """When the first sample was played, in seconds.

        Each chunk arrives some time after it was played, so the earliest estimate is the best one.
        """
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def __enter__(self) -> "Recording":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> Samples:
        """Stop recording and return all of it, (n,) mono at 48 kHz."""
        self._process.terminate()
        self._process.wait()
        self._thread.join()
        pcm = np.frombuffer(self._data[: len(self._data) // 4 * 4], "<i2").reshape(-1, 2)
        mono: Samples = (pcm.mean(axis=1) / 32768).astype(np.float32)
        return mono

    def first_sound(self, since: float, above: float, within: float) -> float | None:
        """Wait for the first sample after `since` that is above a level; return its time."""
        while time.monotonic() < since + within:
            time.sleep(0.1)
            pcm = np.frombuffer(self._data[: len(self._data) // 4 * 4], "<i2").reshape(-1, 2)
            first = max(0, round((since - self.begun) * RATE_OUT)) if pcm.size else 0
            loud = np.flatnonzero(np.abs(pcm[first:, 0].astype(np.int32)) > above * 32768)
            if len(loud):
                return self.begun + (first + int(loud[0])) / RATE_OUT
        return None

    def _read(self) -> None:
        assert self._process.stdout is not None
        while chunk := self._process.stdout.read(_CHUNK):
            self._data += chunk
            self.begun = min(self.begun, time.monotonic() - len(self._data) / 4 / RATE_OUT)
