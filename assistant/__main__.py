"""`python -m assistant` is the command `massage`."""

import signal
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line; Ctrl-C while that is still being loaded ends quietly."""
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
