"""Interpreters to ask: the product's own sentences, and a domain that it knows nothing about."""

from pathlib import Path

import pytest

import assistant.understanding
from assistant.library.shipped import load_health, load_knowledge
from assistant.understanding.interpreter import Interpreter
from assistant.understanding.template_files import load_templates

ROUTINES = [
    ("puffy eyes", "puffy-eyes"),
    ("(under eye|eye) bags", "puffy-eyes"),
    ("[my] eyes are (puffy|swollen)", "puffy-eyes"),
    ("jaw", "jaw-clenching"),
    ("jaw clenching", "jaw-clenching"),
]


@pytest.fixture(scope="session")
def massage() -> Interpreter:
    folder = Path(assistant.understanding.__file__).parent / "sentences" / "en"
    lists = {
        "routine": ROUTINES,
        "topic": load_knowledge().heard_as(),
        "condition": load_health().heard_as(),
    }
    return Interpreter(load_templates(sorted(folder.glob("*.yaml")), lists))


@pytest.fixture(scope="session")
def coffee() -> Interpreter:
    return Interpreter(load_templates([Path(__file__).parent / "coffee.yaml"]))
