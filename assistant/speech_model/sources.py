"""The two ways to get a model's archive: over HTTPS from its publisher, or with Maven.

Both verify size and SHA-256 before they return. They raise ModelError with a clause instead of a
sentence, to be joined with the failures of other sources, and OSError only for errors of the disk.
"""

import hashlib
import logging
import shutil
import subprocess
from collections.abc import Callable, Iterator
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from assistant.errors import ModelError
from assistant.speech_model.store import ModelSource

SILENCE_SECONDS = 6.0
"""For which a server may stay silent, before it answers and between two pieces."""
MAVEN_SECONDS = 300.0
_PIECE = 1 << 16  # bytes

_log = logging.getLogger(__name__)


def download(source: ModelSource, part: Path, progress: Callable[[int, int], None]) -> None:
    """Download `source.url` to the file `part`, continuing after what is already in it.

    After an interruption `part` stays for the next time. If its content is wrong, it is removed.
    """
    assert source.url is not None
    host = urlsplit(source.url).hostname or source.url
    here = part.stat().st_size if part.exists() else 0
    if here < source.size:
        _log.info("%s: %d of %d bytes are here already", host, here, source.size)
        with _open(source.url, host, here) as response:
            # A server without range requests sends everything, so the file starts over.
            here = here if response.status == HTTPStatus.PARTIAL_CONTENT else 0
            with part.open("r+b" if here else "wb") as file:
                file.seek(here)
                progress(here, source.size)
                for piece in _pieces(response, host):
                    file.write(piece)
                    here += len(piece)
                    progress(min(here, source.size), source.size)
                    if here > source.size:
                        break
        if here < source.size:
            raise ModelError(f"{host} stopped sending after {here:,} of {source.size:,} bytes")
    _verify(source, part, host)


def from_maven(source: ModelSource, archive: Path, progress: Callable[[int, int], None]) -> None:
    """Download `source.artifact` to the file `archive`, if Maven is installed."""
    assert source.artifact is not None
    maven = shutil.which("mvn")
    if maven is None:
        raise ModelError("Maven is not installed")
    progress(0, source.size)
    folder = archive.with_suffix(".maven")
    command = [maven, "-q", "-B", "dependency:copy", f"-Dartifact={source.artifact}"]
    try:
        subprocess.run(  # noqa: S603 (fixed arguments; the artifact is the catalog's)
            [*command, f"-DoutputDirectory={folder.resolve()}"],
            cwd=archive.parent,  # where there is no pom.xml of the user's
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=MAVEN_SECONDS,
            check=True,
        )
        copied = next(folder.glob("*.aar"), None)
        if copied is None:
            raise ModelError("Maven downloaded no file")
        copied.replace(archive)
    except subprocess.TimeoutExpired as error:
        raise ModelError(f"Maven took longer than {MAVEN_SECONDS:.0f} s") from error
    except subprocess.CalledProcessError as error:
        raise ModelError("Maven could not fetch it either") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _verify(source, archive, "Maven")
    progress(source.size, source.size)


def _open(url: str, host: str, start: int) -> HTTPResponse:
    headers = {"User-Agent": "massage-assistant"}
    if start:
        headers["Range"] = f"bytes={start}-"
    try:
        response: HTTPResponse = urlopen(  # noqa: S310 (the catalog's own https address)
            Request(url, headers=headers),  # noqa: S310
            timeout=SILENCE_SECONDS,
        )
    except HTTPError as error:
        error.close()
        if start and error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return _open(url, host, 0)
        raise ModelError(f"{host} answered {error.code} {error.reason}") from error
    except (OSError, HTTPException) as error:
        raise ModelError(f"{host} cannot be reached") from error
    return response


def _pieces(response: HTTPResponse, host: str) -> Iterator[bytes]:
    try:
        while piece := response.read(_PIECE):
            yield piece
    except (OSError, HTTPException) as error:
        raise ModelError(f"{host} stopped sending in the middle") from error


def _verify(source: ModelSource, archive: Path, sender: str) -> None:
    with archive.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = archive.stat().st_size
    if size != source.size or digest != source.sha256:
        archive.unlink()
        raise ModelError(f"{sender} sent something other than the model ({size:,} bytes)")
    _log.info("verified %d bytes from %s, SHA-256 %s", size, sender, digest)
