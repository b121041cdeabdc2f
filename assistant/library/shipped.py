"""Reads the content files that come with the product and of which there is only one.

Each function raises ContentError with the path, the line and the first problem.
"""

from pathlib import Path

from assistant import dialogue
from assistant._resources import resource
from assistant.content.validation import load
from assistant.dialogue.replies import Replies, ReplyFile
from assistant.routine.concerns import Concerns
from assistant.routine.health import Health
from assistant.routine.knowledge import Knowledge
from assistant.routine.narration_schema import NarrationTemplates
from assistant.routine.safety import Safety
from assistant.routine.schema import Sources

REPLIES = Path(dialogue.__file__).with_name("replies") / "en.yaml"


def load_replies(path: Path = REPLIES) -> Replies:
    """Read what the coach says apart from the massage itself."""
    return Replies(load(path, ReplyFile).root)


def load_health() -> Health:
    """Read the health questions and what each answer leaves out."""
    return load(resource("routines") / "health.yaml", Health)


def load_concerns() -> Concerns:
    """Read what people want to do something about, and which routine is for it."""
    return load(resource("routines") / "concerns.yaml", Concerns)


def load_knowledge() -> Knowledge:
    """Read the questions about massage in general and their answers."""
    return load(resource("routines") / "knowledge.yaml", Knowledge)


def load_safety() -> Safety:
    """Read what to do about symptoms."""
    return load(resource("routines") / "safety.yaml", Safety)


def load_narration() -> NarrationTemplates:
    """Read the templates from which narration is composed."""
    return load(resource("routines") / "narration.yaml", NarrationTemplates)


def load_sources() -> Sources:
    """Read the sources that content may cite."""
    return load(resource("routines") / "sources.yaml", Sources)
