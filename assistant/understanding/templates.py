"""What can be said in one domain, and what it asks for: the content of hassil template files.

Any hassil file will do. Beyond hassil's own fields, seven may stand at the top of a file and four
in the `metadata` of a group of sentences; all are optional:

    connectors: [and, then]         may stand between two sentences said in one breath
    corrections: ["no", i mean]     what follows takes the place of what came before
    answers: ["no it", "no my"]     in these, a negator answers and denies nothing
    negators: ["no", don't]         something may be denied, so that a template may be wrong
    denials: [don't, no need to]    what follows is not to be done
    usual_state: guiding            where the state is unknown, sentences mean what they mean here
    risky: [stop, skip]             intents that need clear evidence, since they are hard to undo
    metadata:
      urgency: 2                    comes before other intents; the higher, the earlier
      anywhere: true                recognized inside a longer utterance too
      aside: true                   means nothing when something else is said as well
      core: true                    the recognizer gets all word pairs of these sentences, even
                                    where a large grammar limits others to their shortest ones

`requires_context: {state: [..]}` and `excludes_context: {state: [..]}` say in which states a group
can be heard; other context keys do not limit anything.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hassil.expression import Sentence
    from hassil.intents import IntentData, SlotList

ListValues = Sequence[tuple[str, str | int | float]]
"""A slot list made by the program: pairs of template text and the value that it stands for."""


@dataclass(frozen=True, eq=False)
class SentenceGroup:
    """Sentences of one intent that share their fixed slots and the states they belong to."""

    intent: str
    data: "IntentData"

    @cached_property
    def meaning(self) -> tuple[str, str]:
        """What tells its sentences from others: the intent and the fixed slots, comparable."""
        return self.intent, repr(sorted(self.data.slots.items()))

    @property
    def urgency(self) -> int:
        """0 for an ordinary intent."""
        return int(self._metadata.get("urgency", 0))

    @property
    def anywhere(self) -> bool:
        """Whether the sentences count inside a longer utterance too."""
        return bool(self._metadata.get("anywhere", False))

    @property
    def core(self) -> bool:
        """Whether the recognizer gets all word pairs of its sentences."""
        return bool(self._metadata.get("core", False))

    @property
    def aside(self) -> bool:
        """Whether it means nothing next to another sentence ("got it, carry on")."""
        return bool(self._metadata.get("aside", False))

    def heard_in(self, state: str | None) -> bool:
        """Return whether the group can be heard in `state`; None stands for any state."""
        if state is None:
            return True
        required, excluded = self._limits
        return (required is None or state in required) and state not in excluded

    @cached_property
    def _metadata(self) -> Mapping[str, Any]:
        return self.data.metadata or {}

    @cached_property
    def _limits(self) -> tuple[Collection[str] | None, Collection[str]]:
        required = self.data.requires_context.get("state")
        excluded = self.data.excludes_context.get("state")
        return (None if required is None else _names(required)), _names(excluded)


@dataclass(frozen=True, eq=False)
class Templates:
    """All that can be said in one domain."""

    groups: tuple[SentenceGroup, ...]
    """In the order of the files; the earlier of two meanings wins."""
    lists: Mapping[str, "SlotList"]
    rules: Mapping[str, "Sentence"]
    fillers: tuple[str, ...] = ()
    """hassil's skip_words: may be said before and after any sentence."""
    connectors: tuple[str, ...] = ()
    """May be said between two sentences."""
    corrections: tuple[str, ...] = ()
    """Between two sentences, these say that only the second is meant."""
    negators: tuple[str, ...] = ()
    """Where one of these stands, something may be denied."""
    answers: tuple[str, ...] = ()
    """In these, a negator answers and denies nothing."""
    denials: tuple[str, ...] = ()
    """What follows one of these is not to be done."""
    usual_state: str | None = None
    risky: Collection[str] = frozenset()
    """Intents that must not be heard by mistake."""
    language: str = "en"
    digest: str = ""
    """Of the files and lists that they were made from; it changes with any of them."""


def _names(value: Any) -> frozenset[str]:
    """Return the states of a context limit, which hassil lets be a name, a list or {value: …}."""
    if isinstance(value, Mapping):
        value = value.get("value")
    if value is None:
        return frozenset()
    return frozenset([value] if isinstance(value, str) else value)
