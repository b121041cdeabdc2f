"""Conversations as scripts: read, performed by text or by voice, and compared with what happens."""
