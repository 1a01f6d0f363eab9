"""Strange messages and many pages: nothing crashes, nothing is left behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import websockets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from tests.studio.conftest import Server, sketch
from tests.studio.loops import finished

from limner.studio.context import StudioContext

HERE = "ws://localhost:8700/api/draw"
SESSIONS = 200
ALLOWED_MB = 20.0

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=10,
)
fields = {
    "type": st.sampled_from(["begin", "steer", "take", "stop", "hello"]),
    "turn": st.integers(-1, 4),
    "model": st.sampled_from(["doodles", "nosuch", ""]),
    "futures": st.integers(0, 9),
    "future": st.integers(-1, 9),
    "temperature": st.floats(-1, 4),
    "pace": st.sampled_from([1, 5000, 1e5, -1, "quick"]),
    "label": st.sampled_from(["cat", "", "unicorn", None]),
    "seed": st.integers(-1, 2**54),
    "lift": st.booleans(),
    "page": st.sampled_from([1000, 1e-9, 1e6, 0]),
    "sketch": st.sampled_from(
        [sketch(), {"strokes": []}, {"strokes": [[[0, 0]]]}, {"strokes": [[[1e6, -1e6], [-1e6, 1e6]]]}, {}]
    ),
}
rest = {name: values for name, values in fields.items() if name not in ("type", "turn")}
nearly = st.fixed_dictionaries({"type": fields["type"], "turn": fields["turn"]}, optional=rest)
messages = st.one_of(
    nearly,
    nearly,
    st.fixed_dictionaries({"type": fields["type"]}, optional={"turn": anything, "sketch": anything}),
    anything,
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(said=st.lists(messages, max_size=12), noise=st.booleans())
def test_whatever_is_said_the_server_goes_on(
    client: TestClient, context: StudioContext, said: list[Any], noise: bool
) -> None:
    """It follows, refuses or hangs up; the next page is served, and sessions are put down."""
    try:
        with client.websocket_connect(HERE) as socket:
            for message in said:
                socket.send_text(json.dumps(message) + ("}" if noise else ""))
            socket.receive()
    except WebSocketDisconnect:
        pass
    with client.websocket_connect(HERE) as socket:
        assert socket.receive_json()["type"] == "hello"
        socket.send_text(
            json.dumps({"type": "begin", "turn": 1, "model": "doodles", "sketch": sketch(), "pace": 1e5})
        )
        assert socket.receive_json()["type"] == "begun"
    assert context.pages == 0


@pytest.mark.slow
def test_memory_stays_flat(tmp_path: Path) -> None:
    """Over many pages that come, draw, talk nonsense or vanish; scripts/studio_speed.py takes 10,000."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        pytest.skip("there is no /proc to read the memory from")
    server = Server(tmp_path / "kept")
    try:
        finished(_visits(server, SESSIONS // 2))  # until caches are full
        before = _resident_mb(server)
        finished(_visits(server, SESSIONS))
        assert _resident_mb(server) - before < ALLOWED_MB
    finally:
        assert server.stop() == ""


async def _visits(server: Server, count: int) -> None:
    begin = {"type": "begin", "turn": 1, "model": "doodles", "sketch": sketch(), "futures": 4}
    for k in range(count):
        async with websockets.connect(f"ws://127.0.0.1:{server.port}/api/draw", compression=None) as socket:
            await socket.recv()
            if k % 3 == 0:
                await socket.send(json.dumps({**begin, "pace": 1e5}))
                while '"done"' not in str(await socket.recv()):
                    pass
            elif k % 3 == 1:
                await socket.send(json.dumps({**begin, "pace": 2}))  # gone in the middle
                await socket.recv()
            else:
                await socket.send("nonsense")


def _resident_mb(server: Server) -> float:
    return int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]) * 4096 / 1e6
