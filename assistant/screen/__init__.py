"""What the user sees: the conversation, and a status line with step, stroke and time left."""
