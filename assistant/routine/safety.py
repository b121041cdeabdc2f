"""What to do when the user says that something is wrong: the file `safety.yaml`.

Promises: there are words for every symptom. An unknown one is treated as pain: the hands stop.
"""

from typing import Literal

from pydantic import Field

from assistant.routine.schema import ContentModel, Speech

TierName = Literal["emergency", "urgent", "doctor", "rest", "pain"]


class Tier(ContentModel):
    """What to do about symptoms that are equally serious."""

    ends: bool = Field(description="true if the massage is over for today")
    say: tuple[Speech, ...] = Field(
        min_length=2, max_length=4, description="short sentences, said at once"
    )


class Symptom(ContentModel):
    """Something that the user may feel."""

    tier: TierName = Field(description="how serious it is")
    say: tuple[Speech, ...] = Field(
        default=(), max_length=4, description="sentences of its own, instead of the tier's"
    )


class Safety(ContentModel):
    """All symptoms, and what to do about them."""

    tiers: dict[TierName, Tier]
    symptoms: dict[str, Symptom]

    def tier(self, symptom: str) -> Tier:
        """Return what to do about `symptom`, with its own words if it has any."""
        known = self.symptoms.get(symptom, Symptom(tier="pain"))
        tier = self.tiers[known.tier]
        return tier.model_copy(update={"say": known.say}) if known.say else tier
