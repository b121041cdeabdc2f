"""The shipped content and sentences."""

import pytest

from assistant.assembly import make_content, make_interpreter
from assistant.dialogue.turn import DialogueContent
from assistant.library.library import load_library
from assistant.understanding.templates import Templates
from tests.dialogue.sayable import ANY_DAY


@pytest.fixture(scope="session")
def content() -> DialogueContent:
    return make_content(load_library(), ANY_DAY)


@pytest.fixture(scope="session")
def templates() -> Templates:
    return make_interpreter(load_library()).templates
