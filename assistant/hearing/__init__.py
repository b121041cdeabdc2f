"""Blocks to utterances: recognition, endpointing, acceptance, self-speech."""
