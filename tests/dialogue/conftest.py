"""The shipped content and sentences, and one walk through all that a conversation can do."""

from dataclasses import dataclass, replace

import pytest

from assistant.assembly import make_content, make_interpreter
from assistant.dialogue.replies import Replies
from assistant.dialogue.turn import DialogueContent
from assistant.library.library import load_library
from assistant.understanding.templates import Templates
from docs.exploring import Transition, explore
from docs.make_dialogue import ANY_DAY
from docs.sayable import sayable


class NotedReplies(Replies):
    """Replies that remember which keys were said."""

    def __init__(self, replies: Replies) -> None:
        super().__init__(replies.wordings)
        self.said: set[str] = set()

    def text(self, key: str, turn: int = 0, **slots: object) -> str:
        self.said.add(key)
        return super().text(key, turn, **slots)


@dataclass(frozen=True)
class Walk:
    """What a walk through all kinds of states came upon."""

    transitions: frozenset[Transition]
    said: frozenset[str]
    """Keys of replies."""


@pytest.fixture(scope="session")
def content() -> DialogueContent:
    return make_content(load_library(), ANY_DAY)


@pytest.fixture(scope="session")
def templates() -> Templates:
    return make_interpreter(load_library()).templates


@pytest.fixture(scope="session")
def walk(content: DialogueContent, templates: Templates) -> Walk:
    replies = NotedReplies(content.replies)
    transitions = explore(replace(content, replies=replies), sayable(templates))
    return Walk(transitions, frozenset(replies.said))
