"""Numbers, times and choices as one says them."""

from collections.abc import Sequence

from unicode_rbnf import RbnfEngine

from assistant.dialogue.replies import Replies

MINUTE = 60
_ENGLISH = RbnfEngine.for_language("en")


def number(value: int) -> str:
    """Return a whole number in words."""
    return _ENGLISH.format_number(value).text


def duration(replies: Replies, seconds: float) -> str:
    """Return a length of time as one would say it: seconds below a minute and a half, then minutes.

    Seconds are rounded to fives, since nobody counts a massage closer than that.
    """
    rounded = round(seconds / 5) * 5
    if rounded == MINUTE:
        return replies.text("minute")
    if seconds < 1.5 * MINUTE:
        return replies.text("seconds", count=number(max(5, rounded)))
    return replies.text("minutes", count=number(round(seconds / MINUTE)))


def choice(replies: Replies, options: Sequence[str]) -> str:
    """Return options as a choice: a, b or c."""
    if len(options) < 2:
        return "".join(options)
    return replies.text("choice", first=", ".join(options[:-1]), last=options[-1])
