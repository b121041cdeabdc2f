"""The flags that several commands share."""

import argparse
from pathlib import Path


def model_flag(to: argparse.ArgumentParser) -> None:
    """Add the flag that names the speech model."""
    to.add_argument("--model", metavar="FOLDER", help="a speech model of your own")


def voice_flags(to: argparse.ArgumentParser) -> None:
    """Add what decides who listens and who speaks."""
    model_flag(to)
    voice_flag(to)


def voice_flag(to: argparse.ArgumentParser) -> None:
    """Add the flag that names the voice."""
    to.add_argument("--voice", metavar="NAME", help="piper, pyttsx3, a voice's name, or a file")


def pace_flags(to: argparse.ArgumentParser) -> None:
    """Add how the voice speaks."""
    to.add_argument("--rate", metavar="R", help="how fast it speaks: 0.5 to 2, normally 1")
    to.add_argument("--volume", metavar="V", help="how loud it is: 0.1 to 3, normally 1")


def sound_flags(to: argparse.ArgumentParser) -> None:
    """Add how everything sounds."""
    pace_flags(to)
    to.add_argument("--bed", metavar="FILE", help="a sound to repeat softly under the massage")


def session_flags(to: argparse.ArgumentParser) -> None:
    """Add all that a conversation can be told."""
    voice_flags(to)
    sound_flags(to)
    to.add_argument(
        "--attention", metavar="WORD", help="obey only what follows this word, such as coach"
    )
    to.add_argument("--transcript", type=Path, metavar="T.jsonl", help="write what was said here")


def domain_flags(to: argparse.ArgumentParser) -> None:
    """Add what decides which sentences are understood."""
    to.add_argument(
        "--sentences", type=Path, metavar="FILE", help="a hassil file of another domain"
    )
    to.add_argument("--state", help="only what can be said in this state, such as guiding")
