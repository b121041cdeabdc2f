"""docs/dialogue.md says what the dialogue does."""

from typing import Any

import pytest

from assistant.dialogue.table import ALWAYS, TABLE
from assistant.understanding.templates import Templates
from docs.make_dialogue import WRITTEN, page, summary


def test_the_page_is_up_to_date(templates: Templates, walk: Any) -> None:
    if WRITTEN.read_text("utf-8") != page(templates, walk.transitions):
        pytest.fail("docs/dialogue.md is out of date: run script/docs")


def test_every_cell_says_what_it_does() -> None:
    for row in (ALWAYS, *TABLE.values()):
        for handler in row.values():
            assert summary(handler)
