"""What the user sees: the transcript, and a line that stays with step, stroke and time left."""
