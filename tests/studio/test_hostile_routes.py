"""Every route by every method, as strangers would ask for it: a new route is tested unasked."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.routing import Mount, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from limner.studio.access import AccessPolicy
from limner.studio.app import create_app
from limner.studio.context import StudioContext
from limner.studio.limits import Limits
from limner.studio.rooms import ROOMS

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
pytestmark = pytest.mark.slow
HERE = "http://localhost:8700"
STRANGERS = {
    "another host": ({"Host": "evil.example"}, 421),
    "a name that is bound to this machine": ({"Host": "127.0.0.1.nip.io:8700"}, 421),
    "another page": ({"Origin": "http://evil.example"}, 403),
    "a page of no origin": ({"Origin": "null"}, 403),
    "a page on another port": ({"Origin": "http://localhost:9999"}, 403),
    "a request that another page makes": (
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        403,
    ),
    "a body that is announced too large": ({"Content-Length": "99999999999"}, 413),
    "a body of no length": ({"Content-Length": "-1"}, 413),
}
"""Headers of requests, and what answers them."""


@pytest.fixture
def paths(client: TestClient) -> list[str]:
    """Return an address for every route: of the interface, of static files, of pages."""
    described = client.get("/api/openapi.json").json()["paths"]
    static = [f"{route.path}/index.html" for route in client.app.routes if isinstance(route, Mount)]  # type: ignore[attr-defined]
    found = {"/", "/api/openapi.json", *(re.sub(r"{.*?}", "1", path) for path in described), *static}
    assert len(found) > 40
    return sorted(found)


@pytest.mark.parametrize("stranger", STRANGERS)
def test_strangers_get_nothing(client: TestClient, paths: list[str], stranger: str) -> None:
    headers, status = STRANGERS[stranger]
    answers = {
        (method, path): client.request(method, path, headers=headers, follow_redirects=False)
        for method in METHODS
        for path in paths
    }
    assert {request: a.status_code for request, a in answers.items() if a.status_code != status} == {}
    assert all(answer.headers["x-content-type-options"] == "nosniff" for answer in answers.values())


def test_without_the_token_nothing_opens(context: StudioContext, paths: list[str]) -> None:
    policy = AccessPolicy("0.0.0.0", "a-secret-that-nobody-guesses", names=frozenset({"studio.lan"}))
    with TestClient(create_app(context, policy), base_url="http://studio.lan:8700") as client:
        for bearer in ("", "a-secret-that-nobody-guesse", "a-secret-that-nobody-guesses2"):
            headers = {"Authorization": f"Bearer {bearer}", "Cookie": f"limner-studio={bearer}"}
            for method in METHODS:
                for path in paths:
                    answer = client.request(method, path, headers=headers, follow_redirects=False)
                    assert answer.status_code == 401, (method, path)


def test_bodies_that_grow_too_large_are_cut_off(context: StudioContext, paths: list[str]) -> None:
    """Without a length that announces them."""
    policy = AccessPolicy(limits=Limits(body_bytes=2000, upload_bytes=2000))

    def growing() -> Iterator[bytes]:
        for _ in range(50):
            yield b'{"a": "' + b"x" * 1000

    with TestClient(create_app(context, policy), base_url=HERE, raise_server_exceptions=False) as client:
        for path in paths:
            answer = client.post(path, content=growing(), headers={"Content-Type": "application/json"})
            assert 400 <= answer.status_code < 500, path


@pytest.mark.parametrize("stranger", [name for name, (_, status) in STRANGERS.items() if status != 413])
def test_no_socket_opens_for_strangers(client: TestClient, stranger: str) -> None:
    routes = [route for _, room in ROOMS.items() for route in room.router.routes]
    sockets = [route.path for route in routes if isinstance(route, WebSocketRoute)]
    assert sockets
    for path in sockets:
        with (
            pytest.raises(WebSocketDisconnect),
            client.websocket_connect(HERE.replace("http", "ws") + path, headers=STRANGERS[stranger][0]),
        ):
            pass
