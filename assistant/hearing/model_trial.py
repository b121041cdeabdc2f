"""Loads a speech model in a child process, to learn whether it can be used.

A damaged model can abort the process that loads it, keep it busy for good, or fill the memory.
Here that ends the child alone, and nothing of what the library says is shown.
"""

import logging
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

TRIAL_SECONDS = 60
"""A model of 2 GB takes twenty seconds from a slow disk; the small one takes one."""
_MOST_MEMORY = 4 << 30
"""Bytes of addresses, beside four times the size of the model. The small one takes 2 GB of them."""
_ROOT = Path(__file__).parents[2]

_log = logging.getLogger(__name__)


def trial_fault(folder: Path) -> str | None:
    """Return what is wrong with the model in `folder`, such as "cannot be loaded", or None."""
    paths = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
    try:
        # A process that is aborted leaves its temporary files behind, so they get a folder here.
        with TemporaryDirectory(prefix="speech-model-") as temporary:
            own = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), temporary)
            own["OPENBLAS_NUM_THREADS"] = "1"  # each thread takes addresses
            done = subprocess.run(  # noqa: S603 (this module, no shell)
                [sys.executable, "-P", "-m", __name__, str(folder.absolute())],
                env={**os.environ, **own, "PYTHONPATH": paths},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=TRIAL_SECONDS,
                check=False,
            )
    except subprocess.TimeoutExpired:
        _log.info("%s was still being loaded after %d s", folder, TRIAL_SECONDS)
        return f"cannot be loaded within {TRIAL_SECONDS} seconds"
    _log.info("a trial with %s ended with status %d: %s", folder, done.returncode, done.stderr)
    return "is damaged, since it cannot be loaded" if done.returncode else None


def _try(folder: Path) -> None:
    """Load the model and decode a second of noise, with a grammar and without."""
    import numpy as np

    from assistant.audio.device import RATE_IN
    from assistant.hearing.vosk import VoskModel, VoskRecognizer

    model = VoskModel(folder)
    noise = np.random.default_rng(0).normal(0, 0.1, RATE_IN).astype(np.float32)
    for phrases in (["yes"], []):
        recognizer = VoskRecognizer(model, phrases)
        recognizer.accept(noise)
        recognizer.finish()


def _limit(folder: Path) -> None:
    """Bound what this process may use, also when its parent is gone."""
    if sys.platform == "win32":
        return
    import resource

    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    limits = {
        resource.RLIMIT_AS: _MOST_MEMORY + 4 * size,
        resource.RLIMIT_CPU: TRIAL_SECONDS,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in limits.items():
        with suppress(OSError, ValueError):  # it is lower already, or the system has no such limit
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    _limit(Path(sys.argv[1]))
    _try(Path(sys.argv[1]))
