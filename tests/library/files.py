"""A good routine and a good technique, to be made wrong in one place."""

from assistant._resources import resource

GOOD = """\
title: Quick eyes
summary: A short one.
heard_as: [quick eyes]
tools: [hands]
prepare: Wash your hands.
steps:
  - use: neck-sides
    strokes: 10
    role: opening
  - use: under-eye-sweep
    strokes: 6
    trim_to: 3
  - use: neck-sides
    strokes: 5
    role: closing
"""

TECHNIQUE = (resource("routines") / "techniques" / "temple-circles.yaml").read_text("utf-8")
