"""The vectors of sentences whose meaning is known, kept on disk: making them takes a second.

Promises: what is read is what would be made, since the file holds a digest of the sentences and the
model; a damaged file is replaced; a folder that cannot be written costs the second at every start
and nothing else.
"""

import hashlib
import io
import logging
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from assistant.files import read_file, write_whole
from assistant.folders import cache_folder
from assistant.understanding.intent import Intent
from assistant.understanding.neighbors import Neighbor, Neighbors, Vectors
from assistant.understanding.paraphrases import Paraphrases

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
    """Return the vectors of `sentences`, (sentences, width): read from `path`, or made and kept."""
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
