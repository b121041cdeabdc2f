"""The grammar: which phrases the recognizer gets, and how far a text has got."""

from pathlib import Path

import pytest

from assistant.understanding.grammar import Grammar, Reach
from assistant.understanding.interpreter import Interpreter
from assistant.understanding.template_files import load_templates

TEMPLATES = """
language: en
skip_words: [uh, okay, please]
connectors: [and]
intents:
  pause: {data: [{sentences: ["pause [for {1..30:seconds} seconds]"]}]}
  slower: {data: [{sentences: ["(slower|slow down)"]}]}
  louder: {data: [{sentences: [louder]}]}
  agree: {data: [{sentences: [okay], requires_context: {state: [asked]}}]}
  add:
    data:
      - {sentences: ["[some] more"], slots: {what: anything}}
      - {sentences: ["[some] more oil"], slots: {what: oil}}
  skip: {data: [{sentences: ["skip [this [step]]", "skip ahead"]}]}
  mind: {data: [{sentences: ["never"]}]}
  forget: {data: [{sentences: ["never mind"]}]}
  step: {data: [{sentences: ["step {1..9:step}", "step"]}]}
  travel: {data: [{sentences: ["(from {city:start};to {city:end}) please (go|travel)"]}]}
lists:
  city: {values: [rome, "[new] york"]}
"""


@pytest.fixture(scope="module")
def interpreter(tmp_path_factory: pytest.TempPathFactory) -> Interpreter:
    path = tmp_path_factory.mktemp("templates") / "small.yaml"
    path.write_text(TEMPLATES, encoding="utf-8")
    return Interpreter(load_templates([path]))


def words(grammar: Grammar) -> set[str]:
    """Every word that the recognizer is given."""
    return {word for phrase in grammar.phrases for word in phrase.split()}


@pytest.mark.parametrize(
    ("text", "reach"),
    [
        ("", Reach.BEGINNING),
        ("uh", Reach.BEGINNING),
        ("slow", Reach.BEGINNING),
        ("Slow down!", Reach.COMPLETE),
        ("slower please", Reach.COMPLETE),
        ("uh slower", Reach.COMPLETE),
        ("pause", Reach.SENTENCE),
        ("pause for", Reach.BEGINNING),
        ("pause for twenty", Reach.BEGINNING),
        ("pause for 25 seconds", Reach.COMPLETE),
        ("pause for ninety seconds", Reach.OUTSIDE),
        ("slower and", Reach.SENTENCE),
        ("slower and louder", Reach.COMPLETE),
        ("slower pause", Reach.SENTENCE),
        ("skip", Reach.COMPLETE),
        ("skip this", Reach.COMPLETE),
        ("some more", Reach.SENTENCE),
        ("some more oil", Reach.COMPLETE),
        ("never", Reach.SENTENCE),
        ("step", Reach.SENTENCE),
        ("slower and skip", Reach.COMPLETE),
        ("good morning", Reach.OUTSIDE),
        ("slower tomorrow", Reach.OUTSIDE),
        ("to york from new york please travel", Reach.COMPLETE),
        ("from rome from rome", Reach.OUTSIDE),
    ],
)
def test_reach_tells_how_far_a_text_has_got(
    interpreter: Interpreter, text: str, reach: Reach
) -> None:
    assert interpreter.grammar("asked").reach(text) is reach


def test_what_follows_with_another_value_of_a_fixed_slot_is_waited_for() -> None:
    """ "Ten more" are strokes, and "ten more seconds" are not."""
    from assistant.assembly import make_interpreter
    from assistant.library.library import load_library

    grammar = make_interpreter(load_library()).grammar("guiding")
    assert grammar.reach("ten more") is Reach.SENTENCE
    assert grammar.reach("ten more seconds") is Reach.COMPLETE


def test_a_sentence_that_is_also_a_filler_may_go_on(interpreter: Interpreter) -> None:
    assert interpreter.grammar("asked").reach("okay") is Reach.SENTENCE
    assert interpreter.grammar("other").reach("okay") is Reach.BEGINNING


def test_only_what_the_state_allows_is_in_the_grammar(interpreter: Interpreter) -> None:
    assert "slower" in words(interpreter.grammar("other"))
    assert interpreter.grammar("other") is interpreter.grammar("other")


def test_fillers_and_connectors_can_be_heard(interpreter: Interpreter) -> None:
    assert {"uh", "please", "and"} <= words(interpreter.grammar())


def test_phrases_are_sentences(interpreter: Interpreter) -> None:
    grammar = interpreter.grammar("other")
    fillers = {"uh", "okay", "please"}
    assert all(interpreter.interpret(p, "other") for p in grammar.phrases if p not in fillers)


def test_billions_of_orders_make_few_phrases() -> None:
    path = Path(__file__).parents[1] / "understanding" / "coffee.yaml"
    grammar = Interpreter(load_templates([path])).grammar()
    assert len(grammar.phrases) < 2000
    assert {"latte", "lattes", "twelve", "poppyseed", "poppy"} <= words(grammar)


def test_a_grammar_of_nothing_hears_nothing(tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.write_text("intents: {}", encoding="utf-8")
    grammar = Interpreter(load_templates([path])).grammar()
    assert grammar.phrases == ()
    assert grammar.reach("hello") is Reach.OUTSIDE
