"""`massage profile`: your health answers in words, with what they leave out; and deleting them."""

import argparse
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from assistant.commands.contract import Output
from assistant.commands.options import add_shared

if TYPE_CHECKING:
    from assistant.routine.health import Health, Profile

ABOUT = "show your health answers and what they leave out"


@dataclass(frozen=True)
class Options:
    """Options of `massage profile`."""

    forget: bool = False


def add_arguments(to: argparse.ArgumentParser) -> None:
    """Add whether to delete them."""
    to.add_argument("--forget", action="store_true", help="delete them")
    add_shared(to)


def run(options: Options, out: Output) -> int:
    """Print the answers, or delete them. Raises ProfileError when they cannot be deleted."""
    for line in [forget()] if options.forget else shown(date.today()):
        out.line(line)
    return 0


def shown(today: date) -> Iterator[str]:
    """Yield the lines that say what is kept, and where."""
    from assistant.files import aside_of
    from assistant.folders import data_folder
    from assistant.history.user_store import UserStore
    from assistant.library.shipped import load_health

    health = load_health()
    store = UserStore(data_folder(), health)
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
    from assistant.folders import data_folder
    from assistant.history.user_store import UserStore
    from assistant.library.shipped import load_health
    from assistant.speaking.clip_cache import default_folder

    # Rendered sentences may name an answer, and their files do not tell which.
    shutil.rmtree(default_folder(), ignore_errors=True)
    if UserStore(data_folder(), load_health()).forget_profile():
        return "Your health answers are deleted, and your place, whose plan followed them."
    return "There were no health answers to delete."


def _answers(health: "Health", profile: "Profile", today: date) -> Iterator[str]:
    again = ", to be asked again" if health.due(profile, today) else ""
    yield f"Answered on {profile.screened.isoformat()}{again}:"
    if not profile.answers:
        yield "  nothing to consider"
    for name, when in profile.answers.items():
        dated = f" ({when.isoformat()})" if when else ""
        yield f"  {health.conditions[name].spoken}{dated}"
        said = [restriction.say for restriction in health.restrictions({name: when}, today).parts]
        yield from (f"    {say}" for say in said or ["The wait is over: nothing is left out."])
