"""Fetching the speech model over a network that fails in many ways."""

import hashlib
import re
import stat
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.errors import ModelError
from assistant.speech_model.fetch import fetch_model
from assistant.speech_model.store import (
    ModelSource,
    SpeechModel,
    fault,
)
from tests.speech_model.fake_model import GOOD, PARTS, archive, quiet, sole_sentence, works


class Server(ThreadingHTTPServer):
    """A publisher's server that can be made to misbehave."""

    content = GOOD
    ranges = True
    break_off_after: int | None = None
    missing = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/model.zip"


class Answer(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        server, asked = self.server, self.headers["Range"]
        server.asked.append(asked)
        start = int(re.findall(r"\d+", asked)[0]) if asked and server.ranges else 0
        body = server.content[start:]
        if server.missing:
            self.send_error(404)
            return
        if not body:
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: server.break_off_after])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def model(*sources: ModelSource) -> SpeechModel:
    return SpeechModel("small", "Apache-2.0", sources)


def at(url: str, content: bytes = GOOD) -> ModelSource:
    return ModelSource(len(content), hashlib.sha256(content).hexdigest(), url=url)


AAR = archive(PARTS, "assets/model-en-us/")
MAVEN = replace(at("", AAR), url=None, artifact="org.example:model:1:aar")
UNREACHABLE = at("http://127.0.0.1:9/model.zip")


def fake_maven(folder: Path, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put only one program on the path: `mvn`, which runs `body` as Python."""
    folder.mkdir()
    program = folder / "mvn"
    program.write_text(f"#!{sys.executable}\nimport sys\nfrom pathlib import Path\n{body}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder))


class TestDownloading:
    def test_a_download_ends_as_a_model_and_leaves_no_archive(
        self, server: Server, place: Path
    ) -> None:
        shown: list[tuple[int, int]] = []

        def progress(here: int, wanted: int) -> None:
            shown.append((here, wanted))

        assert (
            fetch_model(None, progress, model=model(at(server.url)), trial=works, destination=place)
            == place
        )
        assert fault(place) is None
        assert shown == sorted(shown)
        assert (shown[0], shown[-1]) == ((0, len(GOOD)), (len(GOOD), len(GOOD)))
        assert not list(place.parent.rglob("*.part"))

    def test_an_interrupted_download_continues_where_it_stopped(
        self, server: Server, place: Path
    ) -> None:
        server.break_off_after = 100_000
        with pytest.raises(ModelError, match="stopped sending") as error:
            fetch_model(None, quiet, model=model(at(server.url)), trial=works, destination=place)
        sole_sentence(error)
        assert not place.exists()

        server.break_off_after = None
        fetch_model(None, quiet, model=model(at(server.url)), trial=works, destination=place)
        assert fault(place) is None
        assert server.asked == [None, "bytes=100000-"]

    def test_without_range_requests_the_download_starts_over(
        self, server: Server, place: Path
    ) -> None:
        server.break_off_after, server.ranges = 100_000, False
        with pytest.raises(ModelError):
            fetch_model(None, quiet, model=model(at(server.url)), trial=works, destination=place)
        server.break_off_after = None
        fetch_model(None, quiet, model=model(at(server.url)), trial=works, destination=place)
        assert fault(place) is None

    def test_a_server_that_refuses_the_range_is_asked_for_everything(
        self, server: Server, place: Path
    ) -> None:
        source = at(server.url)
        work = place.parent / ".fetching"
        work.mkdir(parents=True)
        (work / f"{source.sha256[:16]}.part").write_bytes(GOOD[:-1])
        server.content = GOOD[:-1]
        with pytest.raises(ModelError, match="stopped sending"):
            fetch_model(None, quiet, model=model(source), trial=works, destination=place)
        assert server.asked == [f"bytes={len(GOOD) - 1}-", None]

    @pytest.mark.parametrize(
        "wrong", [GOOD[:-1] + b"?", b"<html>Log in to the hotel</html>" * 9999]
    )
    def test_something_other_than_the_model_is_deleted(
        self, server: Server, place: Path, wrong: bytes
    ) -> None:
        server.content = wrong
        with pytest.raises(ModelError, match="sent something other than the model"):
            fetch_model(None, quiet, model=model(at(server.url)), trial=works, destination=place)
        assert not list(place.parent.rglob("*.part"))
        assert not place.exists()

    def test_a_missing_file_is_named(self, server: Server, place: Path) -> None:
        server.missing = True
        with pytest.raises(ModelError, match="answered 404"):
            fetch_model(None, quiet, model=model(at(server.url)), trial=works, destination=place)

    def test_a_model_in_place_is_not_fetched_again(self, server: Server, old_model: Path) -> None:
        fetch_model(None, quiet, model=model(at(server.url)), trial=works, destination=old_model)
        assert server.asked == []

    def test_two_at_once_fetch_it_once(self, server: Server, place: Path) -> None:
        def fetch(_: int) -> Path:
            return fetch_model(
                None, quiet, model=model(at(server.url)), trial=works, destination=place
            )

        with ThreadPoolExecutor(2) as both:
            assert list(both.map(fetch, range(2))) == [place, place]
        assert server.asked == [None]
        assert fault(place) is None

    def test_maven_is_the_second_source(
        self, tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "there.aar").write_bytes(AAR)
        fake_maven(
            tmp_path / "bin",
            "folder = Path(sys.argv[-1].removeprefix('-DoutputDirectory='))\n"
            "folder.mkdir()\n"
            f"(folder / 'm.aar').write_bytes(Path({str(tmp_path / 'there.aar')!r}).read_bytes())",
            monkeypatch,
        )
        fetch_model(None, quiet, model=model(UNREACHABLE, MAVEN), trial=works, destination=place)
        assert fault(place) is None
        assert sorted(p.name for p in (place.parent / ".fetching").iterdir()) == ["lock"]

    @pytest.mark.parametrize(
        ("body", "reason"),
        [("sys.exit(1)", "Maven could not fetch it"), ("sys.exit(0)", "Maven downloaded no file")],
    )
    def test_no_network_gives_one_sentence_with_both_reasons_and_what_to_do(
        self,
        tmp_path: Path,
        place: Path,
        monkeypatch: pytest.MonkeyPatch,
        body: str,
        reason: str,
    ) -> None:
        fake_maven(tmp_path / "bin", body, monkeypatch)
        with pytest.raises(ModelError) as error:
            fetch_model(
                None, quiet, model=model(UNREACHABLE, MAVEN), trial=works, destination=place
            )
        text = sole_sentence(error)
        assert f"127.0.0.1 cannot be reached; {reason}" in text
        assert "`massage setup --from FILE`" in text
        assert not place.exists()

    def test_without_maven_it_says_so(
        self, place: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(ModelError, match="Maven is not installed"):
            fetch_model(
                None, quiet, model=model(UNREACHABLE, MAVEN), trial=works, destination=place
            )
