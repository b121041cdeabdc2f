"""The command line: the only place that prints or exits.

Machine output is JSON lines on standard output. The conversation, and every remark, is on standard
error. Heavy parts are imported by the commands that need them, so that the light ones are quick.
"""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from assistant import __version__
from assistant.commands import flags
from assistant.errors import MassageError

INTERRUPTED = 130
AddCommand = Callable[[str, Any, str], argparse.ArgumentParser]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit: 0 done, 1 could not, 2 wrong usage, 3 no device, 130 Ctrl-C."""
    signal.signal(signal.SIGTERM, _terminate)
    if sys.stdin is None:  # closed by whoever started us: nobody will type
        sys.stdin = open(os.devnull)  # noqa: PTH123, SIM115 - as long as the process lives
    try:
        options = parser().parse_args(arguments)
        status = options.run(options)
    except MassageError as error:
        print(f"massage: {error}", file=sys.stderr)
        status = error.exit_status
    except KeyboardInterrupt:
        print("massage: stopped.", file=sys.stderr)
        status = INTERRUPTED
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - for the flush at exit
        status = 0
    sys.exit(status)


def _terminate(*_: object) -> NoReturn:
    """Leave as after Ctrl-C, so that the place is kept."""
    sys.exit(128 + signal.SIGTERM)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="massage",
        description="A hands-free voice coach for self facial massage. Without a command: talk.",
    )
    top.add_argument("--version", action="version", version=f"massage-assistant {__version__}")
    flags.session_flags(top)
    top.set_defaults(run=talk)
    commands = top.add_subparsers(title="commands", metavar="")

    def command(name: str, run: Any, about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about)
        added.set_defaults(run=run)
        return added

    _add_conversations(command)
    _add_library(command)
    _add_upkeep(command)
    return top


def _add_conversations(command: AddCommand) -> None:
    flags.session_flags(command("chat", chat, "the same conversation, typed"))

    of_play = command("play", play, "a session with WAV files for microphone and speaker")
    of_play.add_argument("--mic", type=Path, required=True, metavar="IN.wav")
    of_play.add_argument("--speaker", type=Path, required=True, metavar="OUT.wav")
    flags.session_flags(of_play)

    of_demo = command("demo", demo, "a whole session with a simulated user, without any device")
    of_demo.add_argument("--folder", type=Path, default=Path(), help="for demo.wav and demo.jsonl")
    flags.voice_flags(of_demo)
    flags.sound_flags(of_demo)

    of_hear = command("hear", hear, "what is understood in recordings, one JSON line per decision")
    of_hear.add_argument("files", nargs="+", type=Path, metavar="WAV")
    flags.domain_flags(of_hear)
    flags.model_flag(of_hear)

    of_understand = command("understand", understand, "what texts mean, one JSON line each")
    of_understand.add_argument("texts", nargs="*", metavar="TEXT", help="default: standard input")
    flags.domain_flags(of_understand)

    _add_rehearse(command("rehearse", rehearse, "perform dialogue scripts and compare"))


def _add_rehearse(to: argparse.ArgumentParser) -> None:
    to.add_argument("files", nargs="*", type=Path, metavar="FILE.dialogue")
    to.add_argument("--by", choices=("text", "voice"), default="text")
    to.add_argument("--echo", metavar="DB", help="by voice: the coach at the microphone, or off")
    to.add_argument("--noise", type=Path, metavar="FILE", help="by voice: a WAV file, repeated")
    to.add_argument("--snr", metavar="DB", help="by voice: the user against the noise (10)")
    to.add_argument(
        "--record", type=Path, metavar="FILE", help="hold a conversation and write its script"
    )
    to.add_argument("--mic", type=Path, metavar="IN.wav", help="by voice: what --record is to hear")
    flags.voice_flags(to)
    flags.sound_flags(to)


def _add_library(command: AddCommand) -> None:
    of_list = command("list", list_routines, "the routines there are")
    of_list.add_argument("--json", action="store_true", help="one JSON line per routine")

    of_show = command("show", show, "a routine's steps, times and narration")
    of_show.add_argument("routine")
    of_show.add_argument("--minutes", type=float)
    of_show.add_argument("--without", nargs="+", default=[], metavar="TOOL", help="such as gua-sha")
    of_show.add_argument("--json", action="store_true", help="one JSON line per step")
    of_show.add_argument("--score", type=Path, metavar="FILE.png", help="draw what sounds when")
    of_show.add_argument("--step", type=int, metavar="N", help="of this step, not of the first")
    flags.voice_flag(of_show)

    of_check = command("check", check, "validate routine and technique files")
    of_check.add_argument("files", nargs="+", type=Path, metavar="FILE")

    of_new = command("new", new, "write a routine file of your own to start from")
    of_new.add_argument("name", metavar="NAME", help="such as my-morning")

    of_schema = command("schema", schema, "JSON Schema of content files, for editors")
    of_schema.add_argument(
        "kind", nargs="?", choices=("routine", "technique"), default="routine", help="of what file"
    )

    of_profile = command("profile", profile, "your health answers and what they leave out")
    of_profile.add_argument("--forget", action="store_true", help="delete them")


def _add_upkeep(command: AddCommand) -> None:
    of_setup = command("setup", setup, "fetch the speech model, once")
    of_setup.add_argument("--from", dest="source", type=Path, metavar="FILE", help="a zip or aar")

    of_doctor = command("doctor", doctor, "what works on this computer, and what to do otherwise")
    of_doctor.add_argument("--json", action="store_true", help="one JSON line per finding")
    flags.voice_flags(of_doctor)

    of_voices = command("voices", voices, "the voices there are; try one of them")
    of_voices.add_argument("--json", action="store_true", help="one JSON line per voice")
    of_try = of_voices.add_subparsers(title="commands", metavar="").add_parser(
        "try", help="let a voice say something", description="let a voice say something"
    )
    of_try.add_argument("voice", metavar="NAME", help="of the list, or a Piper voice file")
    of_try.add_argument("--out", type=Path, metavar="FILE.wav", help="write instead of playing")
    flags.pace_flags(of_try)
    of_try.set_defaults(run=try_voice)


def talk(options: argparse.Namespace) -> int:
    """Talk with microphone and speaker where there are any, else type."""
    from assistant.commands import conversation

    _need_model_for_talking(options)
    return conversation.talk(options)


def chat(options: argparse.Namespace) -> int:
    """Type instead of talking."""
    from assistant.commands import conversation

    return conversation.chat(options)


def play(options: argparse.Namespace) -> int:
    """Hold the session with files for devices."""
    from assistant.commands import conversation

    _need_model(options)
    return conversation.play(options)


def demo(options: argparse.Namespace) -> int:
    """Hold a whole session with a simulated user."""
    from assistant.commands import rehearsing

    _need_model(options)
    print("A session with a simulated user, faster than real time:", file=sys.stderr)
    made = rehearsing.demo(options)
    print(
        f"{made.seconds:.0f} seconds of conversation, {made.commands} commands understood: "
        f"{made.recording} (coach left, user right), {made.transcript}",
        file=sys.stderr,
    )
    return 0


def hear(options: argparse.Namespace) -> int:
    """Print what is understood in recordings."""
    from assistant.commands import understanding

    _need_model(options)
    for decision in understanding.hear(options):
        _print_json(decision)
    return 0


def understand(options: argparse.Namespace) -> int:
    """Print what texts mean."""
    from assistant.commands import understanding

    texts = options.texts or (line.rstrip("\r\n") for line in sys.stdin)
    for meaning in understanding.understand(options, texts):
        _print_json(meaning)
    return 0


def rehearse(options: argparse.Namespace) -> int:
    """Perform dialogue scripts and print what differs, or record one."""
    from assistant.commands.rehearsal_flags import check_flags

    check_flags(options)
    from assistant.commands import recording, rehearsing

    if options.by == "voice":
        _need_model(options)
    if options.record:
        recording.record(options)
        print(f"{options.record} is written, and rehearsed by text.", file=sys.stderr)
        return 0
    failed = 0
    for path, failure in rehearsing.rehearse(options):
        print(f"{'failed' if failure else 'ok':6} {path}", file=sys.stderr)
        if failure:
            failed += 1
            print(failure, file=sys.stderr)
    return 1 if failed else 0


def list_routines(options: argparse.Namespace) -> int:
    """Print the routines there are."""
    from assistant.library.library import load_library

    library = load_library()
    for problem in library.doubles:
        print(f"massage: {problem}", file=sys.stderr)
    for entry in library.entries():
        if options.json:
            _print_json(
                {"routine": entry.identifier, "title": entry.title, "summary": entry.summary}
            )
        else:
            print(f"{entry.identifier:20} {entry.summary}")
    return 0


def show(options: argparse.Namespace) -> int:
    """Print a routine's steps, times and narration."""
    from assistant.commands import showing

    plan = showing.planned(options.routine, options.minutes, options.without)
    if options.score or options.step is not None:
        showing.draw_score(plan, options)
    elif options.json:
        for step in showing.as_data(plan):
            _print_json(step)
    else:
        print(showing.as_text(plan))
    return 0


def check(options: argparse.Namespace) -> int:
    """Validate routine and technique files."""
    from assistant.library.check import check_file

    problems = 0
    for path in options.files:
        found = check_file(path)
        problems += len(found)
        print("\n".join(found) if found else f"{path}: good")
    return 1 if problems else 0


def new(options: argparse.Namespace) -> int:
    """Write a starter file."""
    from assistant.commands import authoring

    print(authoring.new(options.name))
    return 0


def schema(options: argparse.Namespace) -> int:
    """Print a JSON Schema."""
    from assistant.commands import authoring

    print(json.dumps(authoring.schema(options.kind), indent=2))
    return 0


def profile(options: argparse.Namespace) -> int:
    """Print the health answers, or delete them."""
    from datetime import date

    from assistant.commands import profile as answers

    if options.forget:
        print(answers.forget())
    else:
        print("\n".join(answers.shown(date.today())))
    return 0


def setup(options: argparse.Namespace) -> int:
    """Fetch the speech model, or take it from a file; do what makes the first start quick."""
    from assistant.commands.first_start import prepare_first_start
    from assistant.screen.progress import download_progress
    from assistant.speech_model.fetch import fetch_model

    with download_progress("Speech model") as progress:
        folder = fetch_model(options.source, progress)
    print(f"The speech model is in {folder}.", file=sys.stderr)
    prepare_first_start()
    return 0


def doctor(options: argparse.Namespace) -> int:
    """Print what works and what does not."""
    from assistant.commands import examining

    sound = True
    for finding in examining.examine(options):
        sound = sound and finding.good
        if options.json:
            _print_json({"part": finding.part, "good": finding.good, "text": finding.text})
        else:
            print(f"{'works' if finding.good else 'lacks'}  {finding.part}: {finding.text}")
    return 0 if sound else 1


def voices(options: argparse.Namespace) -> int:
    """Print the voices there are."""
    from assistant.commands import voices as installed

    for trouble in (found := installed.installed()).troubles:
        print(f"massage: {trouble}", file=sys.stderr)
    for voice in found.voices:
        if options.json:
            _print_json(installed.as_data(voice))
        else:
            print(f"{voice.name:20} {voice.engine:8} {voice.language:14} {voice.title}")
    return 0 if found.voices else 1


def try_voice(options: argparse.Namespace) -> int:
    """Let a voice say something, to hear or to write."""
    from assistant.commands import voices as installed

    installed.try_voice(options)
    if options.out:
        print(f"{options.out} is written.", file=sys.stderr)
    return 0


def _need_model_for_talking(options: argparse.Namespace) -> None:
    from assistant.audio.sound_card import probe

    if probe().microphone:
        _need_model(options)


def _need_model(options: argparse.Namespace) -> None:
    """Fetch the speech model if there is none and none was named, after telling the size."""
    from assistant.config import load_settings
    from assistant.errors import ModelError
    from assistant.speech_model.store import MODEL_VARIABLE, find_model, speech_model

    named = load_settings(vars(options)).model
    try:
        find_model(Path(named) if named else None)
    except ModelError:
        if named or os.environ.get(MODEL_VARIABLE):
            raise
        megabytes = speech_model().size / 1e6
        print(
            f"The speech model is fetched once, {megabytes:.0f} MB; after that, no network.",
            file=sys.stderr,
        )
        setup(argparse.Namespace(source=None))


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)
