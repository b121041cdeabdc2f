"""Damages files: bytes that flip or go missing, and values that nobody would write.

Everything comes from the `Random` that is handed in: the same seed gives the same files.
"""

import re
import struct
from collections.abc import Callable, Sequence
from random import Random

MOST_BYTES = 200_000
"""Of a damaged file that is kept in memory as a whole."""

ODD_VALUES: tuple[str, ...] = (
    *("", "~", "null", "true", "no", "''", '""', "[]", "{}", "- -", "? :", "|", ">-", "*a", "&a"),
    *("0", "-1", "1e999", "-1e999", ".nan", ".inf", "0x_", "0b_", "0o9", "1_000", "1:60", "007"),
    *("9" * 400, "9" * 5_000, "0." + "3" * 400, "1" + "0" * 30),
    *("2024-02-30", "2024-13-01T99:99:99Z", "!!int many", "!!bool maybe", "!!float x", "!!set {a}"),
    *(
        "!!binary x",
        "!!timestamp x",
        "!!python/object:os.system {}",
        "!x y",
        "!!null x",
        "!!omap a",
    ),
    *("(" * 50, "[" * 50, "(a|", "a)", "{a}", "<a>", "{0..1000000:n}", "{9..1:n}", "<a", "[[[a]]]"),
    *("a" * 10_000, "a b " * 2_000, "(a|b) " * 30, "[a] " * 30, "%s%n{0}", "../../../etc/passwd"),
    *(
        "\\",
        "\\x",
        '"\\e[31m"',
        "\x1b[31m",
        "\u202eabc",
        "\u2028",
        "\x85",
        "\ufeff",
        "\ud7ff",
        "é\u0301",
    ),
    *("/dev/zero", "/", ".", "C:\\x", "nan", "inf", "-0", "1.5", "minutes", "[12 seconds]", "*"),
)
ODD_BYTES: tuple[bytes, ...] = (
    *(b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc0\x80", b"\xed\xa0\x80", b"\xe9", b"\x1b"),
    *(b"\r", b"\r\n", b"\t", b"\n\n", b"\n---\n", b"\n...\n", b"#", b"\x7f", b"\x00" * 64, b"%"),
)
ODD_NUMBERS = (0, 1, 2, 3, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
_WORD = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|[\w.+-]+|\[[^\[\]\n]*\]|\{[^{}\n]*\}|[^\w\s]")


def damaged(random: Random, content: bytes, others: Sequence[bytes], *, text: bool) -> bytes:
    """Return `content` with one to four changes; `others` are files to splice with."""
    changes = (*_OF_BYTES, *_OF_TEXT, *_OF_TEXT) if text else (*_OF_BYTES, *_OF_NUMBERS)
    for _ in range(random.choice((1, 1, 1, 2, 2, 4))):
        content = random.choice(changes)(random, content, random.choice(others))
    return content[:MOST_BYTES]


def _part(random: Random, content: bytes) -> tuple[int, int]:
    """Return where a part begins and ends; most parts are short."""
    begin = random.randrange(len(content) + 1)
    return begin, min(len(content), begin + random.choice((1, 4, 30, 300, len(content))))


def _flip(random: Random, content: bytes, __: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(random.choice((1, 1, 3, 30))):
        if changed:
            # The first bytes say what the rest means, so every second change is there.
            end = random.choice((len(changed), min(len(changed), 64)))
            changed[random.randrange(end)] ^= 1 << random.randrange(8)
    return bytes(changed)


def _cut(random: Random, content: bytes, _: bytes) -> bytes:
    return content[: random.randrange(len(content) + 1)]


def _delete(random: Random, content: bytes, _: bytes) -> bytes:
    begin, end = _part(random, content)
    return content[:begin] + content[end:]


def _repeat(random: Random, content: bytes, _: bytes) -> bytes:
    begin, end = _part(random, content)
    times = random.choice((2, 2, 3, 50, 5_000))
    return content[:begin] + (content[begin:end] * times)[:MOST_BYTES] + content[end:]


def _splice(random: Random, content: bytes, other: bytes) -> bytes:
    begin, end = _part(random, other)
    place = random.randrange(len(content) + 1)
    return content[:place] + other[begin:end] + content[place + random.choice((0, end - begin)) :]


def _insert(random: Random, content: bytes, _: bytes) -> bytes:
    place = random.choice((0, 0, len(content), random.randrange(len(content) + 1)))
    return content[:place] + random.choice(ODD_BYTES) + content[place:]


def _recode(random: Random, content: bytes, _: bytes) -> bytes:
    """As other editors save text; of what is not text, half as many bytes again."""
    text = content.decode("utf-8", "replace")
    encoding = random.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "utf-8-sig", "utf-7"))
    return text.encode(encoding, "replace")


def _set_number(random: Random, content: bytes, _: bytes) -> bytes:
    """Overwrite 1, 2, 4 or 8 bytes, mostly of the header, by a number that may not fit."""
    kind = random.choice(("<B", "<H", "<I", ">I", "<Q"))
    size = struct.calcsize(kind)
    if len(content) < size:
        return content
    end = random.choice((len(content), min(len(content), 80), min(len(content), 80)))
    place = random.randrange(max(1, end - size + 1))
    number = random.choice((*ODD_NUMBERS, random.getrandbits(8 * size)))
    packed = struct.pack(kind, number & ((1 << 8 * size) - 1))
    return content[:place] + packed + content[place + size :]


def _change_word(random: Random, content: bytes, other: bytes) -> bytes:
    """Replace a word, a number, a quoted text or a list by another one or by something odd."""
    text = content.decode("utf-8", "surrogateescape")
    words = list(_WORD.finditer(text))
    if not words:
        return content
    word = random.choice(words)
    theirs = _WORD.findall(other.decode("utf-8", "replace"))
    new = (
        random.choice(ODD_VALUES) if random.random() < 0.7 or not theirs else random.choice(theirs)
    )
    return f"{text[: word.start()]}{new}{text[word.end() :]}".encode("utf-8", "surrogateescape")


def _change_value(random: Random, content: bytes, _: bytes) -> bytes:
    """Replace all that stands behind a colon or an equals sign on its line."""
    rows = content.split(b"\n")
    wanted = [n for n, row in enumerate(rows) if re.search(rb"[:=]", row)]
    if not wanted:
        return content
    row = random.choice(wanted)
    name = re.match(rb"[^:=]*[:=]", rows[row])
    assert name
    rows[row] = name[0] + b" " + random.choice(ODD_VALUES).encode("utf-8", "surrogatepass")
    return b"\n".join(rows)


def _change_rows(random: Random, content: bytes, other: bytes) -> bytes:
    """Move, repeat, indent or drop a row, or take one from another file."""
    rows, theirs = content.split(b"\n"), other.split(b"\n")
    at = random.randrange(len(rows))
    kind = random.randrange(5)
    if kind == 0:
        rows.insert(random.randrange(len(rows)), rows[at])
    elif kind == 1:
        rows[at] = random.choice((b" ", b"  ", b"\t", b"- ", b"? ")) + rows[at]
    elif kind == 2:
        del rows[at]
    elif kind == 3:
        rows.insert(at, random.choice(theirs))
    else:
        rows[at:at] = [rows[at]] * random.choice((2, 20, 400))
    return b"\n".join(rows)


def _nest(random: Random, content: bytes, _: bytes) -> bytes:
    """Open many brackets, or stand for much with few aliases."""
    depth = random.choice((5, 30, 300, 50_000))
    if random.random() < 0.3:
        kind = random.choice(("<<: [*m{}, *m{}]", "b: [*m{}, *m{}]"))
        levels = "".join(
            f"m{i + 1}: &m{i + 1} {{{kind.format(i, i)}}}\n" for i in range(min(depth, 30))
        )
        return content + b"\nm0: &m0 {x: 1}\n" + levels.encode()
    opening, closing = random.choice(((b"[", b"]"), (b"{a: ", b"}"), (b"(", b")"), (b"- ", b"")))
    place = random.randrange(len(content) + 1)
    ends = closing * depth if random.random() < 0.7 else b""
    return content[:place] + opening * depth + b"a" + ends + content[place:]


Change = Callable[[Random, bytes, bytes], bytes]
_OF_BYTES: tuple[Change, ...] = (_flip, _cut, _delete, _repeat, _splice, _insert)
_OF_NUMBERS: tuple[Change, ...] = (_set_number, _set_number, _set_number)
_OF_TEXT: tuple[Change, ...] = (_change_word, _change_value, _change_rows, _nest, _recode)
