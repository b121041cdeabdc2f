"""What can be damaged, and which commands read it then: the table of targets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz import shipped
from tests.fuzz.limits import Command

HERE_WE_GO = (
    "skip the questions\nmy own massage\nskip the questions\nready\nnext\nwhy\nnext\nstop\n"
)
ANSWERS = "yes\nno\nyes\nskip the questions\nglow\nready\nnext\nstop\n"


@dataclass(frozen=True)
class Target:
    """One kind of file."""

    about: str
    files: Callable[[], shipped.Files]
    """Return the places that can be damaged, each with the contents to begin from."""
    commands: tuple[Command, ...]
    world: Callable[[Path], object] = id
    """Put what the commands need besides into the folder of a run."""
    text: bool = True
    """Whether the files are text, to be damaged in its own ways."""
    large: bool = False
    """Whether only a recipe is kept, since the files are large."""
    needs_model: bool = False


_CLIP = str(shipped.CLIPS[0])
_OUT = ("work/out.wav",)
_PLAY = ("play", "--voice", "silent", "--speaker", "{root}/work/out.wav")
_REHEARSE = ("rehearse", "--by", "voice", "--echo", "off", "--voice", "pyttsx3")
_MEANINGS = ("next step", "a large latte with oat milk", "go to the one thing in 12 minutes")
_TRIAL = 3_000_000_000
"""Bytes. A damaged model may fill the process in which it is tried up to that one's own limit."""
_SOUND = (
    Command(("hear", "{file}")),
    Command((*_PLAY, "--mic", "{file}"), writes=_OUT, share=0.3),
    Command((*_PLAY, "--mic", _CLIP, "--bed", "{file}"), writes=_OUT, share=0.1),
    Command((*_REHEARSE, "--noise", "{file}", "stop.dialogue"), share=0.03),
)

TARGETS: Mapping[str, Target] = {
    "routines": Target(
        "a routine of the user's own",
        shipped.routines,
        (
            Command(("check", "{file}")),
            Command(("list",), statuses=frozenset({0})),
            Command(("show", "mine", "--minutes", "5")),
            Command(("chat",), HERE_WE_GO, statuses=frozenset({0}), share=0.3),
            Command(("understand", "my own massage"), statuses=frozenset({0}), share=0.1),
        ),
    ),
    "techniques": Target(
        "a technique of the user's own, and a routine that uses it",
        shipped.techniques,
        (
            Command(("check", "{file}")),
            Command(("list",), statuses=frozenset({0})),
            Command(("show", "mine", "--json")),
            Command(("chat",), HERE_WE_GO, statuses=frozenset({0}), share=0.3),
        ),
        shipped.routine_with_own_technique,
    ),
    "scripts": Target("a dialogue script", shipped.scripts, (Command(("rehearse", "{file}")),)),
    "sentences": Target(
        "a template file",
        shipped.sentences,
        (
            Command(("understand", "--sentences", "{file}", *_MEANINGS)),
            Command(("understand", "--sentences", "{file}", "--state", "guiding", *_MEANINGS)),
            Command(("hear", "--sentences", "{file}", _CLIP), share=0.1),
        ),
        needs_model=True,
    ),
    "settings": Target(
        "settings.toml",
        shipped.settings,
        (
            Command(("chat",), "puffy eyes\nstop\n", statuses=frozenset({0, 1, 2})),
            Command(("doctor",), statuses=frozenset({0, 1, 2}), share=0.1),
            Command(
                (*_PLAY[:1], *_PLAY[3:], "--mic", _CLIP),
                statuses=frozenset({0, 1, 2}),
                share=0.1,
                writes=_OUT,
            ),
        ),
        needs_model=True,
    ),
    "wav": Target(
        "a recording as WAV",
        shipped.wav,
        _SOUND,
        shipped.script_by_voice,
        text=False,
        needs_model=True,
    ),
    "flac": Target(
        "a recording as FLAC, Ogg or AIFF",
        shipped.flac,
        _SOUND,
        shipped.script_by_voice,
        text=False,
        needs_model=True,
    ),
    "archives": Target(
        "a zip or aar with a speech model",
        shipped.archives,
        (Command(("setup", "--from", "{file}")),),
        shipped.quiet,
        text=False,
    ),
    "model": Target(
        "a file of an unpacked speech model",
        shipped.model,
        (
            Command(("hear", "--model", "{root}/model", _CLIP), peak_bytes=_TRIAL),
            Command(
                ("doctor", "--model", "{root}/model", "--voice", "silent"),
                peak_bytes=_TRIAL,
                share=0.1,
            ),
        ),
        shipped.whole_model,
        text=False,
        large=True,
    ),
    "user": Target(
        "what is kept about the user, caches, and what a killed process left",
        shipped.user,
        (
            Command(("chat",), ANSWERS, statuses=frozenset({0})),
            Command(("profile",), statuses=frozenset({0})),
            Command(("list",), statuses=frozenset({0})),
            Command((*_PLAY, "--mic", _CLIP), writes=_OUT, share=0.1),
            Command(("profile", "--forget")),
        ),
        shipped.user_before,
        needs_model=True,
    ),
}
