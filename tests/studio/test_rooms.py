"""The table of rooms: what every room holds, and one that another package adds."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute, APIWebSocketRoute
from starlette.testclient import TestClient
from tests.docs import python_blocks

from limner.registry import Registry
from limner.studio import app as app_module
from limner.studio.access import AccessPolicy
from limner.studio.app import create_app
from limner.studio.context import StudioContext
from limner.studio.room import SCRIPT, Room, is_room
from limner.studio.rooms import ROOMS

PAGE = "docs/adding/studio_room.md"
NAVIGATION = ["draw", "morph", "map", "keep", "scan", "runs"]


@pytest.mark.parametrize(("name", "room"), list(ROOMS.built_in()))
def test_every_room_is_complete(name: str, room: Room) -> None:
    """It has a page, and routes below ``/api/`` that no other room has."""
    assert is_room(room)
    assert "export function mount(place, studio)" in (room.static / SCRIPT).read_text()
    others = [route.path for other, it in ROOMS.built_in() if other != name for route in _routes(it)]
    own = [route.path for route in _routes(room)]
    assert own
    assert all(path.startswith("/api/") for path in own)
    assert not set(own) & set(others)


def test_server_and_page_read_the_table(client: TestClient) -> None:
    """The navigation lists the rooms in its order, and scripts and style sheets are served."""
    assert list(ROOMS)[: len(NAVIGATION)] == NAVIGATION
    rooms = client.get("/api/studio").json()["rooms"]
    assert [room["name"] for room in rooms] == NAVIGATION[:-1]  # no folder of runs was given
    for room in rooms:
        assert "javascript" in client.get(room["script"]).headers["content-type"]
        assert "text/css" in client.get(room["style"]).headers["content-type"]


def test_the_example_of_the_page(
    context: StudioContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is listed behind the others, its page is served, and its route answers."""
    page = tmp_path / "page"
    page.mkdir()
    (page / SCRIPT).write_text("export function mount(place, studio) {}\n")
    (source,) = python_blocks(PAGE)
    names: dict[str, Any] = {"__file__": str(tmp_path / "room.py"), "__name__": "example"}
    exec(compile(source, PAGE, "exec"), names)
    room = names["ROOM"]
    monkeypatch.setattr(app_module, "ROOMS", _table({"statistics": room}))
    with TestClient(create_app(context, AccessPolicy()), base_url="http://localhost") as client:
        facts = client.get("/api/studio").json()["rooms"][-1]
        assert (facts["name"], facts["title"], facts["style"]) == ("statistics", "Statistics", None)
        assert client.get(facts["script"]).text.startswith("export function mount")
        assert client.get("/api/statistics").json() == {"drawings": 0, "strokes": 0}


def test_what_is_no_room() -> None:
    """A room needs a page; all rooms of this installation have one."""
    keep = ROOMS["keep"]
    assert not is_room(Room("Empty", keep.router, Path("/nowhere")))
    assert not is_room(keep.router)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert set(NAVIGATION) <= set(dict(ROOMS.items()))


def _table(more: dict[str, Room]) -> Registry[Room]:
    return Registry("limner.rooms", "room", dict(ROOMS.built_in()) | more, is_room)


def _routes(room: Room) -> list[APIRoute | APIWebSocketRoute]:
    return [route for route in room.router.routes if isinstance(route, APIRoute | APIWebSocketRoute)]
