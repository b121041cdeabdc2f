"""Interpreting: every sentence of a template means its own intent, in one and in many domains."""

import itertools
import random

import pytest
from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    TextChunk,
)
from hassil.intents import Intent as HassilIntent
from hassil.intents import Intents, RangeSlotList, TextSlotList, WildcardSlotList
from hassil.recognize import recognize

from assistant.numbers import in_words
from assistant.understanding.grammar import Reach
from assistant.understanding.intent import Intent
from assistant.understanding.interpreter import Interpreter
from assistant.understanding.templates import SentenceGroup, Templates

STATES = ["choosing", "preparing", "guiding", "paused", "hurting", "confirming", "finished"]


def samples(templates: Templates, group: SentenceGroup, count: int, seed: int) -> list[str]:
    """Random sentences of each template of `group` (hassil's own sampler would make all first)."""
    chance = random.Random(seed)
    rules = {**templates.rules, **group.data.expansion_rules}

    def say(part: Expression) -> str:
        if isinstance(part, Alternative):
            return say(chance.choice(part.items))
        if isinstance(part, Permutation):
            return "".join(map(say, chance.sample(part.items, len(part.items))))
        if isinstance(part, Group):
            return "".join(map(say, part.items))
        if isinstance(part, RuleReference):
            return say(rules[part.rule_name].expression)
        if isinstance(part, ListReference):
            values = templates.lists.get(part.list_name)
            if isinstance(values, WildcardSlotList):
                return "anything at all"
            if isinstance(values, TextSlotList):
                return say(chance.choice(values.values).text_in)
            if (inline := part.get_inline_range()) is None:
                assert isinstance(values, RangeSlotList)
                inline = values.start, values.stop, 1
            start, stop, step = inline
            return in_words(chance.randrange(start, stop + 1, step))
        assert isinstance(part, TextChunk)
        return part.original_text

    said = [say(sentence.expression) for sentence in group.data.sentences for _ in range(count)]
    return [" ".join(text.split()) for text in said]


@pytest.mark.parametrize("state", STATES)
def test_every_sentence_means_its_own_intent_and_can_be_heard(
    massage: Interpreter, state: str
) -> None:
    grammar = massage.grammar(state)
    pairs = {pair for phrase in grammar.phrases for pair in itertools.pairwise(phrase.split())}
    wrong: list[tuple[str, str, object]] = []
    for group in massage.templates.groups:
        if not group.heard_in(state):
            continue
        for text in samples(massage.templates, group, 2, seed=7):
            heard = massage.interpret(text, state)
            if [intent.name for intent in heard] != [group.intent]:
                wrong.append((text, group.intent, heard))
            if grammar.reach(text) not in (Reach.SENTENCE, Reach.COMPLETE):
                wrong.append((text, group.intent, grammar.reach(text)))
            spoken = text.replace("-", " ").split()
            if group.core and not any(word.isdigit() for word in spoken):
                strange = set(itertools.pairwise(spoken)) - pairs
                wrong += [(text, group.intent, strange)] if strange else []
    assert not wrong


def test_every_order_of_a_coffee_shop_is_understood(coffee: Interpreter) -> None:
    grammar = coffee.grammar()
    for group in coffee.templates.groups:
        for text in samples(coffee.templates, group, 200, seed=3):
            assert [intent.name for intent in coffee.interpret(text)] == [group.intent], text
            assert grammar.reach(text) in (Reach.SENTENCE, Reach.COMPLETE), text


def test_slots_of_another_domain_come_out_as_hassil_gives_them(coffee: Interpreter) -> None:
    order = (
        "can i have a large dark roast double shot latte "
        "with a bit of soy milk and 3 pumps of caramel please"
    )
    assert coffee.interpret(order) == [
        Intent(
            "order_drink",
            {
                "kind": "drink",
                "size": "large",
                "roast": "dark roast",
                "shot": 2,
                "drink": "latte",
                "milk": "soy milk",
                "pumps": 3,
                "syrup": "caramel",
            },
        )
    ]


def test_one_slot_filled_twice_keeps_the_later_value(coffee: Interpreter) -> None:
    (order,) = coffee.interpret("sesame bagel with chocolate and melted butter")
    assert order.slots == {"bagel": "sesame", "topping": "melted butter"}


def test_a_wildcard_takes_whatever_is_said(coffee: Interpreter) -> None:
    assert coffee.interpret("play my favourite old song loudly") == [
        Intent("cancel_order", {"song": "my favourite old song"})
    ]


def test_a_domain_without_urgent_intents_hears_only_whole_sentences(coffee: Interpreter) -> None:
    assert coffee.interpret("i said forget it to my brother") == []
    assert coffee.interpret("") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pause", "pause for 10 seconds"),
        ("more_time", "another 2 minutes"),
        ("go_to_step", "go to step 4"),
    ],
)
def test_hassil_itself_gives_the_same_slots(massage: Interpreter, name: str, text: str) -> None:
    templates = massage.templates
    groups = [group.data for group in templates.groups if group.intent == name]
    intents = Intents(
        "en", {name: HassilIntent(name, groups)}, dict(templates.lists), dict(templates.rules)
    )
    theirs = recognize(text, intents, intent_context={"state": "guiding"})
    assert theirs is not None
    (ours,) = massage.interpret(text, "guiding")
    assert ours.slots == {slot: entity.value for slot, entity in theirs.entities.items()}


@pytest.mark.parametrize(
    "text",
    ["PAUSE!", "pause.", "  uh, pause, please ", "okay so pause", "Pause…"],
)
def test_typing_and_fillers_do_not_matter(massage: Interpreter, text: str) -> None:
    assert massage.interpret(text, "guiding") == [Intent("pause")]


@pytest.mark.parametrize("text", ["i dont like this one", "I don’t like this one"])  # noqa: RUF001
def test_apostrophes_do_not_matter(massage: Interpreter, text: str) -> None:
    assert massage.interpret(text, "guiding") == [Intent("skip")]


def test_without_a_state_the_usual_meaning_wins(massage: Interpreter) -> None:
    assert massage.interpret("done") == massage.interpret("done", "guiding")
    assert massage.interpret("done") != massage.interpret("done", "paused")


def test_the_gravest_report_stands_first_and_alone(massage: Interpreter) -> None:
    assert massage.interpret("stop, ow, i can't breathe", "guiding") == [
        Intent("pain", {"symptom": "trouble_breathing"}),
        Intent("stop"),
    ]


def test_a_very_long_text_is_answered(massage: Interpreter) -> None:
    assert massage.interpret("no " * 5000, "guiding") is not None


def test_the_nearest_sentence_to_a_misspelt_one_is_offered(massage: Interpreter) -> None:
    nearest = massage.nearest("slowr plese", "guiding")
    assert nearest is not None
    assert massage.interpret(nearest, "guiding") == [Intent("slower")]
    assert massage.nearest("xyzzy qwertz", "guiding") is None


def test_the_log_tells_which_readings_were_weighed(
    massage: Interpreter, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG", "assistant.understanding"):
        massage.interpret("slower and louder", "guiding")
    weighed, *_, meant = caplog.messages
    assert weighed.startswith("weighed [Intent(name='slower'")
    assert meant.startswith("'slower and louder' in state guiding means [Intent(name='slower'")
