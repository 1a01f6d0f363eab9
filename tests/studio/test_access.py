"""The guard: foreign hosts and origins, strangers, oversized bodies, paths that lead out; one test each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient
from starlette.types import Message
from starlette.websockets import WebSocketDisconnect
from tests.studio.loops import finished

from limner.studio.access import HEADERS, AccessMiddleware, AccessPolicy
from limner.studio.app import create_app
from limner.studio.context import StudioContext
from limner.studio.limits import Limits

HERE, THERE = "ws://localhost:8700/api/draw", "ws://studio.lan:8700/api/draw"
TOKEN = "a-secret-that-nobody-guesses"


@pytest.fixture
def guarded(context: StudioContext) -> Iterator[TestClient]:
    """Return a client of a studio that others can reach."""
    policy = AccessPolicy("0.0.0.0", TOKEN, names=frozenset({"studio.lan"}))
    with TestClient(
        create_app(context, policy), base_url="http://studio.lan:8700", follow_redirects=False
    ) as c:
        yield c


@pytest.mark.parametrize("host", ["localhost:8700", "127.0.0.1:8700", "[::1]:8700", "localhost", "LOCALHOST"])
def test_the_machines_own_names_are_let_in(client: TestClient, host: str) -> None:
    assert client.get("/api/studio", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io:8700", "", "192.168.0.9"]
)
def test_foreign_hosts_are_refused(client: TestClient, host: str) -> None:
    """So that a name that somebody rebinds to this machine opens nothing."""
    answer = client.get("/api/studio", headers={"Host": host})
    assert answer.status_code == 421
    assert "localhost" in answer.json()["detail"]


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "https://localhost:8700.evil.example", "null", "http://localhost:9999"]
)
def test_foreign_origins_are_refused(client: TestClient, origin: str) -> None:
    headers = {"Origin": origin}
    assert client.post("/api/sample", json={"model": "doodles"}, headers=headers).status_code == 403
    assert client.get("/api/studio", headers=headers).status_code == 403
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(HERE, headers=headers):
        pass


def test_the_own_origin_is_let_in(client: TestClient) -> None:
    assert client.get("/api/studio", headers={"Origin": "http://localhost:8700"}).status_code == 200
    with client.websocket_connect(HERE, headers={"Origin": "http://localhost:8700"}) as socket:
        assert socket.receive_json()["type"] == "hello"


def test_foreign_websocket_hosts_are_refused(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(HERE, headers={"Host": "evil.example"}):
        pass


def test_other_sites_may_link_but_not_fetch(client: TestClient) -> None:
    visit = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    fetch = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert client.get("/", headers=visit).status_code == 200
    assert client.get("/api/studio", headers=fetch).status_code == 403
    assert client.post("/api/sample", json={}, headers=visit).status_code == 403


def test_two_hosts_are_refused(client: TestClient) -> None:
    headers = [("Host", "localhost"), ("Host", "evil.example")]
    assert client.get("/api/studio", headers=headers).status_code in (400, 421)


# Size and time -----------------------------------------------------------------------------------


def test_oversized_bodies_are_refused(client: TestClient) -> None:
    body = b"x" * (Limits().body_bytes + 1)
    assert client.post("/api/keep", content=body).status_code == 413
    parts = (body[k : k + 500_000] for k in range(0, len(body), 500_000))  # of unknown length
    answer = client.post("/api/keep", content=parts)
    assert (answer.status_code, answer.json()) == (413, {"detail": "The request is too large."})


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "9" * 30])
def test_strange_lengths_are_refused(client: TestClient, length: str) -> None:
    assert client.post("/api/keep", content=b"{}", headers={"Content-Length": length}).status_code == 413


def test_pictures_may_be_larger(context: StudioContext) -> None:
    guard = AccessMiddleware(create_app(context, AccessPolicy()), AccessPolicy())
    limits = Limits()
    assert guard._max_bytes({"path": "/api/scan"}) == limits.upload_bytes
    assert guard._max_bytes({"path": "/api/scanner"}) == limits.body_bytes


def test_a_body_that_never_comes_is_given_up() -> None:
    async def slow_app(_: Any, receive: Any, __: Any) -> None:
        await receive()

    sent: list[Message] = []

    async def never() -> Message:
        await asyncio.sleep(60)
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/api/keep", "query_string": b""}
    scope["headers"] = [(b"host", b"localhost")]
    guard = AccessMiddleware(slow_app, AccessPolicy(limits=Limits(body_seconds=0.05)))
    finished(guard(scope, never, send))
    assert sent[0]["status"] == 408


@pytest.mark.parametrize("host", ["studio.lan", "STUDIO.lan.:8700", "localhost:8700", "[::1]"])
def test_a_studio_for_others_answers_to_its_own_names(guarded: TestClient, host: str) -> None:
    assert guarded.get("/api/studio", headers={"Host": host}).status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "192.168.0.9", "studio.lan.evil.example", "", "[::2]"])
def test_and_to_no_other(guarded: TestClient, host: str) -> None:
    """Even to somebody who knows the token: a page of another name must not get at it."""
    answer = guarded.get("/api/studio", headers={"Host": host, "Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 421
    assert "own addresses" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("arrived", "host", "status"),
    [
        ("192.168.0.7", "192.168.0.7:8700", 401),
        ("::ffff:192.168.0.7", "192.168.0.7", 401),
        ("fe80::1%eth0", "[fe80::1]:8700", 401),
        ("192.168.0.7", "192.168.0.8:8700", 421),
    ],
)
def test_the_address_at_which_a_request_arrives_is_a_name(arrived: str, host: str, status: int) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def nothing() -> Message:
        raise AssertionError

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "server": (arrived, 8700)}
    scope["headers"] = [(b"host", host.encode())]
    finished(AccessMiddleware(_never, AccessPolicy("0.0.0.0", TOKEN))(scope, nothing, send))
    assert sent[0]["status"] == status


async def _never(*_: Any) -> None:
    raise AssertionError("the guard let it pass")


@pytest.mark.slow
def test_a_body_gets_more_time_the_more_of_it_has_come() -> None:
    """So that a large picture may come over a slow line."""
    parts = [b"x" * 100] * 4
    got: list[bytes] = []

    async def app(_: Any, receive: Any, __: Any) -> None:
        while (message := await receive())["more_body"]:
            got.append(message["body"])

    async def slowly() -> Message:
        await asyncio.sleep(0.2)
        more = bool(parts)
        return {"type": "http.request", "body": parts.pop() if parts else b"", "more_body": more}

    async def send(_: Message) -> None:
        return

    scope = {"type": "http", "method": "POST", "path": "/api/keep", "query_string": b""}
    scope["headers"] = [(b"host", b"localhost")]
    finished(
        AccessMiddleware(app, AccessPolicy(limits=Limits(body_seconds=0.5, body_rate=1.0)))(
            scope, slowly, send
        )
    )
    assert len(got) == 4


def test_who_goes_away_while_sending_is_no_error() -> None:
    async def app(_: Any, receive: Any, __: Any) -> None:
        await receive()
        raise ClientDisconnect

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def send(_: Message) -> None:
        raise AssertionError("nobody is there")

    scope = {"type": "http", "method": "POST", "path": "/api/keep", "query_string": b""}
    scope["headers"] = [(b"host", b"localhost")]
    finished(AccessMiddleware(app, AccessPolicy())(scope, gone, send))


# The token ---------------------------------------------------------------------------------------


def test_no_studio_for_others_without_a_token(context: StudioContext) -> None:
    with pytest.raises(ValueError, match="needs a token"):
        AccessMiddleware(create_app(context, AccessPolicy()), AccessPolicy("0.0.0.0"))


OUTWARD = [
    *("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/..\\app.py"),
    *("/static/%2e%2e%2f%2e%2e%2fcli/main.py", "/static//etc/passwd", "/static/....//app.py"),
    *("/static/shell/../../guard.py", "/static/%00", "/static/shell/main.js%00.png"),
]


@pytest.mark.parametrize("path", OUTWARD)
def test_static_paths_do_not_lead_out(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "import" not in answer.text


def test_every_answer_bears_the_headers(client: TestClient) -> None:
    for path in ("/", "/static/shell/main.js", "/api/studio", "/nosuch"):
        headers = client.get(path).headers
        assert {name: headers.get(name) for name in HEADERS} == HEADERS
        assert "access-control-allow-origin" not in headers
    assert "unsafe" not in HEADERS["Content-Security-Policy"]
