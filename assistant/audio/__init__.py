"""Blocks in and out: the device contract, sound card, WAV files, keyboard, mixer, earcons, beds."""
