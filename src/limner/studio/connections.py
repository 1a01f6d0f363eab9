"""Connections that nobody uses are dropped, and nobody's connections shut others out.

uvicorn lets a connection wait without end for its first request, for the rest of a request's head, and for a
reader that does not read. The protocols here have a clock for each of these, and a :class:`Doorway` counts
the connections of each address. A request's body has a clock of its own; see :mod:`limner.studio.guard`.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from typing import Any, Protocol

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from limner.studio.limits import Limits

NOT_UTF8 = 1007
"""Code of a WebSocket that is closed because a text is no UTF-8; RFC 6455, 7.4.1."""


class Visitor(Protocol):
    """A connection, as the doorway sees it."""

    address: str
    """Of the other end."""

    @property
    def waiting(self) -> bool:
        """Whether it is waited for, rather than served."""

    def drop(self) -> None:
        """End the connection at once."""


class Doorway:
    """The connections of one studio: so many in all, so many from one address.

    Parameters
    ----------
    limits : Limits
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._inside: dict[Visitor, None] = {}  # the one that came first is the first

    def __len__(self) -> int:
        """Count the connections."""
        return len(self._inside)

    def enter(self, visitor: Visitor) -> bool:
        """Let a connection in; where it is crowded another one is dropped, one that is waited for first.

        Returns
        -------
        bool
            False if all connections of this address are in use and it may have no more; then it is dropped.
        """
        own = [other for other in self._inside if other.address == visitor.address]
        if len(own) >= self.limits.connections_each and not self._drop_one(own, waiting_only=True):
            visitor.drop()
            return False
        if len(self._inside) >= self.limits.connections:
            most = Counter(other.address for other in self._inside).most_common(1)[0][0]
            self._drop_one([other for other in self._inside if other.address == most], waiting_only=False)
        self._inside[visitor] = None
        return True

    def leave(self, visitor: Visitor) -> None:
        """Forget a connection that has ended."""
        self._inside.pop(visitor, None)

    def _drop_one(self, visitors: list[Visitor], *, waiting_only: bool) -> bool:
        waiting = [visitor for visitor in visitors if visitor.waiting]
        for visitor in (waiting or ([] if waiting_only else visitors))[:1]:
            self.leave(visitor)
            visitor.drop()
            return True
        return False


def protocols(doorway: Doorway) -> tuple[type[asyncio.Protocol], type[asyncio.Protocol]]:
    """Return the protocols for HTTP and for WebSockets that a doorway watches over, as uvicorn takes them."""

    class Http(TimedHttp):
        door = doorway

    class WebSocket(QuietWebSocket):
        door = doorway

    return Http, WebSocket


class TimedHttp(H11Protocol):
    """HTTP/1.1 with a clock for all time in which no request is served."""

    door: Doorway
    address = ""
    _overdue: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None
    _upgraded = False

    @property
    def waiting(self) -> bool:
        """Whether no request is being served: none has come, or the last one was answered."""
        return self.cycle is None or self.cycle.response_complete

    def drop(self) -> None:
        """End the connection at once, whether or not the other end has read all."""
        self.transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        if self.door.enter(self):
            self._set_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all clocks."""
        self.door.leave(self)
        _cancel(self._overdue, self._stalled)
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Follow what has come, and see whether it is a whole request."""
        super().handle_events()
        self._set_clock()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand the connection over to the WebSocket's protocol."""
        self._upgraded = True
        self.door.leave(self)
        _cancel(self._overdue, self._stalled)
        super().handle_websocket_upgrade(event)

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        self._set_clock()

    def pause_writing(self) -> None:
        """Wait for a reader that is behind, but not without end."""
        super().pause_writing()
        self._stalled = self.loop.call_later(self.door.limits.stall_seconds, self.drop)

    def resume_writing(self) -> None:
        """Go on: the reader has come along."""
        super().resume_writing()
        _cancel(self._stalled)

    def shutdown(self) -> None:
        """End the connection, or let it end with what is being answered."""
        with suppress(h11.LocalProtocolError):  # of a connection that was refused already
            super().shutdown()
        if self.waiting:
            self.transport.close()

    def _set_clock(self) -> None:
        """Start the clock when waiting begins; what trickles in meanwhile does not set it back."""
        if not self.waiting or self._upgraded or self.transport.is_closing():
            _cancel(self._overdue)
            self._overdue = None
        elif self._overdue is None:
            self._overdue = self.loop.call_later(self.door.limits.head_seconds, self.drop)


class QuietWebSocket(WebSocketsSansIOProtocol):
    """A WebSocket that hangs up on what is no UTF-8 without a word in the log."""

    door: Doorway
    address = ""
    waiting = False
    _stalled: asyncio.TimerHandle | None = None

    def drop(self) -> None:
        """End the connection at once."""
        self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take over a connection that HTTP has begun."""
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        self.door.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave."""
        self.door.leave(self)
        _cancel(self._stalled)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Wait for a reader that is behind, but not without end."""
        super().pause_writing()
        self._stalled = self.loop.call_later(self.door.limits.stall_seconds, self.drop)

    def resume_writing(self) -> None:
        """Go on: the reader has come along."""
        super().resume_writing()
        _cancel(self._stalled)

    def data_received(self, data: bytes) -> None:
        """Take what has come; hang up where a head that HTTP took is none for a WebSocket."""
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self.drop()

    def send_receive_event_to_app(self) -> None:
        """Hand a message on."""
        if self.curr_msg_data_type == "text" and not _is_utf8(b"".join(self.frames)):
            self.frames = []
            self.conn.send_close(NOT_UTF8)
            self.handle_parser_exception()
        else:
            super().send_receive_event_to_app()


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _cancel(*timers: Any) -> None:
    for timer in timers:
        if timer is not None:
            timer.cancel()
