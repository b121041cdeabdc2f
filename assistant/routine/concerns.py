"""What people want to do something about, and the routine that is for it: `concerns.yaml`.

People rarely name a routine. They say what bothers them, in words of their own; the sentences here
are compared with theirs by meaning.
"""

from pydantic import Field

from assistant.routine.schema import ContentModel, Words


class Concern(ContentModel):
    """Something that people want to do something about."""

    routine: Words = Field(description="the routine that is for it, or the nearest to it")
    topic: Words | None = Field(
        default=None,
        description="a topic of knowledge.yaml: what is said first where massage changes little",
    )
    said: tuple[Words, ...] = Field(
        min_length=3, description="what people say, lower case, no punctuation but apostrophes"
    )


class Concerns(ContentModel):
    """All concerns."""

    concerns: dict[str, Concern] = Field(description="by name")
