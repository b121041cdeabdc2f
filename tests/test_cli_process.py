"""What only a whole process can show: signals, closed and broken streams, what is imported."""

import os
import subprocess
import sys
from pathlib import Path
from threading import Timer

import pytest

MASSAGE = [sys.executable, "-m", "assistant"]
PATIENCE = 60.0
# A shell that starts its jobs in the background lets them ignore Ctrl-C, and children inherit that.
NOTICING_CTRL_C = (
    "import signal\n"
    "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "from assistant.cli import main\n"
    "main(['chat'])"
)


# Presses Ctrl-C when the module is imported, or the function called, that the first argument names.
PRESSING_CTRL_C = """
import os, runpy, signal, sys

class PressesCtrlC:
    def find_spec(self, name, path=None, target=None):
        if name == wanted:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGINT)

def press_in_function(frame, event, arg):
    if frame.f_code.co_name == wanted and event == "call":
        sys.setprofile(None)
        os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
wanted = sys.argv.pop(1)
sys.meta_path.insert(0, PressesCtrlC())
sys.setprofile(press_in_function)
runpy.run_module("assistant", run_name="__main__")
"""


@pytest.fixture(autouse=True)
def no_sound_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sound system that names a card which is not there; ALSA aborts on an empty one."""
    config = tmp_path / "asound.conf"
    config.write_text("pcm { absent { type hw card 31 } }")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")


def test_list_leaves_the_heavy_parts_alone():
    """Loading a recognizer or numpy would cost more than the whole answer may take."""
    code = (
        "import sys\nfrom assistant.cli import main\n"
        "try: main(['list'])\nexcept SystemExit: pass\n"
        "print(*sorted({'numpy', 'vosk', 'hassil', 'rich', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    assert done.stdout.splitlines()[-1] == ""


@pytest.mark.parametrize("command", ["", "chat --rate 2", "understand"])
def test_a_closed_standard_input_is_one_into_which_nothing_is_typed(command: str):
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" <&-', "sh", *MASSAGE, *command.split()],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == (0 if command else 3)


def test_a_reader_who_has_read_enough_is_no_error():
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as broken:
        done = subprocess.run(
            [*MASSAGE, "list"],
            stdout=broken,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "moment",
    [
        *("_prepare_streams", "parser", "read_options"),
        *("assistant.cli", "argparse", "assistant.commands.chat", "assistant.errors"),
        *("assistant.assembly", "assistant.session", "numpy", "pydantic", "yaml", "hassil.intents"),
    ],
)
def test_ctrl_c_while_it_is_being_loaded_is_no_traceback(moment: str):
    done = subprocess.run(
        [sys.executable, "-c", PRESSING_CTRL_C, moment, "chat"],
        input="stop\n",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 130
    assert done.stderr.endswith("massage: stopped.\n")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("sent", "status"), [(2, 130), (15, 143)], ids=["Ctrl-C", "SIGTERM"])
def test_a_signal_ends_it_at_once_and_the_place_is_kept(tmp_path: Path, sent: int, status: int):
    with subprocess.Popen(
        [sys.executable, "-c", NOTICING_CTRL_C],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path)},
    ) as running:
        bound = Timer(PATIENCE, running.kill)
        bound.start()
        assert running.stdin
        assert running.stderr
        running.stdin.write("puffy eyes\nno\nno\nno\nready\n")
        running.stdin.flush()
        for line in running.stderr:
            if "Here we go" in line or "Let's begin" in line:
                break
        running.send_signal(sent)
        rest = running.communicate(timeout=5)[1]
        bound.cancel()
    assert running.returncode == status
    assert "Traceback" not in rest
    assert (tmp_path / "massage-assistant" / "place.json").exists()
