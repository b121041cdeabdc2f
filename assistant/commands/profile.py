"""The health answers in words, with what they leave out; and forgetting them."""

from collections.abc import Iterator
from datetime import date

from assistant.files import aside_of
from assistant.history.user_store import UserStore, default_folder
from assistant.library.shipped import load_health
from assistant.routine.health import Health, Profile


def shown(today: date) -> Iterator[str]:
    """Yield the lines that tell what is kept, and where."""
    health = load_health()
    store = UserStore(default_folder(), health)
    profile, path = store.profile(), store.profile_file
    assert path is not None
    if profile is not None:
        yield from _answers(health, profile, today)
        yield f"Kept in {path}; delete it with: massage profile --forget"
    elif (damaged := aside_of(path)).exists():
        yield f"The health answers could not be read and were set aside as {damaged}."
        yield "Delete them with: massage profile --forget"
    else:
        yield "No health answers are kept. You will be asked before the next massage."


def forget() -> str:
    """Delete what is kept and say so."""
    if UserStore(default_folder(), load_health()).forget_profile():
        return "Your health answers are deleted."
    return "There were no health answers to delete."


def _answers(health: Health, profile: Profile, today: date) -> Iterator[str]:
    again = ", to be asked again" if health.due(profile, today) else ""
    yield f"Answered on {profile.screened.isoformat()}{again}:"
    if not profile.answers:
        yield "  nothing to heed"
    for name, when in profile.answers.items():
        dated = f" ({when.isoformat()})" if when else ""
        yield f"  {health.conditions[name].spoken}{dated}"
        said = [restriction.say for restriction in health.restrictions({name: when}, today).parts]
        yield from (f"    {say}" for say in said or ["The wait is over: nothing is left out."])
