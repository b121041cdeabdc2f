"""The built wheel and sdist: what is in them, and that the wheel works away from the checkout."""

import json
import os
import site
import subprocess
import sys
import tarfile
import venv
import wave
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
PARAPHRASES = "assistant/understanding/model"


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command and return its standard output; fail with what it said if it fails."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the sdist and the wheel (which is made from the sdist)."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, CHECKOUT, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def massage(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of the wheel in a virtual environment of its own.

    What it depends on comes from the environment of the tests, which is much quicker than pip.
    """
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder, with_pip=False)
    bin_folder = folder / ("Scripts" if os.name == "nt" else "bin")
    [wheel] = built.glob("*.whl")
    run(
        *(sys.executable, "-m", "pip", "--python", bin_folder / "python", "install", "--quiet"),
        *("--no-deps", "--no-index", "--disable-pip-version-check", wheel),
        cwd=folder,
    )
    return bin_folder / "massage"


@pytest.fixture
def dependencies() -> str:
    return os.pathsep.join(site.getsitepackages())


def test_the_wheel_holds_the_content_and_no_downloaded_model(built: Path) -> None:
    [wheel] = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    shipped = {name.removeprefix("assistant/_data/") for name in names if "/_data/" in name}
    routines = {
        path.relative_to(CHECKOUT).as_posix() for path in CHECKOUT.glob("routines/**/*.yaml")
    }
    assert shipped == {"models/catalog.toml", *routines}
    package = {
        path.relative_to(CHECKOUT).as_posix()
        for path in CHECKOUT.glob("assistant/**/*")
        if path.suffix in {".py", ".yaml", ".dialogue", ".typed"}
    }
    assert package <= set(names)


def test_the_wheel_is_small_but_for_the_model_of_paraphrases(built: Path) -> None:
    [wheel] = built.glob("*.whl")
    entries = zipfile.ZipFile(wheel).infolist()
    model = {e.filename for e in entries if e.filename.startswith(f"{PARAPHRASES}/")}
    names = ("card.json", "known_sentences.npz", "vocabulary.txt", "weights.safetensors")
    assert model == {f"{PARAPHRASES}/{name}" for name in names}
    assert sum(e.file_size for e in entries if e.filename in model) <= 25_000_000
    assert sum(e.compress_size for e in entries if e.filename not in model) < 2_000_000


def test_the_wheel_says_whose_work_it_contains(built: Path) -> None:
    [wheel] = built.glob("*.whl")
    opened = zipfile.ZipFile(wheel)
    [notice] = (name for name in opened.namelist() if name.endswith("/licenses/NOTICE"))
    text = opened.read(notice).decode()
    for work in (f"{PARAPHRASES}/weights.safetensors", "silero_vad.safetensors", "CLINC150"):
        assert work in text


def test_the_sdist_holds_what_a_packager_needs_and_no_downloaded_model(built: Path) -> None:
    [sdist] = built.glob("*.tar.gz")
    with tarfile.open(sdist) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    assert {
        "LICENSE",
        "README.md",
        "SECURITY.md",
        "assistant/py.typed",
        "constraints.txt",
        "script/test",
        "tests/test_wheel.py",
    } <= names
    assert {name for name in names if name.startswith("models/")} == {"models/catalog.toml"}


def test_the_wheel_lists_its_routines_away_from_the_checkout(
    massage: Path, dependencies: str, tmp_path: Path
) -> None:
    listed = run(massage, "list", cwd=tmp_path, PYTHONPATH=dependencies)
    assert "puffy-eyes" in listed


def test_the_wheel_demonstrates_a_whole_session_away_from_the_checkout(
    massage: Path, dependencies: str, model_path: Path, tmp_path: Path
) -> None:
    model = "--model", str(model_path)
    run(massage, "demo", "--folder", tmp_path, *model, cwd=tmp_path, PYTHONPATH=dependencies)
    with wave.open(str(tmp_path / "demo.wav")) as recording:
        assert recording.getnchannels() == 2
        assert recording.getnframes() / recording.getframerate() > 60
    lines = (tmp_path / "demo.jsonl").read_text(encoding="utf-8").splitlines()
    assert all(json.loads(line) for line in lines)
    assert len(lines) > 20
