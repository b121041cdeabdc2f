"""Hypotheses to intents: sentence templates, the interpreter, and nothing about massage in code."""
