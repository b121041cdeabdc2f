"""The shipped content and the user's own: found, read, checked."""
