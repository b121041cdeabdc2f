"""Measures how exactly the coach keeps time, against a plain loop that speaks and sleeps."""
