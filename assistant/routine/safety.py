"""What to do when the user says that something is wrong: the file `safety.yaml`.

Every symptom leads to words. One that is not known is treated as pain, which stops the hands.
"""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from assistant.routine.schema import ContentModel, Speech

TierName = Literal["emergency", "urgent", "doctor", "rest", "pain"]


class TierWords(ContentModel):
    """How serious it is, in the file."""

    ends: bool = Field(description="true if it ends the massage for today")
    say: tuple[Speech, ...] = Field(min_length=2, max_length=4, description="short sentences")


class Symptom(ContentModel):
    """What the user feels, in the file."""

    tier: TierName = Field(description="how serious it is")
    say: tuple[Speech, ...] = Field(
        default=(), max_length=4, description="its own words instead of those of the tier"
    )


@dataclass(frozen=True, slots=True)
class Tier:
    """What to do now."""

    name: TierName
    say: tuple[str, ...]
    """Sentences to say at once."""
    ends: bool
    """Whether the massage is over for today."""


class Safety(ContentModel):
    """All symptoms and what to do about them."""

    tiers: dict[TierName, TierWords]
    symptoms: dict[str, Symptom]

    def tier(self, symptom: str) -> Tier:
        """Return what to do about `symptom`; about an unknown one, what to do about pain."""
        known = self.symptoms.get(symptom, Symptom(tier="pain"))
        words = self.tiers[known.tier]
        return Tier(known.tier, known.say or words.say, words.ends)
