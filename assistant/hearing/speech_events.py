"""What hearing reports: that somebody speaks, and what they said."""

from dataclasses import dataclass

from assistant.hearing.recognizer import Word


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Somebody started to speak, so the narration should duck. Seconds of audio so far."""

    at: float


@dataclass(frozen=True, slots=True)
class SpeechAbandoned:
    """What had started was not an utterance. Seconds of audio so far."""

    at: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """What the user said; times in seconds of audio since the session began."""

    text: str
    """A sentence of the grammar, or else the text of the open decode; "" when neither is clear."""
    words: tuple[Word, ...]
    """All of the grammar decode, unknown ones included."""
    start: float
    end: float
    decided: float
    """When the utterance was over and its text decided."""
    noisy: bool = False
    """Whether there was so much noise that it may have been misheard."""
    doubtful: bool = False
    """Whether it may have been the coach's own voice, whose echo is not known yet."""
    late: float = 0.0
    """Seconds of audio that were waiting to be heard when it was decided."""


SpeechEvent = SpeechStarted | SpeechAbandoned | Utterance
