"""The health questions, and what each answer leaves out of a massage: the file `health.yaml`.

Pure: answers and today's date in, restrictions out. An answer is a condition's identifier with the
date of the treatment where one matters; None means the date is not known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from assistant.routine.restrictions import Restriction, Restrictions
from assistant.routine.schema import AreaTag, ContentModel, Pressure, Speech, Template, Tool, Words

Answers = Mapping[str, date | None]


@dataclass(frozen=True, slots=True)
class Profile:
    """What the user answered, and when."""

    screened: date
    """When all questions were answered."""
    answers: Answers = field(default_factory=dict)
    asked_again: date | None = None
    """When some of them were answered since."""


class HealthRule(ContentModel):
    """One thing that a condition leaves out."""

    say: Speech = Field(description="what is left out and why; {condition} and {until}")
    forbids: tuple[AreaTag | Tool | Literal["lymph", "cold"], ...] = Field(
        default=(), description="areas, tools, lymph or cold"
    )
    firmest: Pressure = Field(default="firm", description="the firmest pressure that is allowed")
    refuses: bool = Field(default=False, description="true if there is no massage at all")
    days: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="how long after the date; without it, as long as it is answered"
    )

    @model_validator(mode="after")
    def _has_an_effect(self) -> "HealthRule":
        if not self.forbids and not self.refuses and self.firmest == "firm":
            raise ValueError("something in forbids or firmest, or refuses: true")
        if ("{until}" in self.say) != (self.days is not None):
            raise ValueError("{until} in say, if there are days, and only then")
        return self


class Condition(ContentModel):
    """Something that a user may answer."""

    spoken: Words = Field(description="its name, as said after 'because of'")
    question: Words = Field(description="the question to which it is an answer")
    heard_as: tuple[Template, ...] = Field(min_length=1, description="how people say it")
    effects: tuple[HealthRule, ...] = Field(min_length=1, description="what it leaves out")
    source: tuple[Words, ...] = Field(min_length=1, description="keys of sources.yaml")

    @property
    def needs_date(self) -> bool:
        """Whether to ask when it was."""
        return any(effect.days for effect in self.effects)


class HealthQuestion(ContentModel):
    """One of the grouped questions."""

    ask: Speech = Field(description="answered by yes or no")
    detail: Speech = Field(description="asked after a yes")
    good_for: int | None = Field(
        default=None, ge=1, description="days after which an answer other than no is asked again"
    )


class Until(ContentModel):
    """How the end of a wait is said."""

    date: Words = Field(description="{month} and {day}")
    unknown: Words = Field(description="when nobody knows the date of the treatment")
    months: tuple[Words, ...] = Field(min_length=12, max_length=12)


class Health(ContentModel):
    """All that is asked, all that may be answered, and what follows from it."""

    every_days: int = Field(ge=1, description="how long answers are good for")
    opening: Speech
    repeat: Speech
    questions: dict[str, HealthQuestion] = Field(min_length=1)
    when: Speech = Field(description="asked for the date of a treatment")
    anything_else: Speech
    until: Until
    conditions: dict[str, Condition]

    @field_validator("conditions")
    @classmethod
    def _answer_a_question(
        cls, conditions: dict[str, Condition], info: ValidationInfo
    ) -> dict[str, Condition]:
        questions = info.data.get("questions", {})
        for condition in conditions.values():
            if condition.question not in questions:
                raise ValueError(f"question as one of {', '.join(questions)}")
        return conditions

    def answers_to(self, question: str) -> tuple[str, ...]:
        """Return the identifiers of the conditions that answer `question`, in order."""
        return tuple(
            name for name, condition in self.conditions.items() if condition.question == question
        )

    def heard_as(self) -> list[tuple[str, str]]:
        """Return every template by which a condition is named, with its identifier."""
        return [
            (template, name)
            for name, condition in self.conditions.items()
            for template in condition.heard_as
        ]

    def due(self, profile: Profile | None, today: date) -> tuple[str, ...]:
        """Return the questions to ask: all of them at first, after a while, or by a set-back clock.

        In between, those whose answers are good for less, if there was something to answer.
        """
        if profile is None:
            return tuple(self.questions)
        days = (today - profile.screened).days
        if not 0 <= days < self.every_days:
            return tuple(self.questions)
        since = (today - (profile.asked_again or profile.screened)).days
        return tuple(
            name
            for name, question in self.questions.items()
            if question.good_for is not None
            and since >= question.good_for
            and any(self.conditions[answer].question == name for answer in profile.answers)
        )

    def restrictions(self, answers: Answers, today: date) -> Restrictions:
        """Return what `answers` leave out today; waits that are over leave nothing out.

        Raises KeyError for an identifier that is no condition.
        """
        return Restrictions(
            tuple(
                Restriction(
                    say=self._said(name, effect, when),
                    forbids=frozenset(effect.forbids),
                    firmest=effect.firmest,
                    refuses=effect.refuses,
                )
                for name, when in answers.items()
                for effect in self.conditions[name].effects
                if not _over(effect, when, today)
            )
        )

    def known(self, answers: Iterable[str]) -> bool:
        """Tell whether all are conditions."""
        return set(answers) <= self.conditions.keys()

    def _said(self, name: str, effect: HealthRule, when: date | None) -> str:
        until = self.until.unknown
        if when is not None and effect.days is not None:
            end = when + timedelta(days=effect.days)
            until = self.until.date.format(month=self.until.months[end.month - 1], day=end.day)
        return effect.say.format(condition=self.conditions[name].spoken, until=until)


def _over(effect: HealthRule, when: date | None, today: date) -> bool:
    if effect.days is None or when is None:
        return False
    return today >= when + timedelta(days=effect.days)
