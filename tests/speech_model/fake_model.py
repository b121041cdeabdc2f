"""An archive that looks like a speech model and holds nothing, for the tests."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from assistant.errors import ModelError

FST = bytes.fromhex("d6fdb27e")
PARTS = {
    "am/final.mdl": b"\0B<TransitionModel> ",
    "conf/model.conf": b"--beam=10.0\n",
    "conf/mfcc.conf": b"--sample-frequency=16000\n",
    "graph/Gr.fst": FST
    + os.urandom(200_000),  # does not compress, so a download can stop inside it
    "graph/HCLr.fst": FST,
    "graph/phones/word_boundary.int": b"1 nonword\n",
}


def archive(parts: dict[str, bytes], root: str = "model/") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(root + name, content)
    return packed.getvalue()


GOOD = archive(PARTS)


def quiet(_here: int, _wanted: int) -> None:
    pass


def works(_folder: Path) -> None:
    """A trial load that finds nothing wrong."""


def sole_sentence(error: pytest.ExceptionInfo[ModelError]) -> str:
    text = str(error.value)
    assert "\n" not in text
    assert text.endswith(".")
    return text
