from __future__ import annotations

import hashlib
import http.server
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from limner.corpus import catalogue as catalogue_module
from limner.corpus import download
from limner.corpus.catalogue import CatalogueEntry
from limner.corpus.download import default_cache, get
from limner.errors import DataError, LimnerError

LIMIT_S = 10


class Server(http.server.ThreadingHTTPServer):
    """Serves one file, in the manner that a test asks for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = b""
        self.requests: list[str | None] = []  # the Range of each
        self.cuts: list[int] = []  # bytes after which the next answers break off
        self.ranges = True
        self.length = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/a%20b.npz"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.server.requests.append(wanted)
        if self.path != "/a%20b.npz":
            self.send_error(404)
            return
        begin = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.server.ranges else 0
        if begin >= len(self.server.content):
            self.send_error(416)
            return
        body = self.server.content[begin:]
        self.send_response(206 if begin else 200)
        if self.server.length:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        cut = self.server.cuts.pop(0) if self.server.cuts else len(body)
        self.wfile.write(body[:cut])

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.delenv("LIMNER_DATA", raising=False)
    monkeypatch.setattr(download, "PAUSE_S", 0.0)
    monkeypatch.setattr(download, "TIMEOUT_S", LIMIT_S)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join(LIMIT_S)


@pytest.fixture
def entry(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CatalogueEntry:
    """Publish a dataset of 300 kB under the name ``toys``."""
    np.savez(tmp_path / "published.npz", train=np.random.default_rng(0).random((1, 12_500, 3)))
    server.content = (tmp_path / "published.npz").read_bytes()
    digest = hashlib.sha256(server.content).hexdigest()
    toys = CatalogueEntry(
        "toys", server.url, "toys/a b.npz", "MIT", "Nobody", "Toys", digest, len(server.content)
    )
    publish(monkeypatch, toys)
    return toys


def publish(monkeypatch: pytest.MonkeyPatch, entry: CatalogueEntry) -> None:
    monkeypatch.setattr(catalogue_module, "catalogue", lambda: {entry.name: entry})


def test_a_file_is_fetched_once(server: Server, entry: CatalogueEntry, tmp_path: Path) -> None:
    calls: list[tuple[int, int | None]] = []
    path = get("toys", cache_dir=tmp_path / "cache", progress=lambda *call: calls.append(call))
    assert path == tmp_path / "cache" / entry.file
    assert path.read_bytes() == server.content
    assert calls[-1] == (len(server.content), len(server.content))
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)
    assert get("toys", cache_dir=tmp_path / "cache") == path
    assert server.requests == [None]
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_file_that_is_wrong_in_the_cache_is_fetched_again(
    server: Server, entry: CatalogueEntry, tmp_path: Path
) -> None:
    (tmp_path / "toys").mkdir()
    (tmp_path / entry.file).write_bytes(b"half a file")
    assert get("toys", cache_dir=tmp_path).read_bytes() == server.content


@pytest.mark.usefixtures("entry")
def test_a_broken_transfer_goes_on(server: Server, tmp_path: Path) -> None:
    server.cuts = [100_000, 50_000]
    path = get("toys", cache_dir=tmp_path / "cache")
    assert path.read_bytes() == server.content
    assert server.requests == [None, "bytes=100000-", "bytes=150000-"]


@pytest.mark.usefixtures("entry")
def test_after_some_attempts_what_came_is_kept_for_the_next_call(server: Server, tmp_path: Path) -> None:
    server.cuts = [1000] * download.ATTEMPTS
    with pytest.raises(LimnerError, match=r"Cannot fetch all of .*4,000 of .* bytes\. Try again"):
        get("toys", cache_dir=tmp_path / "cache")
    assert len(server.requests) == download.ATTEMPTS
    assert [file.name for file in (tmp_path / "cache" / "toys").iterdir()] == ["a b.npz.part"]
    assert get("toys", cache_dir=tmp_path / "cache").read_bytes() == server.content
    assert server.requests[-1] == "bytes=4000-"


@pytest.mark.usefixtures("entry")
def test_a_server_that_ignores_ranges_sends_it_all_again(server: Server, tmp_path: Path) -> None:
    server.ranges = False
    server.cuts = [100_000]
    assert get("toys", cache_dir=tmp_path / "cache").read_bytes() == server.content
    assert server.requests == [None, "bytes=100000-"]


@pytest.mark.usefixtures("entry")
def test_a_server_need_not_tell_the_length(server: Server, tmp_path: Path) -> None:
    server.length = False
    calls: list[tuple[int, int | None]] = []
    get("toys", cache_dir=tmp_path / "cache", progress=lambda *call: calls.append(call))
    assert calls[-1] == (len(server.content), None)


def test_a_part_that_is_complete_is_taken(server: Server, entry: CatalogueEntry, tmp_path: Path) -> None:
    (tmp_path / "toys").mkdir()
    (tmp_path / f"{entry.file}.part").write_bytes(server.content)
    assert get("toys", cache_dir=tmp_path).read_bytes() == server.content
    assert server.requests == [f"bytes={len(server.content)}-"]


@pytest.mark.usefixtures("entry")
def test_other_bytes_are_refused_and_not_kept(server: Server, tmp_path: Path) -> None:
    server.content = server.content[:-1] + b"x"
    with pytest.raises(DataError, match=r"is not the dataset toys: its sha256 is .* Nothing was kept"):
        get("toys", cache_dir=tmp_path / "cache")
    assert list((tmp_path / "cache" / "toys").iterdir()) == []


def test_without_a_known_hash_it_must_at_least_be_an_npz(
    server: Server, entry: CatalogueEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(monkeypatch, replace(entry, sha256=None, size=None))
    good, server.content = server.content, b"<html>Please log in.</html>"
    with pytest.raises(DataError, match=r"not a whole \.npz file"):
        get("toys", cache_dir=tmp_path / "cache")
    server.content = good
    assert get("toys", cache_dir=tmp_path / "cache").read_bytes() == good


def test_a_missing_file_is_told(
    server: Server, entry: CatalogueEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(monkeypatch, replace(entry, url=entry.url.replace("a%20b", "other")))
    with pytest.raises(LimnerError, match="the server answers 404 Not Found"):
        get("toys", cache_dir=tmp_path / "cache")
    assert len(server.requests) == 1
    assert list((tmp_path / "cache" / "toys").iterdir()) == []


def test_no_connection_is_told_at_once(
    server: Server, entry: CatalogueEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server() as closed:
        url = closed.url
    publish(monkeypatch, replace(entry, url=url))
    with pytest.raises(LimnerError, match=r"Cannot fetch http://127.*refused"):
        get("toys", cache_dir=tmp_path / "cache")
    assert server.requests == []


@pytest.mark.usefixtures("entry")
def test_an_unwritable_cache_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LimnerError, match="Cannot write"):
        get("toys", cache_dir=tmp_path / "file")


@pytest.mark.parametrize("by", ["option", "environment"])
def test_a_mirror_replaces_the_network(
    server: Server, entry: CatalogueEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    (tmp_path / "mirror" / "deep").mkdir(parents=True)
    (tmp_path / "mirror" / "a b.npz").write_bytes(b"another file of that name")
    (tmp_path / "mirror" / "deep" / "a b.npz").write_bytes(server.content)
    if by == "environment":
        monkeypatch.setenv("LIMNER_DATA", str(tmp_path / "mirror"))
    mirror = tmp_path / "mirror" if by == "option" else None
    path = get("toys", cache_dir=tmp_path / "cache", mirror=mirror)
    assert path == tmp_path / "cache" / entry.file
    assert path.read_bytes() == server.content
    assert server.requests == []


@pytest.mark.usefixtures("entry")
def test_a_wrong_copy_in_a_mirror_is_refused(server: Server, tmp_path: Path) -> None:
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "a b.npz").write_bytes(server.content[:-1])
    with pytest.raises(DataError, match=r"mirror/a b\.npz is not the dataset toys"):
        get("toys", cache_dir=tmp_path / "cache", mirror=tmp_path / "mirror")
    assert not (tmp_path / "cache" / "toys" / "a b.npz").exists()
    assert server.requests == []


@pytest.mark.usefixtures("entry")
def test_a_mirror_without_the_file_is_passed_over(server: Server, tmp_path: Path) -> None:
    (tmp_path / "mirror").mkdir()
    get("toys", cache_dir=tmp_path / "cache", mirror=tmp_path / "mirror")
    assert server.requests == [None]
    with pytest.raises(LimnerError, match=r"mirror .* is not a folder"):
        get("toys", cache_dir=tmp_path / "other", mirror=tmp_path / "nowhere")


def test_the_data_folder_is_a_mirror(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIMNER_DATA", str(data_dir))
    for name, file in (("sheep", "aaron_sheep"), ("kanji", "short_kanji"), ("omniglot", "omniglot")):
        path = get(name, cache_dir=tmp_path)
        assert path.read_bytes() == (data_dir / "stroke3" / f"{file}.npz").read_bytes()


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="did you mean sheep"):
        get("sheeep", cache_dir=tmp_path)


def test_files_are_kept_in_the_users_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache().name == "data"
    assert "limner" in default_cache().parts


def test_two_processes_at_once_download_a_file_once(
    server: Server, entry: CatalogueEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one waits for the first, whose answer waits until both have begun."""
    both_began = threading.Barrier(2, timeout=LIMIT_S)
    find_copy = download._find_copy

    def wait_for_the_other(*args: Any) -> Path | None:
        both_began.wait()
        return find_copy(*args)

    monkeypatch.setattr(download, "_find_copy", wait_for_the_other)
    with ThreadPoolExecutor(2) as threads:
        paths = list(threads.map(lambda _: get("toys", cache_dir=tmp_path / "cache"), range(2)))
    assert paths == [tmp_path / "cache" / entry.file] * 2
    assert paths[0].read_bytes() == server.content
    assert server.requests == [None]


@pytest.mark.usefixtures("entry")
def test_the_second_resumes_where_the_first_failed(server: Server, tmp_path: Path) -> None:
    """Both fail after some attempts, one after the other, and neither loses what the other received."""
    server.cuts = [1000] * (2 * download.ATTEMPTS)

    def attempt(_: int) -> str:
        with pytest.raises(LimnerError) as caught:
            get("toys", cache_dir=tmp_path / "cache")
        return str(caught.value)

    with ThreadPoolExecutor(2) as threads:
        errors = list(threads.map(attempt, range(2)))
    assert all("Cannot fetch all of" in error for error in errors)
    received = [0, *range(1000, 2 * download.ATTEMPTS * 1000, 1000)]
    assert server.requests == [f"bytes={n}-" if n else None for n in received]
