"""The WebSocket of the Draw room: what a page may say, and what it hears."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from tests.studio.conftest import sketch

from limner.studio.context import StudioContext
from limner.studio.draw import room
from limner.studio.draw.messages import points_frame
from limner.studio.draw.room import MAX_ERRORS
from limner.studio.draw.session import Dot
from limner.studio.limits import Limits

HERE = "ws://localhost:8700/api/draw"


class Page:
    """A page at the other end."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        assert socket.receive_json() == {"type": "hello", "protocol": 1, "futures": 8}

    def begin(self, turn: int = 1, **changes: Any) -> None:
        request = {"model": "doodles", "sketch": sketch(), "futures": 2, "seed": 3, "pace": 1e5}
        self.say(type="begin", turn=turn, **{**request, **changes})

    def say(self, **message: Any) -> None:
        self.socket.send_text(json.dumps(message))

    def hear(self) -> dict[str, Any] | tuple[int, list[Dot]]:
        message = self.socket.receive()
        if message.get("bytes") is not None:
            return read_points(message["bytes"])
        if message["type"] == "websocket.close":
            raise WebSocketDisconnect(message["code"], message.get("reason"))
        found = json.loads(message["text"])
        assert isinstance(found, dict)
        return found

    def until(self, kind: str) -> tuple[dict[str, Any], list[Dot]]:
        """Listen until a message of a type comes; return it, and the points before it."""
        dots: list[Dot] = []
        while True:
            received = self.hear()
            if isinstance(received, tuple):
                dots += received[1]
            elif received["type"] == kind:
                return received, dots


def read_points(data: bytes) -> tuple[int, list[Dot]]:
    kind, _, count, turn = struct.unpack_from("<BBHI", data)
    assert (kind, len(data)) == (1, 8 + 10 * count)
    return turn, [Dot(*struct.unpack_from("<BBff", data, 8 + 10 * k)) for k in range(count)]


@pytest.fixture
def page(client: TestClient) -> Any:
    with client.websocket_connect(HERE) as socket:
        yield Page(socket)


def test_points_are_packed_as_documented() -> None:
    dots = [Dot(0, 0, 1.5, -2.25), Dot(7, 2, 0.0, 1e5)]
    assert read_points(points_frame(2**32 - 1, dots)) == (2**32 - 1, dots)


def test_a_turn(page: Page) -> None:
    page.begin(turn=9, seed=77)
    begun, _ = page.until("begun")
    assert (begun["turn"], begun["seed"]) == (9, 77)
    assert 3 < begun["points"] < 30
    done, dots = page.until("done")
    assert done["turn"] == 9
    assert done["reason"] in ("ended", "cut")
    assert {dot.future for dot in dots} == {0, 1}
    assert np.isfinite([(d.x, d.y) for d in dots]).all()
    first = next(dot for dot in dots if dot.pen < 2)
    assert np.hypot(first.x - 30, first.y - 10) < 800  # near to where the pen lifted


def test_the_same_seed_draws_the_same(page: Page) -> None:
    drawn = []
    for turn, seed in ((1, 5), (2, 5), (3, 6)):
        page.begin(turn=turn, seed=seed)
        drawn.append(page.until("done")[1])
    assert drawn[0] == drawn[1] != drawn[2]


def test_the_page_may_be_empty(page: Page) -> None:
    page.begin(sketch={"strokes": []}, futures=8)
    _, dots = page.until("done")
    assert {dot.future for dot in dots} == set(range(8))


def test_stop(page: Page) -> None:
    page.begin(pace=2.0)
    page.until("begun")
    page.say(type="stop", turn=1)
    done, dots = page.until("done")
    assert done == {"type": "done", "turn": 1, "reason": "stopped"}
    assert len(dots) <= 4


def test_a_new_turn_ends_the_one_before(page: Page) -> None:
    page.begin(turn=1, pace=2.0)
    page.until("begun")
    page.begin(turn=2)
    ends = [page.until("done")[0], page.until("done")[0]]
    assert [(end["turn"], end["reason"] == "stopped") for end in ends] == [(1, True), (2, False)]


@pytest.mark.slow
def test_steering_while_it_draws(page: Page) -> None:
    """Temperature, pace and class change in the middle of a drawing."""
    page.begin(pace=2.0, futures=1)
    page.until("begun")
    page.say(type="steer", turn=1, temperature=0.05)
    page.say(type="steer", turn=1, label="whale")
    page.say(type="steer", turn=1, label="")
    page.say(type="steer", turn=1, pace=1e5)
    done, dots = page.until("done")
    assert done["reason"] in ("ended", "cut")
    assert len(dots) > 2


def test_taking_a_future(page: Page) -> None:
    page.begin(pace=3.0, futures=4)
    page.until("begun")
    page.say(type="take", turn=1, future=2)
    page.say(type="steer", turn=1, pace=1e5)
    _, dots = page.until("done")
    assert {dot.future for dot in dots[8:]} <= {2}


def test_messages_of_turns_that_are_over_are_passed_over(page: Page) -> None:
    page.begin(turn=4)
    page.until("done")
    page.say(type="take", turn=4, future=0)
    page.say(type="steer", turn=3, temperature=0.5)
    page.say(type="stop", turn=99)
    page.begin(turn=5)
    assert page.until("done")[0]["turn"] == 5


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"model": "nosuch"}, "There is no model 'nosuch' here"),
        ({"label": "unicorn"}, "cannot be asked for 'unicorn'"),
        ({"futures": 9}, "futures"),
        ({"futures": 0}, "futures"),
        ({"temperature": 0}, "temperature"),
        ({"temperature": 9}, "temperature"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**60}, "seed"),
        ({"pace": 0}, "pace"),
        ({"page": 0}, "page"),
        ({"turn": -1}, "turn"),
        ({"nosuch": 1}, "nosuch"),
        ({"sketch": {"strokes": [[]]}}, "strokes"),
        ({"sketch": {"strokes": [[[1, 2, 3]]]}}, "strokes"),
        ({"sketch": {"strokes": [[[1e9, 2]]]}}, "strokes"),
        ({"sketch": {"strokes": [[["1", "x"]]]}}, "strokes"),
        ({"sketch": sketch(by=["you"])}, "by names you or model for each stroke"),
        ({"sketch": {"strokes": [[[k, k] for k in range(39_000)]] * 2}}, "40000 points at most"),
    ],
)
def test_what_cannot_be_followed_is_refused(page: Page, changes: dict[str, Any], what: str) -> None:
    """In a sentence, and the page can go on."""
    page.begin(**changes)
    assert what in page.until("refused")[0]["detail"]
    page.begin(turn=2)
    assert page.until("done")[0]["turn"] == 2


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "1e999", '{"type": "nosuch"}', '{"type": "stop"}', "\x00", "[" * 5000]
)
def test_nonsense_is_refused(page: Page, text: str) -> None:
    page.socket.send_text(text)
    assert page.until("refused")[0]["detail"]


def test_nan_is_refused(page: Page) -> None:
    page.socket.send_text(
        json.dumps(
            {"type": "begin", "turn": 1, "model": "doodles", "sketch": {"strokes": [[[float("nan"), 0]]]}}
        )
    )
    assert "strokes" in page.until("refused")[0]["detail"]


def test_who_talks_nonsense_for_long_is_hung_up_on(page: Page) -> None:
    for _ in range(MAX_ERRORS):
        page.say(type="nonsense")
    with pytest.raises(WebSocketDisconnect) as gone:
        page.until("done")
    assert gone.value.code == 1008


def test_binary_messages_are_hung_up_on(page: Page) -> None:
    page.socket.send_bytes(b"\x01\x02")
    with pytest.raises(WebSocketDisconnect) as gone:
        page.hear()
    assert gone.value.code == 1003


def test_long_messages_are_hung_up_on(page: Page) -> None:
    page.socket.send_text(" " * (Limits().message_bytes + 1))
    with pytest.raises(WebSocketDisconnect) as gone:
        page.hear()
    assert gone.value.code == 1008


def test_floods_are_hung_up_on(page: Page) -> None:
    for _ in range(Limits().messages_per_second * 5 + 1):
        page.say(type="stop", turn=0)
    with pytest.raises(WebSocketDisconnect) as gone:
        page.hear()
    assert gone.value.code == 1008


def test_pages_are_counted(client: TestClient, context: StudioContext) -> None:
    """Too many are asked to come back later; those that leave make room."""
    context.limits = Limits(sessions=2)
    with client.websocket_connect(HERE) as one, client.websocket_connect(HERE) as two:
        assert context.pages == 2
        Page(one)
        Page(two)
        with client.websocket_connect(HERE) as three, pytest.raises(WebSocketDisconnect) as gone:
            three.receive_json()
        assert gone.value.code == 1013
    assert context.pages == 0


def test_pages_that_leave_leave_nothing_behind(client: TestClient, context: StudioContext) -> None:
    for _ in range(5):
        with client.websocket_connect(HERE) as socket:
            Page(socket).begin(pace=1.0, futures=8)
    for _ in range(200):
        if not len(context.scheduler):
            break
        context.scheduler.nudge()
        client.get("/api/keep")
    assert (len(context.scheduler), context.pages) == (0, 0)


def test_a_finished_drawing_is_said_to_be(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """And its futures follow; of another nothing is said."""
    monkeypatch.setattr(room, "FINISHED", 0.0)
    page.begin(turn=1)
    heard = list(_until_done(page))
    (finished,) = (one for one in heard if isinstance(one, dict) and one["type"] == "finished")
    assert finished["turn"] == 1
    assert 0 < finished["probability"] <= 1
    dots = [dot for one in heard if isinstance(one, tuple) for dot in one[1]]
    assert {dot.future for dot in dots if dot.pen < 2} == {0, 1}
    monkeypatch.setattr(room, "FINISHED", 1.0)
    page.begin(turn=2)
    assert "finished" not in [one["type"] for one in _until_done(page) if isinstance(one, dict)]


def _until_done(page: Page) -> Iterator[dict[str, Any] | tuple[int, list[Dot]]]:
    while True:
        yield (heard := page.hear())
        if isinstance(heard, dict) and heard["type"] == "done":
            return


def test_a_stroke_is_read_while_it_is_drawn(page: Page) -> None:
    """That is not answered, and changes nothing."""
    ways = []
    for turn in (1, 2):
        if turn == 2:
            page.say(type="prime", model="doodles", sketch=sketch())
        page.begin(turn=turn)
        ways.append(page.until("done")[1])
    assert ways[0] == ways[1]
    page.say(type="prime", model="nobody", sketch=sketch())
    assert "no model" in page.until("refused")[0]["detail"]
