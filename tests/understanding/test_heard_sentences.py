"""What people say means what they meant, and questions to other assistants mean nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.understanding.interpreter import Interpreter

HERE = Path(__file__).parent


def heard_sentences() -> Iterator[Any]:
    content = yaml.safe_load((HERE / "heard_sentences.yaml").read_text(encoding="utf-8"))
    for state, sentences in content.items():
        for text, intents, *slots in sentences:
            yield pytest.param(
                None if state == "any" else state, text, intents, *(slots or [{}]), id=text
            )


@pytest.mark.parametrize(("state", "text", "intents", "slots"), list(heard_sentences()))
def test_a_sentence_means_what_was_meant(
    massage: Interpreter, state: str | None, text: str, intents: Any, slots: dict[str, Any]
) -> None:
    heard = massage.interpret(text, state)
    names = [intents] if isinstance(intents, str) else intents or []
    assert [intent.name for intent in heard] == names
    if slots:
        assert heard[0].slots == slots


@pytest.mark.parametrize("state", [None, "choosing", "guiding", "hurting"])
def test_questions_to_other_assistants_mean_nothing(
    massage: Interpreter, state: str | None
) -> None:
    texts = (HERE / "out_of_scope.txt").read_text(encoding="utf-8").splitlines()
    understood = [text for text in texts if massage.interpret(text, state)]
    assert len(understood) <= len(texts) * 0.005, understood
