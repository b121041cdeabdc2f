"""The shipped content and the user's own: finding, reading and checking its files."""
