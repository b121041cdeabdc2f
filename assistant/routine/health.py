"""The health questions, and what each answer leaves out of a massage: the file `health.yaml`.

Pure: answers and today's date go in, restrictions come out. An answer is the identifier of a
condition, with the date of the treatment if that matters, else None; None where it matters means
that the date is not known.
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
    """The last time that all questions were answered."""
    answers: Answers = field(default_factory=dict)
    asked_again: date | None = None
    """The last time since then that some of them were."""


class HealthRule(ContentModel):
    """One thing that a condition leaves out."""

    say: Speech = Field(
        description="what is left out, and why; {condition} and {until} are filled in"
    )
    forbids: tuple[AreaTag | Tool | Literal["lymph", "cold"], ...] = Field(
        default=(), description="areas, tools, lymph or cold"
    )
    firmest: Pressure = Field(default="firm", description="the firmest pressure allowed")
    refuses: bool = Field(default=False, description="true if there must be no massage at all")
    days: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="how long it holds after the date; left out means always"
    )

    @model_validator(mode="after")
    def _leaves_something_out(self) -> "HealthRule":
        if not self.forbids and not self.refuses and self.firmest == "firm":
            raise ValueError("something in forbids, a lighter firmest, or refuses: true")
        if ("{until}" in self.say) != (self.days is not None):
            raise ValueError("{until} in say if there are days, and only then")
        return self


class Condition(ContentModel):
    """Something that the user may answer."""

    spoken: Words = Field(description="its name, as said after 'because of'")
    question: Words = Field(description="the question that it answers")
    heard_as: tuple[Template, ...] = Field(min_length=1, description="how people say it")
    effects: tuple[HealthRule, ...] = Field(min_length=1, description="what it leaves out")
    source: tuple[Words, ...] = Field(min_length=1, description="keys of sources.yaml")

    @property
    def needs_date(self) -> bool:
        """Whether to ask when the treatment was."""
        return any(rule.days for rule in self.effects)


class HealthQuestion(ContentModel):
    """A question that asks for several conditions at once."""

    ask: Speech = Field(description="the question, to be answered by yes or no")
    detail: Speech = Field(description="asked after a yes")
    good_for: int | None = Field(
        default=None, ge=1, description="after how many days to ask again if the answer was not no"
    )


class Until(ContentModel):
    """How the end of a wait after a treatment is said."""

    date: Words = Field(description="{month} and {day}")
    unknown: Words = Field(description="when the date of the treatment is not known")
    months: tuple[Words, ...] = Field(min_length=12, max_length=12)


class Health(ContentModel):
    """Everything that is asked, everything that may be answered, and what follows from it."""

    every_days: int = Field(ge=1, description="for how many days answers are good")
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

    def heard_as(self) -> list[tuple[str, str]]:
        """Return every template by which a condition is named, with its identifier."""
        return [
            (template, name)
            for name, condition in self.conditions.items()
            for template in condition.heard_as
        ]

    def due(self, profile: Profile | None, today: date) -> tuple[str, ...]:
        """Return the questions to ask today.

        All of them the first time and every `every_days`; in between, only those whose answers are
        good for less time and were not simply no.
        """
        if profile is None:
            return tuple(self.questions)
        days = (today - profile.screened).days
        # Negative when the clock was set back: the dates mean nothing then.
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
        """Return what `answers` leave out today; a wait that is over leaves nothing out.

        Raises KeyError for an identifier that is not a condition: a health answer must never be
        ignored.
        """
        return Restrictions(
            tuple(
                Restriction(
                    say=self._reason(name, rule, when),
                    forbids=frozenset(rule.forbids),
                    firmest=rule.firmest,
                    refuses=rule.refuses,
                )
                for name, when in answers.items()
                for rule in self.conditions[name].effects
                if not _over(rule, when, today)
            )
        )

    def names_one(self, text: str) -> bool:
        """Tell whether `text` names a condition, or says what one leaves out."""
        return any(
            condition.spoken.lower() in text.lower()
            or any(text == rule.say for rule in condition.effects)
            for condition in self.conditions.values()
        )

    def known(self, answers: Iterable[str]) -> bool:
        """Tell whether all of `answers` are conditions."""
        return set(answers) <= self.conditions.keys()

    def _reason(self, name: str, rule: HealthRule, when: date | None) -> str:
        until = self.until.unknown
        if when is not None and rule.days is not None:
            end = when + timedelta(days=rule.days)
            until = self.until.date.format(month=self.until.months[end.month - 1], day=end.day)
        return rule.say.format(condition=self.conditions[name].spoken, until=until)


def _over(rule: HealthRule, when: date | None, today: date) -> bool:
    if rule.days is None or when is None:  # without a date, the wait might have begun today
        return False
    return today >= when + timedelta(days=rule.days)
