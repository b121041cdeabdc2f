"""What script/bench runs: each module prints a table of its own."""
