"""What script/bench runs; each module prints its own table."""
