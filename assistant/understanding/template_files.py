"""Reads hassil files and refuses what is wrong in them: path, line, field, found, allowed."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from hassil.parser import ParseError

from assistant.errors import ContentError
from assistant.understanding.templates import ListValues, SentenceGroup, Templates

if TYPE_CHECKING:
    from hassil.expression import Expression
    from hassil.intents import Intents

_FIELDS = {
    "language": (str, "a language code such as en"),
    "intents": (dict, "a mapping of intent names to {data: [{sentences: [..]}]}"),
    "lists": (dict, "a mapping of list names to {values: [..]}, {range: {..}} or {wildcard: true}"),
    "expansion_rules": (dict, "a mapping of rule names to templates"),
    "skip_words": (list, "a list of words"),
    "connectors": (list, "a list of words"),
    "usual_state": (str, "the name of a state"),
    "risky": (list, "a list of intent names"),
}

_UNSOUND = (ParseError, AssertionError, LookupError, TypeError, ValueError, AttributeError)
"""What hassil raises for files that are not sound."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_templates(
    paths: Sequence[Path], lists: Mapping[str, ListValues] | None = None
) -> Templates:
    """Read and merge hassil files; `lists` adds slot lists (and replaces those of that name).

    Raises:
        ContentError: a file cannot be read, is not YAML, or is not a sound hassil file.

    """
    lists = lists or {}
    from hassil.intents import Intents, TextSlotList
    from hassil.util import merge_dict

    sources = [_Source(path) for path in paths]
    merged: dict[str, Any] = {"language": "en", "intents": {}}
    for source in sources:
        for sentence_file_field in source.content:
            source.check_field(sentence_file_field)
        source.check_groups()
        merge_dict(merged, source.content)
    try:
        intents = Intents.from_dict(merged)
        for intent in intents.intents.values():
            for data in intent.data:
                _ = data.sentences  # parsed here and kept
    except _UNSOUND:
        # Parsing again, part by part, finds the place; doing so at once would cost twice the time.
        for source in sources:
            source.check_parts()
        raise
    for name, values in lists.items():
        intents.slot_lists[name] = TextSlotList.from_tuples(values, allow_template=True, name=name)
    for source in sources:
        _References(source, intents).check()
    return Templates(
        groups=tuple(
            SentenceGroup(intent.name, data)
            for intent in intents.intents.values()
            for data in intent.data
        ),
        lists=intents.slot_lists,
        rules=intents.expansion_rules,
        fillers=tuple(intents.skip_words),
        connectors=tuple(merged.get("connectors", ())),
        usual_state=merged.get("usual_state"),
        risky=frozenset(merged.get("risky", ())),
        language=intents.language,
        digest=_digest([source.text for source in sources], lists),
    )


def _digest(texts: Sequence[str], lists: Mapping[str, ListValues]) -> str:
    values = {name: list(of_list) for name, of_list in lists.items()}
    return hashlib.sha256(repr((texts, values)).encode()).hexdigest()


class _Source:
    """One file: its content, and where in it something stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.text = path.read_text(encoding="utf-8")
            content = yaml.load(self.text, Loader=_Loader)  # noqa: S506 - a safe loader, in C
        except OSError as error:
            raise ContentError(f"{path}: cannot be read ({error.strerror}).") from error
        except UnicodeDecodeError as error:
            raise ContentError(f"{path}: is not text in UTF-8.") from error
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            place = f"{path}:{mark.line + 1}" if mark else str(path)
            problem = getattr(error, "problem", None) or "it cannot be parsed"
            raise ContentError(f"{place}: not valid YAML: {problem}.") from error
        if not isinstance(content, dict):
            found = "nothing" if content is None else f"a {type(content).__name__}"
            raise self.error("", "the file", found, "a mapping with `intents:`")
        self.content: dict[str, Any] = content

    def error(self, needle: str, field: str, found: object, allowed: str) -> ContentError:
        """Return the error for `field`; its line is that where `needle` stands first."""
        lines = enumerate(self.text.splitlines(), start=1)
        line = next((number for number, text in lines if needle and needle in text), None)
        place = self.path if line is None else f"{self.path}:{line}"
        return ContentError(f"{place}: {field}: found {found}; allowed: {allowed}.")

    def check_field(self, name: str) -> None:
        kind, allowed = _FIELDS.get(name, (object, ""))
        if not isinstance(self.content[name], kind):
            raise self.error(f"{name}:", name, repr(self.content[name]), allowed)

    def check_parts(self) -> None:
        """Parse every template of the file on its own, so that an error names its place."""
        for field, text in self._all_templates():
            self._check_template(field, text)
        for name, description in self._all_lists():
            self._check_list(name, description)

    def check_groups(self) -> None:
        """Refuse intents that are not built as hassil builds them."""
        for intent, group in self.groups():
            sentences = group.get("sentences") if isinstance(group, dict) else None
            if not isinstance(sentences, list) or not sentences:
                allowed = "{sentences: [template, ..]}"
                raise self.error(f"{intent}:", f"intents.{intent}.data", repr(group), allowed)

    def _all_templates(self) -> list[tuple[str, Any]]:
        found = list(_rules(self.content))
        for intent, group in self.groups():
            found += [(f"intents.{intent}", sentence) for sentence in group["sentences"]]
            found += list(_rules(group))
        return found

    def _all_lists(self) -> list[tuple[str, Any]]:
        holders = [self.content, *(group for _, group in self.groups())]
        return [pair for holder in holders for pair in (holder.get("lists") or {}).items()]

    def groups(self) -> list[tuple[str, Any]]:
        """All groups of sentences with the names of their intents."""
        found = []
        for intent, body in (self.content.get("intents") or {}).items():
            data = body.get("data") if isinstance(body, dict) else None
            if not isinstance(data, list):
                allowed = "{data: [{sentences: [..]}]}"
                raise self.error(f"{intent}:", f"intents.{intent}", repr(body), allowed)
            found += [(intent, group) for group in data]
        return found

    def _check_template(self, field: str, text: object) -> None:
        from hassil.parse_expression import parse_sentence

        allowed = "a template: words, (a|b), [optional], {list}, <rule>, (a;b)"
        if not isinstance(text, str) or not text.strip():
            raise self.error(str(text), field, repr(text), allowed)
        try:
            parse_sentence(text)
        except _UNSOUND as error:
            raise self.error(text, field, f'"{text}", which does not parse', allowed) from error

    def _check_list(self, name: str, description: Any) -> None:
        from hassil.intents import _parse_list

        try:
            _parse_list(name, description)
        except (
            ParseError,
            AssertionError,
            LookupError,
            TypeError,
            ValueError,
            AttributeError,
        ) as e:
            allowed = _FIELDS["lists"][1]
            raise self.error(f"{name}:", f"lists.{name}", repr(description), allowed) from e


def _rules(holder: Mapping[str, Any]) -> list[tuple[str, Any]]:
    rules = holder.get("expansion_rules") or {}
    return [(f"expansion_rules.{name}", body) for name, body in rules.items()]


class _References:
    """Follows every {list} and <rule> that the sentences of one file lead to."""

    def __init__(self, source: _Source, intents: "Intents") -> None:
        self._source, self._intents = source, intents
        self._sound: set[tuple[str, str, int]] = set()

    def check(self) -> None:
        own = self._source.content.get("intents") or {}
        for name in own:
            for data in self._intents.intents[name].data:
                for sentence in data.sentences:
                    self._follow(sentence.expression, sentence.text or "", name, data, ())

    def _follow(
        self, part: "Expression", text: str, intent: str, data: Any, within: tuple[str, ...]
    ) -> None:
        from hassil import expression as hassil

        if isinstance(part, hassil.Group):
            for item in part.items:
                self._follow(item, text, intent, data, within)
        elif isinstance(part, hassil.ListReference):
            known = {**self._intents.slot_lists, **data.slot_lists}
            if part.list_name not in known and not part.is_inline_range:
                raise self._missing(f"{{{part.list_name}}}", "list", text, intent, known)
        elif isinstance(part, hassil.RuleReference):
            self._follow_rule(part.rule_name, text, intent, data, within)

    def _follow_rule(
        self, rule: str, text: str, intent: str, data: Any, within: tuple[str, ...]
    ) -> None:
        if (mark := (intent, rule, id(data))) in self._sound:
            return
        known = {**self._intents.expansion_rules, **data.expansion_rules}
        if rule not in known:
            raise self._missing(f"<{rule}>", "rule", text, intent, known)
        if rule in within:
            circle = " > ".join((*within, rule))
            allowed = "rules that do not lead back to themselves"
            raise self._source.error(f"{rule}:", "expansion_rules", f"the circle {circle}", allowed)
        self._follow(known[rule].expression, known[rule].text or "", intent, data, (*within, rule))
        self._sound.add(mark)

    def _missing(
        self, found: str, kind: str, text: str, intent: str, known: Mapping[str, object]
    ) -> ContentError:
        names = ", ".join(sorted(known)) or "none is defined"
        allowed = f"a {kind} that the files define ({names})"
        return self._source.error(text, f"intents.{intent}", f'{found} in "{text}"', allowed)
