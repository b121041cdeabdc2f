"""Acceptance: the evidence that each kind of sentence needs."""

import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.audio.device import BLOCK_IN, RATE_IN, Samples
from assistant.hearing.acceptance import LEAST_SUPPORT, accept, explain, sentences
from assistant.hearing.endpointer import Endpointer
from assistant.hearing.recognizer import Hypothesis, Word
from assistant.hearing.speech_events import Utterance
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


def hear(endpointer: Endpointer, sound: Samples) -> list[str]:
    """Return the texts of the utterances in a quiet room."""
    noise = np.random.default_rng(3).standard_normal(round(1.8 * RATE_IN))
    room = (noise * 10 ** (-65 / 20)).astype(np.float32)
    sound = np.concatenate([room[: RATE_IN // 2], sound, room])
    blocks = sound[: len(sound) // BLOCK_IN * BLOCK_IN].reshape(-1, BLOCK_IN)
    events = [event for block in blocks for event in endpointer.listen(block)]
    return [event.text for event in events if isinstance(event, Utterance)]


def endpointer_for(model: VoskModel, grammar: Grammar) -> Endpointer:
    endpointer = Endpointer(VoskRecognizer(model), VoskRecognizer(model))
    endpointer.expect(grammar)
    return endpointer


def hypothesis(text: str, likelihood: float, *alternatives: Hypothesis) -> Hypothesis:
    words = tuple(Word(word, at, at + 0.4) for at, word in enumerate(text.split()))
    return Hypothesis(text, True, words, likelihood, alternatives)


@pytest.mark.parametrize(
    ("word", "command"), [("kelp", "help"), ("text", "next"), ("stock", "stop"), ("house", "pass")]
)
def test_a_foreign_word_that_the_grammar_decode_takes_for_a_command_is_refused(
    model: VoskModel, grammar: Grammar, say: Say, word: str, command: str
) -> None:
    recognizer = VoskRecognizer(model, grammar.phrases)
    recognizer.accept(say(word))
    assert command in sentences(recognizer.finish(), grammar)
    assert not any(grammar.holds(text) for text in hear(endpointer_for(model, grammar), say(word)))


@pytest.mark.parametrize("command", ["next", "stop", "help", "how much time is left", "ow"])
def test_commands_are_accepted(model: VoskModel, grammar: Grammar, say: Say, command: str) -> None:
    assert hear(endpointer_for(model, grammar), say(command)) == [command]


@pytest.mark.parametrize(
    "sentence",
    [
        "our house is out of town now",
        "nobody told us about the flowers",
        "how about a shower",
    ],
)
def test_a_cry_of_pain_is_not_heard_in_somebody_elses_sentence(
    model: VoskModel, interpreter: Interpreter, say: Say, sentence: str
) -> None:
    heard = hear(endpointer_for(model, interpreter.grammar()), say(sentence))
    assert heard
    assert [interpreter.interpret(text) for text in heard] == [[]] * len(heard)


def test_pain_is_heard_in_a_longer_sentence(
    model: VoskModel, interpreter: Interpreter, say: Say
) -> None:
    heard = hear(
        endpointer_for(model, interpreter.grammar()), say("when you do it like that hurts")
    )
    assert [intent.name for text in heard for intent in interpreter.interpret(text)] == ["Hurting"]


def test_other_words_by_real_people_are_not_taken_for_commands(
    model: VoskModel, recordings: Callable[..., list[Path]]
) -> None:
    """With sixteen recordings, at most one may be."""
    from assistant.assembly import make_interpreter
    from assistant.library.library import load_library

    interpreter = make_interpreter(load_library())
    endpointer = endpointer_for(model, interpreter.grammar("guiding"))
    understood = [
        (path.parent.name, text)
        for path in recordings(*FOREIGN_WORDS)
        for text in hear(endpointer, soundfile.read(path, dtype="float32")[0])
        if interpreter.interpret(text, "guiding")
    ]
    assert len(understood) <= 1, understood


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
def test_the_risk_of_a_sentence(grammar: Grammar, text: str, risk: Risk) -> None:
    assert grammar.risk(text) is risk


def test_the_risk_of_shipped_sentences() -> None:
    from assistant.assembly import make_interpreter
    from assistant.library.library import load_library

    interpreter = make_interpreter(load_library())
    intents = {group.intent for group in interpreter.templates.groups}
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


def test_urgent_sentences_need_less_support_than_harmless_ones_and_those_less_than_risky_ones(
    grammar: Grammar,
) -> None:
    accepted = {
        behind: {
            text
            for text in ("ow", "help", "stop")
            if _is_accepted(text, text + "s", behind, grammar)
        }
        for behind in (0.5, 1.2, 2.0, 3.0)
    }
    assert accepted == {0.5: {"ow", "help", "stop"}, 1.2: {"ow", "help"}, 2.0: {"ow"}, 3.0: set()}


def test_a_risky_sentence_must_be_spelled_like_an_open_hypothesis(grammar: Grammar) -> None:
    assert _is_accepted("stop", "stopped", 0.5, grammar)
    assert not _is_accepted("stop", "zero", 0.5, grammar)
    assert _is_accepted("help", "zero", 0.5, grammar)


def test_a_long_sentence_needs_less_support(grammar: Grammar) -> None:
    assert _is_accepted("skip this step", "skipped the step", 3.0, grammar)
    assert not _is_accepted("stop", "stopped", 3.0, grammar)


def test_a_sentence_of_the_open_decode_is_accepted(grammar: Grammar) -> None:
    forced = hypothesis("pass", 90.0)
    assert accept(forced, hypothesis("stop", 100.0), grammar) == "stop"
    alternative = hypothesis("stopped", 100.0, hypothesis("stop", 99.0))
    assert accept(forced, alternative, grammar) == "stop"


def test_a_risky_and_urgent_sentence_of_both_decodes_needs_little_support(grammar: Grammar) -> None:
    def accepted(text: str, *alternatives: Hypothesis) -> bool:
        open_hypothesis = hypothesis(text + "s", 100.0, *alternatives)
        return accept(hypothesis(text, 97.5), open_hypothesis, grammar) == text

    assert not accepted("enough")
    assert accepted("enough", hypothesis("enough", 97.5))
    assert not accepted("stop", hypothesis("stop", 97.5))


def test_speech_that_is_not_a_sentence_keeps_the_words_of_the_open_decode(
    grammar: Grammar,
) -> None:
    spoken = hypothesis("hello there my friend", 100.0)
    assert accept(hypothesis("ow louder ow next", 70.0), spoken, grammar) == spoken.text


def test_the_log_says_why_a_sentence_was_refused(grammar: Grammar) -> None:
    why = explain(hypothesis("stop", 98.0), hypothesis("stopped", 100.0), grammar)
    needed = LEAST_SUPPORT[Risk.RISKY]
    assert f"'stop' has support -2.0, needs {needed}: too little support" in why
    assert "open decode 'stopped' (100.0)" in why
    unlike = explain(hypothesis("stop", 100.0), hypothesis("zero", 100.0), grammar)
    assert "spelling 0.00 below 0.4" in unlike


def test_every_utterance_is_logged_in_one_line(
    model: VoskModel, grammar: Grammar, say: Say, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "assistant.hearing.endpointer")
    hear(endpointer_for(model, grammar), say("help"))
    (line,) = caplog.messages
    assert "accepted: 'help'; grammar decode 'help'" in line


def _is_accepted(text: str, openly: str, behind: float, grammar: Grammar) -> bool:
    """Whether `text` is accepted though `openly` is likelier by so much."""
    open_hypothesis = hypothesis(openly, 100.0)
    return accept(hypothesis(text, 100.0 - behind), open_hypothesis, grammar) == text
