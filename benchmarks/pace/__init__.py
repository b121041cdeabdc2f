"""How exactly the coach keeps time, against a plain loop that says and sleeps."""
