"""What the coach does about what happens: events in, effects out, one table. Pure."""
