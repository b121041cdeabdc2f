"""A sound card for computers without one: PulseAudio with virtual devices, private to a test."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

MODULES = (
    "module-null-sink sink_name=mouth rate=48000 channels=2 norewinds=1",
    "module-null-sink sink_name=air rate=48000 channels=1 norewinds=1",
    "module-remap-source source_name=ear master=air.monitor",
)
ALSA_OVER_PULSE = "pcm.!default { type pulse }\nctl.!default { type pulse }\n"
PATIENCE = 20.0


@dataclass
class VirtualCard:
    """A sound server whose speaker can be recorded and whose microphone can be spoken into."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)
    """Environment for the program under test; PortAudio reads it when it is loaded."""
    _server: subprocess.Popen[bytes] | None = None
    _silence: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        alsa = self.folder / "asound.conf"
        alsa.write_text(ALSA_OVER_PULSE)
        self.env = os.environ | {
            "ALSA_CONFIG_PATH": f"/usr/share/alsa/alsa.conf:{alsa}",
            "PULSE_RUNTIME_PATH": str(self.folder),
            "PULSE_STATE_PATH": str(self.folder),
            "PULSE_SERVER": f"unix:{self.folder}/native",
            "PULSE_COOKIE": str(self.folder / "cookie"),
            "HOME": str(self.folder),
        }

    def start(self) -> None:
        """Start the server and wait until it answers."""
        protocol = f"module-native-protocol-unix auth-anonymous=1 socket={self.folder}/native"
        loads = [f"--load={module}" for module in (protocol, *MODULES)]
        self._server = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
             "--disable-shm", *loads],
            env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while self._pactl("set-default-source", "ear") or self._pactl("set-default-sink", "mouth"):
            if time.monotonic() > deadline or self._server.poll() is not None:
                pytest.fail("PulseAudio did not start")
            self._server_tick()

    def stop(self) -> None:
        """Take the sound card away."""
        if self._silence:
            self._silence.kill()
            self._silence.wait(PATIENCE)
            self._silence = None
        if self._server:
            self._server.terminate()
            self._server.wait(PATIENCE)
            self._server = None

    def echo(self, milliseconds: int) -> None:
        """Let the microphone hear the speaker from now on, always after the same time.

        The server would correct that time now and then, and change it for each new sound. So it may
        not correct, and a sound that never ends lets nothing change.
        """
        way = ("source=mouth.monitor", "sink=air", f"latency_msec={milliseconds}")
        assert self._pactl("load-module", "module-loopback", *way, "adjust_time=0") == 0
        silence = ["pacat", "--device=air", "--latency-msec=100", "/dev/zero"]
        self._silence = subprocess.Popen(silence, env=self.env)

    def play_into_microphone(self, path: Path) -> None:
        """Let the microphone hear a WAV file; returns when it is over."""
        play = ["paplay", "--device=air", str(path)]
        subprocess.run(play, env=self.env, check=True, timeout=600)

    @contextmanager
    def record_speaker(self, path: Path) -> Iterator[None]:
        """Write what the speaker plays meanwhile into a WAV file."""
        record = ["parec", "--device=mouth.monitor", "--file-format=wav", str(path)]
        with subprocess.Popen(record, env=self.env) as recorder:
            try:
                yield
            finally:
                recorder.terminate()

    def _pactl(self, *command: str) -> int:
        answer = subprocess.run(
            ["pactl", *command], env=self.env, capture_output=True, check=False, timeout=PATIENCE
        )
        return answer.returncode

    def _server_tick(self) -> None:
        """Give a server that is starting a moment."""
        assert self._server is not None
        try:
            self._server.wait(0.1)
        except subprocess.TimeoutExpired:
            return
