"""`python -m assistant` is the command `massage`."""

import os
import signal
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line; Ctrl-C while that is still being loaded ends quietly."""
    # While other programs run, several threads at one short sentence wait for each other: 30 to
    # 200 ms instead of 10 for the model of paraphrases.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from assistant.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("massage: stopped.\n")
        sys.exit(130)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends anyway: no second Ctrl-C


if __name__ == "__main__":
    main()
