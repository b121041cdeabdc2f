"""What people ask about face massage, and what can honestly be said: the file `knowledge.yaml`.

Every answer is short enough to be spoken in the middle of a massage, and names its sources.
"""

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

from assistant.routine.schema import ContentModel, Speech, Template, Words, sentences

MOST_ANSWER_WORDS = 48
"""In one answer: about twenty seconds of speech."""

MOST_ANSWER_SENTENCES = 4


def _short(text: str) -> str:
    if len(text.split()) > MOST_ANSWER_WORDS:
        raise ValueError(f"at most {MOST_ANSWER_WORDS} words")
    if len(sentences(text)) > MOST_ANSWER_SENTENCES:
        raise ValueError(f"at most {MOST_ANSWER_SENTENCES} sentences")
    return text


class Topic(ContentModel):
    """A topic, in the file: how people ask about it, and the answer."""

    title: Words = Field(description="the question, as it is listed")
    heard_as: tuple[Template, ...] = Field(
        min_length=1, description="sentence templates by which people ask it"
    )
    answer: Annotated[Speech, AfterValidator(_short)] = Field(
        description="one to four short sentences, no more than the sources support"
    )
    source: tuple[Words, ...] = Field(
        description="keys of sources.yaml; empty if it only says what is not known, or a habit"
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What to say to a question."""

    text: tuple[str, ...]
    """Its sentences."""
    source: tuple[str, ...]
    """Keys of sources.yaml."""


class Knowledge(ContentModel):
    """All questions that have an answer, by topic."""

    questions: dict[str, Topic] = Field(description="by topic")

    def answer(self, topic: str) -> Answer:
        """Return the answer to `topic`, which is one of `questions`; raises KeyError if not."""
        question = self.questions[topic]
        return Answer(tuple(sentences(question.answer)), question.source)

    def heard_as(self) -> list[tuple[str, str]]:
        """Return every template by which a question is asked, with its topic."""
        return [
            (template, topic)
            for topic, question in self.questions.items()
            for template in question.heard_as
        ]
