"""Takes the coach's own voice out of what the microphone hears."""
