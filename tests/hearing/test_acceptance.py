"""What is believed of what was heard: the evidence that each kind of sentence needs."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.audio.device import BLOCK_IN, RATE_IN, Samples
from assistant.hearing.acceptance import decide
from assistant.hearing.endpointer import Endpointer, Utterance
from assistant.hearing.recognizer import Hypothesis, Word
from assistant.hearing.vosk import VoskModel, VoskRecognizer
from assistant.understanding.grammar import Grammar, Risk
from assistant.understanding.interpreter import Interpreter
from assistant.understanding.template_files import load_templates

Say = Callable[..., Samples]

SENTENCES = """
language: en
risky: [Turning, Ending]
connectors: [and]
intents:
  Turning:
    data: [{sentences: [next, stop, skip this step, pass]}]
  Asking:
    data: [{sentences: [help, how much time is left, louder, sure]}]
  Ending:
    data: [{sentences: [enough], metadata: {urgency: 1}}]
  Hurting:
    data: [{sentences: [ow, that hurts], metadata: {urgency: 2, anywhere: true}}]
"""
FOREIGN_WORDS = ["bed", "bird", "dog", "happy", "house", "marvin", "seven", "zero"]
PEOPLE = Path(__file__).parents[3] / "shared" / "audio" / "speech_commands"


def load(folder: Path, sentences: str) -> Interpreter:
    path = folder / "sentences.yaml"
    path.write_text(sentences, encoding="utf-8")
    return Interpreter(load_templates([path]))


@pytest.fixture(scope="module")
def interpreter(tmp_path_factory: pytest.TempPathFactory) -> Interpreter:
    return load(tmp_path_factory.mktemp("sentences"), SENTENCES)


@pytest.fixture(scope="module")
def grammar(interpreter: Interpreter) -> Grammar:
    return interpreter.grammar()


def hear(listener: Endpointer, sound: Samples) -> list[str]:
    """Return the texts of what is heard in a quiet room."""
    noise = np.random.default_rng(3).standard_normal(round(1.8 * RATE_IN))
    room = (noise * 10 ** (-65 / 20)).astype(np.float32)
    sound = np.concatenate([room[: RATE_IN // 2], sound, room])
    blocks = sound[: len(sound) // BLOCK_IN * BLOCK_IN].reshape(-1, BLOCK_IN)
    events = [event for block in blocks for event in listener.listen(block)]
    return [event.text for event in events if isinstance(event, Utterance)]


def careful(model: VoskModel, grammar: Grammar) -> Endpointer:
    listener = Endpointer(VoskRecognizer(model), VoskRecognizer(model))
    listener.expect(grammar)
    return listener


def reading(text: str, likelihood: float, *others: Hypothesis) -> Hypothesis:
    words = tuple(Word(word, at, at + 0.4) for at, word in enumerate(text.split()))
    return Hypothesis(text, final=True, words=words, likelihood=likelihood, others=others)


@pytest.mark.parametrize(
    ("word", "command"), [("kelp", "help"), ("text", "next"), ("stock", "stop"), ("house", "pass")]
)
def test_a_foreign_word_that_the_grammar_makes_a_command_needs_the_second_opinion(
    model: VoskModel, grammar: Grammar, say: Say, word: str, command: str
) -> None:
    trusting = Endpointer(VoskRecognizer(model))
    trusting.expect(grammar)
    assert hear(trusting, say(word)) == [command]
    assert not any(grammar.holds(text) for text in hear(careful(model, grammar), say(word)))


@pytest.mark.parametrize("command", ["next", "stop", "help", "how much time is left", "ow"])
def test_commands_pass_the_second_opinion(
    model: VoskModel, grammar: Grammar, say: Say, command: str
) -> None:
    assert hear(careful(model, grammar), say(command)) == [command]


@pytest.mark.parametrize(
    "sentence",
    [
        "our house is out of town now",
        "nobody told us about the flowers",
        "how about a shower",
    ],
)
def test_a_cry_of_pain_is_not_found_in_somebody_elses_sentence(
    model: VoskModel, interpreter: Interpreter, say: Say, sentence: str
) -> None:
    heard = hear(careful(model, interpreter.grammar()), say(sentence))
    assert heard
    assert [interpreter.interpret(text) for text in heard] == [[]] * len(heard)


def test_pain_is_found_in_a_longer_sentence(
    model: VoskModel, interpreter: Interpreter, say: Say
) -> None:
    heard = hear(careful(model, interpreter.grammar()), say("when you do it like that hurts"))
    assert [intent.name for text in heard for intent in interpreter.interpret(text)] == ["Hurting"]


def test_how_real_people_say_words_that_are_no_commands(model: VoskModel) -> None:
    """At most one in twenty of them is taken for a command of the massage."""
    if not PEOPLE.is_dir():
        pytest.skip("the recordings are not beside this checkout")
    from assistant.assembly import make_interpreter
    from assistant.library.library import load_library

    interpreter = make_interpreter(load_library())
    listener = careful(model, interpreter.grammar("guiding"))
    files = [path for word in FOREIGN_WORDS for path in sorted((PEOPLE / word).glob("*.wav"))[:3]]
    understood = [
        (path.parent.name, text)
        for path in files
        for text in hear(listener, soundfile.read(path, dtype="float32")[0])
        if interpreter.interpret(text, "guiding")
    ]
    assert len(understood) <= len(files) / 20, understood


@pytest.mark.parametrize(
    ("text", "risk"),
    [
        ("stop", Risk.RISKY),
        ("louder", Risk.HARMLESS),
        ("ow that hurts", Risk.URGENT),
        ("that hurts and stop", Risk.RISKY),
        ("ow and louder", Risk.HARMLESS),
    ],
)
def test_what_is_at_stake(grammar: Grammar, text: str, risk: Risk) -> None:
    assert grammar.risk(text) is risk


def test_the_shipped_sentences_that_are_at_stake() -> None:
    from assistant.assembly import make_interpreter
    from assistant.library.library import load_library

    interpreter = make_interpreter(load_library())
    intents = {block.intent for block in interpreter.templates.blocks}
    assert intents.issuperset(interpreter.templates.risky)
    grammar = interpreter.grammar("guiding")
    risks = {text: grammar.risk(text) for text in ("stop", "skip this step", "why", "ow", "louder")}
    assert risks == {
        "stop": Risk.RISKY,
        "skip this step": Risk.RISKY,
        "why": Risk.HARMLESS,
        "ow": Risk.URGENT,
        "louder": Risk.HARMLESS,
    }


def test_urgent_sentences_need_less_evidence_than_harmless_ones_and_those_less_than_risky_ones(
    grammar: Grammar,
) -> None:
    heard = {
        behind: {
            text for text in ("ow", "help", "stop") if _is_heard(text, text + "s", behind, grammar)
        }
        for behind in (0.5, 1.2, 2.0, 3.0)
    }
    assert heard == {0.5: {"ow", "help", "stop"}, 1.2: {"ow", "help"}, 2.0: {"ow"}, 3.0: set()}


def test_a_risky_sentence_has_to_be_spelt_like_something_that_was_heard(grammar: Grammar) -> None:
    assert _is_heard("stop", "stopped", 0.5, grammar)
    assert not _is_heard("stop", "zero", 0.5, grammar)
    assert _is_heard("help", "zero", 0.5, grammar)


def test_a_long_sentence_may_lie_further_behind(grammar: Grammar) -> None:
    assert _is_heard("skip this step", "skipped the step", 3.0, grammar)
    assert not _is_heard("stop", "stopped", 3.0, grammar)


def test_what_is_heard_openly_is_believed(grammar: Grammar) -> None:
    forced = reading("pass", 90.0)
    assert decide(forced, reading("stop", 100.0), grammar) == "stop"
    among_others = reading("stopped", 100.0, reading("stop", 99.0))
    assert decide(forced, among_others, grammar) == "stop"


def test_an_urgent_sentence_that_both_hold_possible_needs_little_more(grammar: Grammar) -> None:
    def heard(text: str, *others: Hypothesis) -> bool:
        return decide(reading(text, 97.5), reading(text + "s", 100.0, *others), grammar) == text

    assert not heard("enough")
    assert heard("enough", reading("enough", 97.5))
    assert not heard("stop", reading("stop", 97.5))


def test_speech_that_is_no_sentence_keeps_the_open_words(grammar: Grammar) -> None:
    opened = reading("hello there my friend", 100.0)
    assert decide(reading("ow louder ow next", 70.0), opened, grammar) == "hello there my friend"


def _is_heard(text: str, openly: str, behind: float, grammar: Grammar) -> bool:
    """Whether `text` fires though `openly` is likelier by so much."""
    return decide(reading(text, 100.0 - behind), reading(openly, 100.0), grammar) == text
