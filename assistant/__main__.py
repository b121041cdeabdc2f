"""`python -m assistant` is the command `massage`."""

from assistant.cli import main

main()
