"""What is damaged: shipped files, as contents to begin from, and the world that they stand in."""

import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.fuzz.limits import ROOT, Command, new_folder, remove_folder, run

Files = Mapping[str, Sequence[bytes]]
"""Places below the folder of a run, each with the contents to begin from."""

CONFIG, DATA, CACHE = (f"{kind}/massage-assistant" for kind in ("config", "data", "cache"))
CLIPS = sorted((ROOT / "tests" / "audio_clips" / "stop").glob("*.flac"))


def _own(content: str) -> bytes:
    """Let a shipped routine be asked for by words of its own."""
    return re.sub(
        r"heard_as:(\n  - .*)+", 'heard_as: [my own massage, "[the] (own|test) massage"]', content
    ).encode()


def _starter() -> str:
    from assistant.library.starter import STARTER

    return STARTER.format(title="Mine", words="my own massage", name="mine", path="mine.yaml")


def routines() -> Files:
    shipped = [p.read_text("utf-8") for p in sorted((ROOT / "routines").glob("*.yaml"))]
    found = [_own(text) for text in shipped if "\nsteps:" in text]
    return {f"{CONFIG}/routines/mine.yaml": [_starter().encode(), *found]}


def techniques() -> Files:
    paths = sorted((ROOT / "routines" / "techniques").glob("*.yaml"))
    place = f"{CONFIG}/routines/techniques/my-strokes.yaml"
    return {place: [path.read_bytes() for path in paths]}


def routine_with_own_technique(root: Path) -> None:
    path = root / CONFIG / "routines" / "mine.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_starter().replace("use: cheek-drain", "use: my-strokes"), "utf-8")


def scripts() -> Files:
    paths = sorted((ROOT / "tests" / "dialogues").rglob("*.dialogue"))
    return {"work/odd.dialogue": [path.read_bytes() for path in paths]}


def sentences() -> Files:
    """Give each shipped file the shared one's lists and rules: alone, it would be refused."""
    import yaml

    folder = ROOT / "assistant" / "understanding" / "sentences" / "en"
    common = yaml.safe_load((folder / "_common.yaml").read_text("utf-8"))
    given = {name: {"values": ["one thing"]} for name in ("routine", "topic", "condition")}
    contents = [(ROOT / "tests" / "understanding" / "coffee.yaml").read_bytes()]
    for path in sorted(folder.glob("[a-z]*.yaml")):
        read = yaml.safe_load(path.read_text("utf-8"))
        for part in ("lists", "expansion_rules"):
            read[part] = {**common.get(part, {}), **read.get(part, {})}
        read["lists"] |= given
        contents.append(yaml.safe_dump({**common, **read}, sort_keys=False, width=100).encode())
    return {"work/odd.yaml": contents}


def settings() -> Files:
    one = 'voice = "silent"\nrate = 0.9\nvolume = 1.5\nattention = "coach"\n'
    two = "bed = '/path/to/sea.wav'\nmodel = \"/path/to/model\"\n"
    return {f"{CONFIG}/settings.toml": [one.encode(), (one + two).encode(), two.encode()]}


def _sounds(*forms: tuple[str, str]) -> Sequence[bytes]:
    """Return short recordings in these forms of libsndfile: format and subtype."""
    import soundfile

    samples, rate = soundfile.read(CLIPS[0])
    found = []
    for form, subtype in forms:
        packed = io.BytesIO()
        soundfile.write(packed, samples, rate, format=form, subtype=subtype)
        found.append(packed.getvalue())
    return found


def wav() -> Files:
    kinds = ("PCM_16", "PCM_U8", "PCM_24", "FLOAT", "DOUBLE", "ALAW", "IMA_ADPCM", "GSM610")
    return {"work/odd.wav": _sounds(*(("WAV", kind) for kind in kinds), ("RF64", "PCM_16"))}


def flac() -> Files:
    flac = [path.read_bytes() for path in CLIPS]
    return {"work/odd.flac": [*flac, *_sounds(("OGG", "VORBIS"), ("AIFF", "PCM_16"))]}


def script_by_voice(root: Path) -> None:
    script = "# Stopping\nby: voice\nyou: stop\ncoach: Goodbye.\n"
    (root / "work").mkdir(exist_ok=True)
    (root / "work" / "stop.dialogue").write_text(script, "utf-8")


def _parts(of_model: Mapping[str, bytes], root: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in of_model.items():
            # A member without a time, since the same seed is to give the same archives.
            archive.writestr(zipfile.ZipInfo(root + name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def archives() -> Files:
    from tests.speech_model.fake_model import FST, PARTS

    small = {**PARTS, "graph/Gr.fst": FST * 100}
    outside = {**small, "../../../../outside": b"x"}
    return {"work/odd.zip": [_parts(small, "m/"), _parts(small, "assets/"), _parts(outside, "")]}


def quiet(root: Path) -> None:
    """Render nothing after a model was unpacked."""
    folder = root / CONFIG
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text('voice = "silent"\n', "utf-8")


@cache
def model_folder() -> Path:
    """Return the speech model that is damaged; a link stands for each file that is not."""
    from assistant.speech_model.store import find_model, speech_model

    in_checkout = ROOT / "models" / speech_model().name
    return (in_checkout if in_checkout.exists() else find_model()).resolve()


def model() -> Files:
    paths = sorted(path for path in model_folder().rglob("*") if path.is_file())
    return {f"model/{path.relative_to(model_folder())}": [path.read_bytes()] for path in paths}


def whole_model(root: Path) -> None:
    for path in model_folder().rglob("*"):
        if path.is_file():
            link = root / "model" / path.relative_to(model_folder())
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path)


@cache
def user() -> Files:
    """Hold a conversation and end it in the middle, for files as a user has them."""
    root = new_folder()
    typed = "glow\nskip the questions\nready\nslower\nnext\nstop\n"
    run(Command(("chat",), typed), root, root, None)
    data = root / DATA
    kept = {path.name: path.read_bytes() for path in data.glob("*.json")}
    remove_folder(root)
    profile = b'{"screened": "2026-11-01", "answers": {"blood_thinners": null}}'
    assert "place.json" in kept
    clip = CLIPS[0].read_bytes()
    return {
        f"{DATA}/place.json": [kept["place.json"]],
        f"{DATA}/profile.json": [kept.get("profile.json", profile), profile],
        f"{DATA}/pace.json": [kept.get("pace.json", b"1")],
        f"{DATA}/profile.json.4242": [profile],
        f"{DATA}/.place.json.abc.unfinished": [kept["place.json"]],
        f"{DATA}/profile.damaged": [profile],
        f"{CACHE}/speech-models.json": [b"{}"],
        f"{CACHE}/phrases.json": [b"0" * 64 + b"\n" + json.dumps({"phrases": ["a"]}).encode()],
        f"{CACHE}/clips/{'0' * 64}.flac": [clip],
    }


def user_before(root: Path) -> None:
    for place, contents in user().items():
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents[0])
