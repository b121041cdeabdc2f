"""How much a sentence template stands for, worked out from its text, and how much it may.

A few lines can stand for more sentences than a computer has memory for: brackets in brackets,
words put together from many parts, rules that use other rules twice. These bounds, which no author
meets by writing sentences, hold for all templates: those of routines and those of sentence files.
They are not worked out by hassil, whose import alone takes 80 ms.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, reduce
from itertools import permutations
from typing import NamedTuple

MOST_LETTERS = 4_000
MOST_NESTING = 12
"""Brackets within brackets, and references within what they refer to."""
MOST_ORDERED = 4
"""Parts of (one;another;...), which can be said in any order."""
MOST_WORK = 1_000_000
"""For one sentence: pairs of words that can follow each other, times the words of the longest way.
The recognizer gets every pair in a sentence. A shipped template takes up to a quarter of this."""
MOST_WORK_TO_ASK = 20_000
"""For one way to ask for a massage, which stands in many sentences; up to a tenth is taken."""
MOST_WORK_IN_ALL = 15_000_000
"""For all templates that are used together; the shipped ones take a third."""
WORK_PER_TEMPLATE = 1_000
"""Counted for each of them, however little it stands for."""
MOST_SPELLINGS = 10_000
"""Of one word, which can be put together from alternatives without spaces between."""
MOST_NUMBERS = 1_000
"""Of one range."""
LARGEST_NUMBER = 1_000_000_000

_PIECE = re.compile(r"\\.|[()\[\]|;]|\{[^{}]*\}|<[^<>]*>|[^\\()\[\]|;{}<>]+|.", re.DOTALL)
_OPENS_OR_CLOSES = re.compile(r"[()\[\]]")
_CLOSES = {"(": ")", "[": "]"}
BRACKETS = "words, [optional words] and (one|another), with matching brackets"


class Size(NamedTuple):
    """How much a part of a template stands for."""

    pairs: int = 0
    """Pairs of words inside it."""
    first: int = 0
    """Words that can come first."""
    last: int = 0
    """Words that can come last."""
    whole: int = 0
    """Ways through it without a space."""
    until: int = 0
    """Ways from its beginning to a first space."""
    since: int = 0
    """Ways from a last space to its end."""
    inside: int = 0
    """The most ways from one space to the next."""
    longest: int = 0
    """The most words of one way through it."""
    silent: bool = False
    """Whether it can be passed without a word."""

    def then(self, other: "Size") -> "Size":
        """Return the size of both, one after the other."""
        pairs, first, last, whole, until, since, inside, longest, silent = self
        return Size(
            pairs + other.pairs + last * other.first,
            first + silent * other.first,
            other.last + other.silent * last,
            whole * other.whole,
            until + whole * other.until,
            other.since + other.whole * since,
            max(inside, other.inside, since * other.until),
            longest + other.longest,
            silent and other.silent,
        )

    def or_else(self, other: "Size") -> "Size":
        """Return the size of a choice between both."""
        pairs, first, last, whole, until, since, inside, longest, silent = self
        return Size(
            pairs + other.pairs,
            first + other.first,
            last + other.last,
            whole + other.whole,
            until + other.until,
            since + other.since,
            max(inside, other.inside),
            max(longest, other.longest),
            silent or other.silent,
        )

    @property
    def work(self) -> int:
        """How much there is to do, in words."""
        return (self.pairs + self.first) * self.longest

    @property
    def spellings(self) -> int:
        """The most ways to put one of its words together."""
        return max(self.whole, self.until, self.since, self.inside)


NOTHING = Size(whole=1, silent=True)
WORD = Size(first=1, last=1, whole=1, longest=1)
_SPACE = Size(until=1, since=1, silent=True)

LookUp = Callable[[str], Size]
"""Returns the size of what a reference, such as "{area}" or "<do>", stands for."""


def any_of(sizes: Iterable[Size]) -> Size:
    """Return the size of a choice between all of `sizes`."""
    return reduce(Size.or_else, sizes, Size())


def size_of(text: str, reference: LookUp = lambda _: WORD, most_work: int = MOST_WORK) -> Size:
    """Return the size of the template `text`; ValueError says what is allowed instead of it."""
    check_text(text)
    size = _group(iter(_PIECE.findall(text.strip())), "", reference)
    if size.work > most_work:
        raise ValueError("fewer or shorter ways to say it")
    if size.spellings > MOST_SPELLINGS:
        raise ValueError(f"at most {MOST_SPELLINGS:,} ways to put one word together")
    return size


def check_text(text: str) -> None:
    """Raise ValueError, which says what is allowed, for a text that no parser should descend into.

    This is quick, and only the beginning of what `size_of` finds.
    """
    if len(text) > MOST_LETTERS:
        raise ValueError(f"at most {MOST_LETTERS:,} letters")
    depth = 0
    for bracket in _OPENS_OR_CLOSES.findall(text):
        depth += 1 if bracket in "([" else -1
        if depth > MOST_NESTING:
            raise ValueError(f"at most {MOST_NESTING} brackets within each other")


def check_numbers(first: int, last: int, step: int = 1, fractions: int = 1) -> None:
    """Raise ValueError, which says what is allowed, for a range of too many or too large numbers.

    `fractions` numbers begin with each whole one, itself included.
    """
    if step < 1:
        raise ValueError("a step of 1 or more")
    if max(abs(first), abs(last)) > LARGEST_NUMBER:
        raise ValueError(f"numbers up to {LARGEST_NUMBER:,}")
    if ((last - first) // step + 1) * fractions > MOST_NUMBERS:
        raise ValueError(f"at most {MOST_NUMBERS:,} numbers")


def _group(pieces: Iterator[str], end: str, reference: LookUp) -> Size:
    """Return the size of what stands before the bracket `end`."""
    items: list[list[Size]] = [[]]
    between = set()
    for piece in pieces:
        if piece == end:
            break
        if piece in "|;":
            between.add(piece)
            items.append([])
        else:
            items[-1].append(_item(piece, pieces, reference))
    else:
        if end:
            raise ValueError(BRACKETS)
    if not all(items) or len(between) > 1:  # which hassil refuses
        raise ValueError(BRACKETS)
    sizes = [reduce(Size.then, item) for item in items]
    return _in_any_order(sizes) if ";" in between else any_of(sizes)


def _item(piece: str, pieces: Iterator[str], reference: LookUp) -> Size:
    if piece in _CLOSES:
        size = _group(pieces, _CLOSES[piece], reference)
        return size.or_else(NOTHING) if piece == "[" else size
    if piece in ")]{}<>\\":
        raise ValueError(BRACKETS)
    if piece[0] in "{<":
        return reference(piece)
    words = len(piece.split())
    return _text(words, piece[0].isspace(), piece[-1].isspace()) if words else _SPACE


@lru_cache(maxsize=256)
def _text(words: int, space_before: bool, space_after: bool) -> Size:
    """Return the size of words without brackets."""
    apart = [WORD, *[_SPACE, WORD] * (words - 1)]
    return reduce(Size.then, [*[_SPACE] * space_before, *apart, *[_SPACE] * space_after])


def _in_any_order(items: list[Size]) -> Size:
    if len(items) > MOST_ORDERED:
        raise ValueError(f"at most {MOST_ORDERED} parts in any order")
    return any_of(
        reduce(lambda before, item: before.then(_SPACE).then(item), order)
        for order in permutations(items)
    )
