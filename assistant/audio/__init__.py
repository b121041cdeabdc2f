"""Blocks in and out: the device contract, sound card, WAV files, mixer, echo canceller, earcons."""
