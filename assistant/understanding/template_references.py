"""Checks that every {list} and <rule> of some template files exists, and that none leads to itself.

Nor may they lead on and on: a chain of references is followed by functions that call themselves.

References are followed from the sentences, since what a rule's name stands for may depend on the
group of the sentence: groups have lists and rules of their own.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hassil import expression as hassil
from hassil.expression import Expression
from hassil.intents import IntentData, TextSlotList

from assistant.content.reader import Document, FieldPath
from assistant.content.validation import field_of
from assistant.errors import ContentError
from assistant.nearest import offer
from assistant.template_size import MOST_NESTING, check_numbers
from assistant.understanding.template_schema import TemplateFile

if TYPE_CHECKING:
    from hassil.intents import Intents

Name = tuple[str, str]
"""Which kind of part, "lists" or "expansion_rules", and what it is called."""
Place = tuple[Document, FieldPath]


def check_references(files: Sequence[TemplateFile], intents: "Intents") -> None:
    """Raise ContentError for the first reference that leads nowhere, or back to itself.

    `intents` is what hassil made of all `files` in their order.
    """
    places: dict[Name, Place] = {}
    for file in files:
        places |= _defined(file, (), file.form.lists, file.form.expansion_rules)
    remaining = {name: iter(intent.data) for name, intent in intents.intents.items()}
    for file in files:
        for intent, place, group in file.groups():
            data = next(remaining[intent])
            own = _defined(file, place, group.lists, group.expansion_rules)
            references = _References(_parts(intents, data), {**places, **own})
            for sentence in data.sentences:
                # hassil may have sorted the sentences, so the place is found by the text.
                index = group.sentences.index(sentence.text or "")
                at = (file.document, (*place, "sentences", index))
                references.follow(sentence.expression, at, ())


def _defined(
    file: TemplateFile, place: FieldPath, *parts: Mapping[str, object]
) -> dict[Name, Place]:
    """Return where the file, or the group at `place`, defines its lists and rules."""
    kinds = zip(("lists", "expansion_rules"), parts, strict=True)
    return {(k, n): (file.document, (*place, k, n)) for k, names in kinds for n in names}


def _parts(intents: "Intents", data: IntentData) -> dict[Name, list[Expression]]:
    """Return the expressions of every list and rule that the sentences of `data` can refer to."""
    rules = {**intents.expansion_rules, **data.expansion_rules}
    found: dict[Name, list[Expression]] = {
        ("expansion_rules", name): [sentence.expression] for name, sentence in rules.items()
    }
    for name, values in {**intents.slot_lists, **data.slot_lists}.items():
        texts = values.values if isinstance(values, TextSlotList) else ()
        found["lists", name] = [value.text_in for value in texts]
    return found


class _References:
    """Follows the references of one group of sentences."""

    def __init__(
        self, parts: Mapping[Name, Sequence[Expression]], places: Mapping[Name, Place]
    ) -> None:
        self._parts, self._places = parts, places
        self._heights: dict[Name, int] = {}
        """Of what is sound: how many references lead on from each other, itself included."""

    def follow(self, part: Expression, at: Place, within: tuple[Name, ...]) -> int:
        """Check all that `part` refers to; it stands `at` a place, `within` other references.

        Returns how many references lead on from each other at most.
        """
        match part:
            case hassil.Group():
                return max((self.follow(item, at, within) for item in part.items), default=0)
            case hassil.ListReference():
                name, numbers = part.list_name, part.get_inline_range()
                if numbers is None:
                    return self._follow_name(("lists", name), f"{{{name}}}", at, within)
                if numbers[0] > numbers[1]:
                    raise _problem(at, f"{{{name}}}", "allowed: the smaller number first")
                try:
                    check_numbers(*numbers)
                except ValueError as error:
                    raise _problem(at, f"{{{name}}}", f"allowed: {error}") from None
            case hassil.RuleReference():
                name = part.rule_name
                return self._follow_name(("expansion_rules", name), f"<{name}>", at, within)
        return 0

    def _follow_name(self, name: Name, written: str, at: Place, within: tuple[Name, ...]) -> int:
        if len(within) + self._heights.get(name, 1) > MOST_NESTING:
            allowed = f"allowed: at most {MOST_NESTING} references that lead on from each other"
            raise _problem(at, written, allowed)
        if name in self._heights:
            return self._heights[name]
        if name not in self._parts:
            known = [called for kind, called in self._parts if kind == name[0]]
            what = "list" if name[0] == "lists" else "rule"
            hint = offer(name[1], known) if known else "allowed: none, since none is defined"
            raise _problem(at, f"{written}, an unknown {what}", hint)
        if name in within:
            circle = " > ".join(called for _, called in (*within[within.index(name) :], name))
            raise _problem(at, f"the circle {circle}", "allowed: rules that do not lead back")
        at = self._places.get(name, at)  # a list that the program made has no place of its own
        inside = [self.follow(part, at, (*within, name)) for part in self._parts[name]]
        self._heights[name] = 1 + max(inside, default=0)
        return self._heights[name]


def _problem(at: Place, found: str, hint: str) -> ContentError:
    document, place = at
    return ContentError(document.problem(place, f"{field_of(place)}: found {found}; {hint}"))
