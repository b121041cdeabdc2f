"""Finds templates that mean something without the words that tell what is meant.

"it's [hurting] on the left" is such a template: with its optional part left out, what remains can
be said of anything, and the intent happens by accident. A template without a telling word in any
optional part says what it says as written ("yes", "that's it"), and is left alone.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path

from hassil import expression as hassil
from hassil.expression import Expression, Sentence
from hassil.intents import SlotList, TextSlotList

from assistant.content.reader import FieldPath, read_document
from assistant.content.validation import shown
from assistant.understanding.normalize import words_of
from assistant.understanding.template_schema import TemplateFile
from assistant.understanding.templates import Templates

_Way = tuple[bool, bool]
"""Of saying a part with its optional parts left out: whether a telling word is in it, and whether
one was left out."""
_TOLD, _SAID, _DROPPED = (True, False), (False, False), (False, True)
_Ways = Mapping[_Way, frozenset[str]]
"""Each way with what is said; no texts where a telling word is in it."""
_SILENCE = frozenset({""})
_TELLING: _Ways = {_TOLD: frozenset()}
_MOST_TEXTS = 200
"""Kept of each way, the shortest first."""


@cache
def function_words() -> frozenset[str]:
    """Return the words that by themselves ask for nothing."""
    kinds = read_document(Path(__file__).with_name("function_words.yaml")).data
    return frozenset(word for words in kinds.values() for word in words)


def untold(
    template: Sentence,
    rules: Mapping[str, Sentence] | None = None,
    lists: Mapping[str, SlotList] | None = None,
) -> str | None:
    """Return what remains of a template without its telling words, or None where one must be said.

    Lists that are not in `lists` are taken for telling words.
    """
    texts = _Telling(rules or {}, lists or {}).ways(template.expression).get(_DROPPED)
    return _shortest_first(texts)[0] if texts else None


def said_in_passing(
    template: Sentence, rules: Mapping[str, Sentence], lists: Mapping[str, SlotList]
) -> list[str]:
    """Return the sentences of a template that have no telling word, the shortest first.

    Its optional parts are left out. Lists that are not in `lists` are taken for telling words.
    """
    ways = _Telling(rules, lists).ways(template.expression)
    return _shortest_first(ways.get(_SAID, frozenset()) | ways.get(_DROPPED, frozenset()))


def untold_sentences(
    file: TemplateFile, templates: Templates, made: Collection[str]
) -> Iterator[tuple[FieldPath, str]]:
    """Yield the place and the objection for each sentence of `file` that should say more.

    `templates` were made of it and of the files used with it. What is in the lists `made` by the
    program is judged where it comes from.
    """
    places: dict[tuple[str, str], list[FieldPath]] = {}
    for intent, place, group in file.groups():
        for index, text in enumerate(group.sentences):
            places.setdefault((intent, text), []).append((*place, "sentences", index))
    for found in templates.groups:
        rules = {**templates.rules, **found.data.expansion_rules}
        lists = {**templates.lists, **found.data.slot_lists}
        judged = {name: values for name, values in lists.items() if name not in made}
        for sentence in found.data.sentences:
            text = sentence.text or ""
            for place in places.pop((found.intent, text), ()):
                if (remains := untold(sentence, rules, judged)) is not None:
                    yield place, objection("sentences", text, remains)


def objection(field: str, template: str, remains: str) -> str:
    """Return what is wrong with a `template` of which `remains` can be said alone."""
    left = f"'{remains}'" if remains else "nothing"
    return (
        f"{field}: found {shown(template)}, of which {left} remains when all optional words "
        "are left out; allowed: a word that tells what is meant outside the brackets, or that "
        "sentence as a template of its own"
    )


class _Telling:
    """Judges the parts of templates that use the same rules and lists."""

    def __init__(self, rules: Mapping[str, Sentence], lists: Mapping[str, SlotList]) -> None:
        self._rules, self._lists = rules, lists

    def ways(self, part: Expression) -> _Ways:
        """Return how `part` can be said."""
        match part:
            case hassil.TextChunk():
                text = part.original_text
                return _TELLING if _tells(text) else {_SAID: frozenset({text})}
            case hassil.Alternative(is_optional=True):
                return {_DROPPED if self._may_tell(part) else _SAID: _SILENCE}
            case hassil.Alternative():
                return _either(map(self.ways, part.items))
            case hassil.Group():
                found: _Ways = {_SAID: _SILENCE}
                for item in part.items:
                    found = _both(found, self.ways(item))
                return found
            case hassil.RuleReference():
                return self.ways(self._rules[part.rule_name].expression)
            case hassil.ListReference():
                values = self._lists.get(part.list_name)
                if isinstance(values, TextSlotList):
                    return _either(self.ways(value.text_in) for value in values.values)
        return _TELLING  # a number, or anything that the user may say

    def _may_tell(self, part: Expression) -> bool:
        """Return whether a telling word is anywhere in `part`."""
        match part:
            case hassil.Group():
                return any(map(self._may_tell, part.items))
            case hassil.RuleReference():
                return self._may_tell(self._rules[part.rule_name].expression)
            case hassil.ListReference():
                values = self._lists.get(part.list_name)
                if isinstance(values, TextSlotList):
                    return any(self._may_tell(value.text_in) for value in values.values)
        return _TOLD in self.ways(part)


def _tells(text: str) -> bool:
    return not function_words().issuperset(words_of(text))


def _shortest_first(texts: frozenset[str]) -> list[str]:
    return sorted({" ".join(text.split()) for text in texts}, key=lambda text: (len(text), text))


def _either(parts: Iterable[_Ways]) -> _Ways:
    found: dict[_Way, frozenset[str]] = {}
    for ways in parts:
        for way, texts in ways.items():
            found[way] = _few(found.get(way, frozenset()) | texts)
    return found


def _both(before: _Ways, after: _Ways) -> _Ways:
    joined = []
    for (way, texts), (other, more) in product(before.items(), after.items()):
        told, left_out = way[0] or other[0], way[1] or other[1]
        both = frozenset() if told else _few(frozenset(a + b for a in texts for b in more))
        joined.append({(told, left_out): both})
    return _either(joined)


def _few(texts: frozenset[str]) -> frozenset[str]:
    if len(texts) <= _MOST_TEXTS:
        return texts
    return frozenset(sorted(texts, key=lambda text: (len(text), text))[:_MOST_TEXTS])
