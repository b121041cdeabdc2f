"""Bounds of what the templates of some files stand for, with their lists and rules filled in.

`template_size` says what the bounds are, and why.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from hassil.expression import ListReference

from assistant.content.validation import field_of, shown
from assistant.errors import ContentError
from assistant.template_size import MOST_WORK_IN_ALL, WORD, WORK_PER_TEMPLATE, Size, any_of, size_of
from assistant.understanding.template_schema import GroupForm, ListForm, ListRange, TemplateFile


def check_bounds(files: Sequence[TemplateFile], made: Collection[str]) -> None:
    """Raise ContentError for the first sentence that stands for too much.

    Every reference must exist and none lead back to itself. `made` are the lists that the program
    made: what is in them has bounds where it comes from, so that no routine of the user's can make
    a shipped sentence too large.
    """
    rules: dict[str, str] = {}
    forms: dict[str, list[ListForm]] = {}
    for file in files:
        rules |= file.form.expansion_rules
        for name, form in file.form.lists.items():
            forms.setdefault(name, []).append(form)  # the values of both files count
    shared = _Sizes(rules, forms, made)
    total = 0
    for file in files:
        for _, place, group in file.groups():
            sizes = shared.with_own(group)
            for index, text in enumerate(group.sentences):
                try:
                    total += size_of(text, sizes.of_reference).work + WORK_PER_TEMPLATE
                    if total > MOST_WORK_IN_ALL:
                        raise ValueError("fewer or shorter sentences in all")
                except ValueError as error:
                    at = (*place, "sentences", index)
                    problem = f"{field_of(at)}: found {shown(text)}; allowed: {error}"
                    raise ContentError(file.document.problem(at, problem)) from None


class _Sizes:
    """How much each list and rule stands for, worked out when it is first asked for."""

    def __init__(
        self,
        rules: Mapping[str, str],
        forms: Mapping[str, Sequence[ListForm]],
        made: Collection[str],
    ) -> None:
        self._rules, self._forms, self._made = rules, forms, made
        self._known: dict[str, Size] = {}

    def with_own(self, group: GroupForm) -> "_Sizes":
        """Return the sizes that hold in a group, which may have lists and rules of its own."""
        if not (group.lists or group.expansion_rules):
            return self
        own = {name: [form] for name, form in group.lists.items()}
        made = set(self._made) - own.keys()
        return _Sizes({**self._rules, **group.expansion_rules}, {**self._forms, **own}, made)

    def of_reference(self, written: str) -> Size:
        """Return the size of "{list}" or "<rule>"."""
        if written not in self._known:
            name = written[1:-1]
            self._known[written] = (
                size_of(self._rules[name], self.of_reference)
                if written[0] == "<"
                else self._of_list(ListReference(list_name=name))
            )
        return self._known[written]

    def _of_list(self, reference: ListReference) -> Size:
        name = reference.list_name
        if numbers := reference.get_inline_range():
            first, last, step = numbers
            return _of_numbers((last - first) // step + 1)
        if name in self._made:
            return WORD
        return any_of(self._of_form(form) for form in self._forms[name])

    def _of_form(self, form: ListForm) -> Size:
        sizes = [self._of_texts(v if isinstance(v, str) else v["in"] for v in form.values or ())]
        if form.range:
            sizes.append(_of_numbers(_count(form.range)))
        if form.wildcard:
            sizes.append(WORD)
        return any_of(sizes)

    def _of_texts(self, texts: Iterable[str]) -> Size:
        return any_of(size_of(text, self.of_reference) for text in texts)


def _count(numbers: ListRange) -> int:
    return numbers.per_whole_number * ((numbers.last - numbers.first) // numbers.step + 1)


def _of_numbers(count: int) -> Size:
    """Return the size of numbers, most of which have two words or three."""
    return Size(pairs=2 * count, first=count, last=count, whole=count, longest=3)
