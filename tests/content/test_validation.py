"""A content file becomes its model, or every problem in it is named with its line."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field

from assistant.content.reader import read_document
from assistant.content.validation import load, validate
from assistant.errors import ContentError


class Step(BaseModel):
    model_config = ConfigDict(extra="forbid")

    use: str = Field(description="a name")
    strokes: int = Field(ge=1)


class Routine(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str
    steps: tuple[Step, ...] = Field(min_length=1)
    extra: dict[str, Step] = {}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "routine.yaml"


def test_a_right_file_becomes_its_model(path: Path) -> None:
    path.write_text("title: One\nsteps:\n  - {use: a, strokes: 2}\n")
    assert load(path, Routine).steps == (Step(use="a", strokes=2),)


def test_every_problem_is_named_with_its_line(path: Path) -> None:
    path.write_text(
        """\
title: 5
steps:
  - use: a
    strokes: 2
  - use: b
    stroks: 3
    strokes: 0
extra:
  after:
    strokes: 1
"""
    )
    with pytest.raises(ContentError) as refused:
        validate(read_document(path), Routine)
    assert str(refused.value).replace(f"{path}:", "").split("\n") == [
        "1: title: found 5; allowed: text",
        "7: strokes: found 0; allowed: 1 or more",
        "6: stroks: found an unknown field; did you mean 'strokes'?",
        "9: use: found nothing; allowed: a name",
    ]


def test_loading_names_the_first_problem_alone(path: Path) -> None:
    path.write_text("title: 5\nsteps: 6\n")
    with pytest.raises(ContentError) as refused:
        load(path, Routine)
    assert str(refused.value) == f"{path}:1: title: found 5; allowed: text"


def test_a_list_of_wrong_items_is_not_called_empty_as_well(path: Path) -> None:
    path.write_text("title: One\nsteps: [5]\n")
    with pytest.raises(ContentError) as refused:
        validate(read_document(path), Routine)
    assert str(refused.value) == f"{path}:2: steps: found 5; allowed: fields with values"
