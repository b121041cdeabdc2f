"""Numbers in words, as they are spoken and as the recognizer writes them.

One spelling for the whole product: what the coach says, what a template expects and what a typed
digit stands for are the same words. The rules are Unicode's own (CLDR's rule-based number format).
"""

from functools import lru_cache

from unicode_rbnf import FormatPurpose, RbnfEngine
from unicode_rbnf.engine import RbnfError


@lru_cache(maxsize=4096)
def in_words(value: int | float, language: str = "en", ordinal: bool = False) -> str:
    """Return `value` in lower case without hyphens: "forty three", or "forty third" if `ordinal`.

    `language` is a code such as "en" or "en-US". Where it is unknown, or has no words for the
    number, the digits are returned.
    """
    engine = _engine(language)
    if engine is None:
        return str(value)
    purpose = FormatPurpose.ORDINAL if ordinal else FormatPurpose.CARDINAL
    try:
        spellings = engine.format_number(value, purpose).text_by_ruleset
    except (RbnfError, ValueError):
        return str(value)
    # Many languages inflect numbers by gender. Templates are written with the plain form.
    plain = spellings.get("spellout-ordinal" if ordinal else "spellout-cardinal")
    return (plain or next(iter(spellings.values()))).replace("-", " ").lower()


@lru_cache(maxsize=16)
def _engine(language: str) -> RbnfEngine | None:
    """Return the rules of `language`; a region without rules of its own uses its language's."""
    code = language.replace("-", "_")
    for candidate in (code, code.split("_")[0]):
        try:
            return RbnfEngine.for_language(candidate)
        except ValueError:
            continue
    return None
