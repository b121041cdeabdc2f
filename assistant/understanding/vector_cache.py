"""The vectors of sentences whose meaning is known, kept on disk: making one takes some 7 ms.

Those of the sentences that come with the product come with the model, so that the first start is
quick as well. Others are made once and kept in the cache folder.

Promises: what is read is what would be made, since the files hold digests of the sentences and the
model; a damaged file is replaced; a folder that cannot be written costs time at every start and
nothing else.
"""

import hashlib
import io
import logging
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from assistant.files import read_file, write_whole
from assistant.folders import cache_folder
from assistant.understanding.intent import Intent
from assistant.understanding.neighbors import Neighbor, Neighbors, Vectors
from assistant.understanding.paraphrases import Paraphrases

SHIPPED = "known_sentences.npz"
"""In the folder of the model."""
MOST_BYTES = 64 * 2**20
_DIGEST_BYTES = 32

_log = logging.getLogger(__name__)


class KnownSentences:
    """Sentences whose meaning is known, with which others are compared; made at the first one."""

    def __init__(
        self,
        labeled: Callable[[], Sequence[tuple[str, Intent]]],
        model: Paraphrases,
        path: Path | None = None,
        center_of: "KnownSentences | None" = None,
    ) -> None:
        """`center_of` has more sentences, whose center is a better one than that of a few."""
        self._labeled = labeled
        self._model = model
        self._path = path
        self._center_of = center_of

    def nearest(self, text: str) -> list[Neighbor]:
        """Return the nearest sentence of each meaning, the nearest meaning first."""
        return self._neighbors.nearest(text) if self._neighbors else []

    @cached_property
    def _neighbors(self) -> Neighbors | None:
        labeled = self._labeled()
        if not labeled:
            return None
        vectors = vectors_of([sentence for sentence, _ in labeled], self._model, self._path)
        others = self._center_of and self._center_of._neighbors
        return Neighbors(labeled, vectors, self._model.vector, others.center if others else None)


def vectors_of(sentences: Sequence[str], model: Paraphrases, path: Path | None = None) -> Vectors:
    """Return the vectors of `sentences`, (sentences, width).

    Those that do not come with the model are read from `path`, or made and kept there.
    """
    shipped = _shipped(model)
    others = [sentence for sentence in sentences if _key(sentence) not in shipped]
    made = dict(zip(others, _kept_or_made(others, model, path), strict=True)) if others else {}
    found = [made[one] if one in made else shipped[_key(one)] for one in sentences]
    return np.array(found, np.float32)


def write_shipped(sentences: Sequence[str], model: Paraphrases, folder: Path) -> None:
    """Write the file that comes with `model`, into its folder: half precision is enough."""
    keys = np.array([_key(sentence) for sentence in sentences], np.uint64)
    vectors = np.array([model.vector(sentence) for sentence in sentences], np.float16)
    np.savez(folder / SHIPPED, model=np.array(model.digest), keys=keys, vectors=vectors)


def _shipped(model: Paraphrases) -> dict[int, Vectors]:
    """Return the vectors that come with the model by the keys of their sentences."""
    try:
        with np.load(model.folder / SHIPPED, allow_pickle=False) as file:
            if str(file["model"]) != model.digest:
                return {}
            return dict(zip(file["keys"].tolist(), file["vectors"], strict=True))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}


def _key(sentence: str) -> int:
    return int.from_bytes(hashlib.sha256(sentence.encode()).digest()[:8], "big")


def _kept_or_made(sentences: Sequence[str], model: Paraphrases, path: Path | None) -> Vectors:
    path = path or cache_folder() / "meanings.npy"
    digest = hashlib.sha256(repr((model.digest, tuple(sentences))).encode()).digest()
    kept = _read(path, digest)
    if kept is not None and len(kept) == len(sentences):
        return kept
    made = np.array([model.vector(sentence) for sentence in sentences], np.float32)
    content = io.BytesIO()
    np.save(content, made)
    trouble = write_whole(path, digest + content.getvalue())
    _log.info("vectors of %d sentences made; %s", len(sentences), trouble or f"kept in {path}")
    return made


def _read(path: Path, digest: bytes) -> Vectors | None:
    try:
        content = read_file(path, MOST_BYTES)
        if content[:_DIGEST_BYTES] != digest:
            return None
        kept: Vectors = np.load(io.BytesIO(content[_DIGEST_BYTES:]), allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return kept
