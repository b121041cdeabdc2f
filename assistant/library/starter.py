"""Writes a first routine file for an author to change: valid, and explained line by line."""

import re
from pathlib import Path

from assistant.errors import ContentError
from assistant.library.library import RESERVED, load_library, own_folder
from assistant.library.review import COMMANDS

STARTER = """\
# {title}: a massage of your own. Change what you like, then look at it and listen to it:
#   massage check "{path}"
#   massage show {name}
title: "{title}"
summary: A short massage of my own.    # one sentence, shown by `massage list`
heard_as:                             # how you ask for it: [optional], (one|another)
  - "{words}"
  - "[the] {words} (massage|routine)"
tools: [hands]                        # hands, cloth, gua sha, roller, chilled tool, device
prepare: Sit upright with clean, dry hands.
steps:
  - use: neck-sides                   # a technique; `massage show glow` has the names of others
    strokes: 8
    role: opening                     # opening and closing are never shortened
  - use: cheek-drain
    sides: each                       # both, each (left, then right), left, or right
    strokes: 5
    trim_to: 3                        # the fewest strokes when time is short
  - use: forehead-sweep
    strokes: 5
    trim_to: 3
    optional: true                    # goes first when time is short
  - use: neck-sides
    strokes: 5
    role: closing
"""


def write_starter(name: str) -> Path:
    """Write the file of a new routine called `name` into the user's folder; return its path.

    Raises ContentError if the name is taken or not allowed, or if the file cannot be written.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name) or len(name) > 40:
        raise ContentError(
            f"A massage cannot be called '{name}': use at most 40 lowercase letters, digits and "
            "single hyphens, starting with a letter, such as my-morning."
        )
    words = name.replace("-", " ")
    if words in COMMANDS:
        raise ContentError(f"'{words}' is a command. Choose another name for the massage.")
    path = own_folder() / f"{name}.yaml"
    if name in load_library().names | RESERVED:
        raise ContentError(f"There is a massage '{name}' already. Choose another name.")
    text = STARTER.format(title=words.capitalize(), words=words, name=name, path=path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise ContentError(f"{path} cannot be written: {reason}.") from None
    return path
