"""Slow and idle clients over real sockets: they are dropped, shut nobody out, and are not in the log."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
import uvicorn
from tests.studio.conftest import PATIENT_SECONDS
from tests.studio.scan.pictures import picture

from limner.studio.access import AccessPolicy
from limner.studio.app import create_app
from limner.studio.connections import ConnectionLimiter
from limner.studio.context import StudioContext
from limner.studio.limits import Limits
from limner.studio.server import config_for

HERE, THERE = "127.0.0.1", "127.0.0.2"
SHORT = Limits(head_seconds=0.5, body_seconds=2.0, stall_seconds=1.0, connections=60, connections_each=50)
UPGRADE = (
    "GET /api/draw HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


@dataclass
class Running:
    """A server in a thread of this process."""

    port: int
    log: list[str]

    def connect(self, source: str = HERE) -> socket.socket:
        """Connect from an address of the loopback."""
        made = socket.socket()
        made.settimeout(PATIENT_SECONDS)
        made.bind((source, 0))
        made.connect((HERE, self.port))
        return made

    def upload(self, source: str, size: int = 10_000) -> socket.socket:
        """Begin to send a picture."""
        made = self.connect(source)
        made.sendall(_head("POST", f"Content-Type: image/png\r\nContent-Length: {size}\r\n") + b"abc")
        return made

    def ask(self, data: bytes, source: str = HERE) -> bytes:
        """Send something, and read until the server hangs up."""
        with self.connect(source) as made:
            made.sendall(data)
            return _all_of(made)


@pytest.fixture
def running(context: StudioContext, caplog: pytest.LogCaptureFixture) -> Iterator[Running]:
    """Return a studio with short clocks."""
    context.limits = SHORT
    config = config_for(create_app(context, AccessPolicy(limits=SHORT)), SHORT)
    server = uvicorn.Server(config)
    with socket.socket() as listening:
        listening.bind((HERE, 0))
        listening.listen(256)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
        thread.start()
        yield Running(listening.getsockname()[1], caplog.messages)
        server.should_exit = True
        thread.join()
    assert [r for r in caplog.records if r.name.startswith(("uvicorn", "asyncio"))] == []


def _head(method: str, more: str = "", path: str = "/api/scan") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{more}\r\n".encode()


FACTS = _head("GET", path="/api/studio")


def _all_of(made: socket.socket) -> bytes:
    found = b""
    try:
        while part := made.recv(65536):
            found += part
    except ConnectionResetError:
        pass
    return found


@pytest.mark.slow
def test_idle_and_half_open_connections_are_dropped(running: Running) -> None:
    """What trickles in does not keep them open."""
    idle, half = running.connect(), running.connect()
    half.sendall(b"GET / HTTP/1.1\r\nHos")
    ended = threading.Event()

    def trickle() -> None:
        try:
            while not ended.wait(0.1):
                half.sendall(b"t")
        except OSError:
            return

    trickling = threading.Thread(target=trickle)
    trickling.start()
    assert _all_of(idle) == b""
    assert _all_of(half) == b""
    ended.set()
    trickling.join()
    idle.close()
    half.close()


@pytest.mark.slow
def test_an_answered_connection_is_dropped_too(running: Running) -> None:
    with running.connect() as made:
        made.sendall(FACTS.replace(b"Connection: close\r\n", b""))
        assert _all_of(made).startswith(b"HTTP/1.1 200")


def test_many_idle_connections_shut_nobody_out(running: Running) -> None:
    """Neither those of another address nor those of their own."""
    idle = [running.connect(source) for source in (HERE, THERE) for _ in range(80)]
    for source in (HERE, THERE, "127.0.0.3"):
        assert running.ask(FACTS, source).startswith(b"HTTP/1.1 200")
    for one in idle:
        one.close()


@pytest.mark.slow
def test_slow_uploads_do_not_block_another(running: Running) -> None:
    slow = [running.upload(THERE) for _ in range(40)]
    png = picture()
    head = _head("POST", f"Content-Type: image/png\r\nContent-Length: {len(png)}\r\n")
    for source in (HERE, THERE):
        assert running.ask(head + png, source).startswith(b"HTTP/1.1 200")
    for one in slow:
        assert _all_of(one).startswith(b"HTTP/1.1 408")
        one.close()


@pytest.mark.slow
def test_a_studio_full_of_slow_uploads_takes_others(running: Running) -> None:
    """The address that has most of the connections loses one."""
    slow = [running.upload(THERE) for _ in range(49)] + [running.upload("127.0.0.3") for _ in range(11)]
    assert running.ask(FACTS).startswith(b"HTTP/1.1 200")
    for one in slow:
        one.close()


@pytest.mark.slow
def test_who_does_not_read_is_dropped(running: Running) -> None:
    """Its answers would fill the memory."""
    with running.connect() as made:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        asked = _head("GET", path="/api/openapi.json").replace(b"Connection: close\r\n", b"")
        made.settimeout(0.5)
        try:
            for _ in range(10_000):
                made.sendall(asked)
        except OSError:
            pass
        time.sleep(2 * SHORT.stall_seconds)
        with pytest.raises(OSError):  # noqa: PT012 - which of them it is depends on what is still on its way
            for _ in range(100):
                made.sendall(asked)
                time.sleep(0.05)


NOT_UTF8 = [
    b"\xff\xfe\r\n\r\n",
    _head("GET", path="/%ff%fe"),
    _head("GET", path="/static/%00%ff"),
    _head("GET", "Cookie: limner-studio=\xff\r\n").decode().encode("latin-1"),
    _head("GET", "Origin: http://[::1\r\n"),
    _head("POST", "Content-Type: application/json\r\nContent-Length: 3\r\n", "/api/keep") + b'"\xff"',
    _head("POST", "Content-Length: 3\r\n", "/api/scan?name=%ff%00%ed%a0%80") + b"abc",
    _head("POST", "Content-Type: multipart/form-data; boundary=X\r\nContent-Length: 50\r\n") + b"\xff" * 50,
    (UPGRADE + f"X: {'x' * 9000}\r\n\r\n").encode(),
    (UPGRADE + "".join(f"X{k}: x\r\n" for k in range(300)) + "\r\n").encode(),
]


@pytest.mark.slow
@pytest.mark.parametrize("said", NOT_UTF8, ids=range(len(NOT_UTF8)))
def test_what_is_not_understood_is_not_in_the_log(running: Running, said: bytes) -> None:
    assert b" 500 " not in running.ask(said)


def _frame(data: bytes, *, last: bool = True, first: bool = True) -> bytes:
    return bytes([128 * last + first, 128 + len(data)]) + bytes(4) + data


@pytest.mark.parametrize(
    "frames",
    [
        _frame(b"\xff\xfe"),
        _frame(b"\xe2", last=False) + _frame(b"\x28", first=False),
        b"\xf1\x80\x00\x00\x00\x00",
    ],
    ids=["at-once", "in-parts", "no-frame"],
)
def test_a_websocket_that_is_no_utf8_is_hung_up_on(running: Running, frames: bytes) -> None:
    with running.connect() as made:
        made.sendall(f"{UPGRADE}\r\n".encode())
        assert made.recv(65536).startswith(b"HTTP/1.1 101")
        made.sendall(frames)
        assert _all_of(made)[-4:-2] != b"\x88\x00"  # a close frame with a reason


def test_who_goes_away_is_not_in_the_log(running: Running) -> None:
    """In the middle of sending, of being answered, of drawing; politely and not."""
    png = picture()
    whole = _head("POST", f"Content-Type: image/png\r\nContent-Length: {len(png)}\r\n") + png
    for said in (whole[:-20], whole, FACTS * 20, f"{UPGRADE}\r\n".encode()):
        for rude in (False, True):
            made = running.connect()
            made.sendall(said)
            if rude:
                made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            made.close()
    assert running.ask(FACTS).startswith(b"HTTP/1.1 200")


# Who is dropped where it is crowded ----------------------------------------------------------------


class Caller:
    """A connection that only notes whether it was dropped."""

    def __init__(self, address: str, *, waiting: bool) -> None:
        self.address, self.waiting, self.dropped = address, waiting, False

    def drop(self) -> None:
        """Note it."""
        self.dropped = True


def test_the_oldest_that_waits_makes_room() -> None:
    door = ConnectionLimiter(replace(Limits(), connections=3, connections_each=2))
    busy, old, young = (Caller("a", waiting=waiting) for waiting in (False, True, True))
    for one in (busy, old, young):
        assert door.admit(one)
    assert [one.dropped for one in (busy, old, young)] == [False, True, False]
    other, another = Caller("b", waiting=False), Caller("c", waiting=False)
    assert door.admit(other)
    assert door.admit(another)
    assert [one.dropped for one in (busy, young, other)] == [False, True, False]
    assert len(door) == 3


def test_an_address_whose_connections_are_all_in_use_gets_no_more() -> None:
    door = ConnectionLimiter(replace(Limits(), connections=3, connections_each=1))
    first, second = (Caller("a", waiting=False) for _ in range(2))
    assert door.admit(first)
    assert not door.admit(second)
    assert (first.dropped, second.dropped) == (False, True)
    door.release(first)
    assert door.admit(Caller("a", waiting=False))
