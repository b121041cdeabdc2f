"""Every concern leads to a massage that there is, and to an answer that there is."""

from assistant.library.library import load_library
from assistant.library.shipped import load_concerns, load_knowledge

CONCERNS = load_concerns().concerns


def test_every_concern_has_a_routine() -> None:
    routines = load_library().routines
    assert {concern.routine for concern in CONCERNS.values()} <= set(routines)


def test_every_routine_is_somebodys_concern() -> None:
    assert {concern.routine for concern in CONCERNS.values()} == set(load_library().routines)


def test_what_massage_hardly_changes_has_an_honest_answer() -> None:
    topics = {concern.topic for concern in CONCERNS.values() if concern.topic}
    assert topics
    assert topics <= set(load_knowledge().questions)


def test_no_sentence_stands_for_two_concerns() -> None:
    said = [sentence for concern in CONCERNS.values() for sentence in concern.said]
    assert len(said) == len(set(said))
