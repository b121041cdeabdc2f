"""Blocks to hypotheses: the recognizer contract, Vosk, endpointing, grammar, the model store."""
