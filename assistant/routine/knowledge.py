"""What people ask about face massage, and what can honestly be said: the file `knowledge.yaml`.

Promises: every answer is short enough to be spoken in the middle of a massage.
"""

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
    """Something that people ask about: how they ask, and the answer."""

    title: Words = Field(description="the question, as it is listed")
    heard_as: tuple[Template, ...] = Field(
        min_length=1, description="sentence templates: how people ask it"
    )
    answer: Annotated[Speech, AfterValidator(_short)] = Field(
        description="one to four short sentences that claim no more than the sources support"
    )
    source: tuple[Words, ...] = Field(
        description="keys of sources.yaml; [] if it only states a habit or what is not known"
    )


class Knowledge(ContentModel):
    """Everything that has an answer."""

    questions: dict[str, Topic] = Field(description="by topic")

    def answer(self, topic: str) -> tuple[str, ...]:
        """Return the sentences that answer `topic`; none where there is no answer."""
        known = self.questions.get(topic)
        return tuple(sentences(known.answer)) if known else ()

    def heard_as(self) -> list[tuple[str, str]]:
        """Return every template by which a question is asked, with its topic."""
        return [
            (template, name)
            for name, topic in self.questions.items()
            for template in topic.heard_as
        ]
