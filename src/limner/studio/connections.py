"""Connections: idle ones are closed, and no address can use up all of them.

uvicorn waits without limit for the first request of a connection, for the rest of a request's head, and for
a client that does not read. The protocols here have a timer for each of these, and a
:class:`ConnectionLimiter` counts the connections of each address. The body of a request has a timer of its
own; see :mod:`limner.studio.access`.
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
"""Close code for a text message that is not UTF-8; RFC 6455, section 7.4.1."""


class LimitedConnection(Protocol):
    """A connection, as the limiter sees it."""

    address: str
    """Of the client."""

    @property
    def waiting(self) -> bool:
        """Whether no request of the connection is being served."""

    def drop(self) -> None:
        """Close the connection immediately."""


class ConnectionLimiter:
    """The open connections of one studio, limited in total and for each address.

    Parameters
    ----------
    limits : Limits
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._open: dict[LimitedConnection, None] = {}  # in the order in which they were opened

    def __len__(self) -> int:
        """Return the number of connections."""
        return len(self._open)

    def admit(self, connection: LimitedConnection) -> bool:
        """Admit a connection; at the limit another one is dropped, preferably a waiting one.

        Returns
        -------
        bool
            False if the address is at its limit and none of its connections waits; ``connection`` is dropped.
        """
        own = [other for other in self._open if other.address == connection.address]
        if len(own) >= self.limits.connections_each and not self._drop_one(own, waiting_only=True):
            connection.drop()
            return False
        if len(self._open) >= self.limits.connections:
            busiest = Counter(other.address for other in self._open).most_common(1)[0][0]
            self._drop_one([other for other in self._open if other.address == busiest], waiting_only=False)
        self._open[connection] = None
        return True

    def release(self, connection: LimitedConnection) -> None:
        """Remove a connection that was closed."""
        self._open.pop(connection, None)

    def _drop_one(self, connections: list[LimitedConnection], *, waiting_only: bool) -> bool:
        waiting = [connection for connection in connections if connection.waiting]
        for connection in (waiting or ([] if waiting_only else connections))[:1]:
            self.release(connection)
            connection.drop()
            return True
        return False


def limited_protocols(limiter: ConnectionLimiter) -> tuple[type[asyncio.Protocol], type[asyncio.Protocol]]:
    """Return the HTTP and WebSocket protocols whose connections ``limiter`` admits, as uvicorn takes them."""
    http = type("Http", (TimedHttpProtocol,), {"limiter": limiter})
    web_socket = type("WebSocket", (TimedWebSocketProtocol,), {"limiter": limiter})
    return http, web_socket


class StallTimer:
    """Mixin for uvicorn's protocols: a client that does not read is dropped after ``stall_seconds``."""

    limiter: ConnectionLimiter
    address = ""
    loop: asyncio.AbstractEventLoop
    transport: Any
    _stalled: asyncio.TimerHandle | None = None

    def drop(self) -> None:
        """Close the connection immediately, even if the client has not read everything."""
        self.transport.abort()

    def pause_writing(self) -> None:
        """Start the timer: the client is behind."""
        super().pause_writing()  # type: ignore[misc]
        self._stalled = self.loop.call_later(self.limiter.limits.stall_seconds, self.drop)

    def resume_writing(self) -> None:
        """Stop the timer: the client has caught up."""
        super().resume_writing()  # type: ignore[misc]
        _cancel(self._stalled)


class TimedHttpProtocol(StallTimer, H11Protocol):
    """HTTP/1.1 with a timer that runs while no request is served."""

    _overdue: asyncio.TimerHandle | None = None
    _upgraded = False

    @property
    def waiting(self) -> bool:
        """Whether no request is being served: none has arrived, or the last one was answered."""
        return self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start to wait for a request."""
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        if self.limiter.admit(self):
            self._set_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all timers."""
        self.limiter.release(self)
        _cancel(self._overdue, self._stalled)
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Handle received data; a complete request stops the timer."""
        super().handle_events()
        self._set_timer()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Pass the connection on to the WebSocket protocol."""
        self._upgraded = True
        self.limiter.release(self)
        _cancel(self._overdue, self._stalled)
        super().handle_websocket_upgrade(event)

    def on_response_complete(self) -> None:
        """Start to wait for the next request."""
        super().on_response_complete()
        self._set_timer()

    def shutdown(self) -> None:
        """Close the connection after the answer that is being sent, if any."""
        with suppress(h11.LocalProtocolError):  # of a connection that was refused already
            super().shutdown()
        if self.waiting:
            self.transport.close()

    def _set_timer(self) -> None:
        """Start the timer when waiting begins; data that trickles in does not restart it."""
        if not self.waiting or self._upgraded or self.transport.is_closing():
            _cancel(self._overdue)
            self._overdue = None
        elif self._overdue is None:
            self._overdue = self.loop.call_later(self.limiter.limits.head_seconds, self.drop)


class TimedWebSocketProtocol(StallTimer, WebSocketsSansIOProtocol):
    """A WebSocket that closes on text that is not UTF-8 without logging an error."""

    waiting = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take over a connection from HTTP."""
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        self.limiter.admit(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timer."""
        self.limiter.release(self)
        _cancel(self._stalled)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Handle received data; drop the connection if HTTP accepted a head that is no valid handshake."""
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self.drop()

    def send_receive_event_to_app(self) -> None:
        """Pass a message on to the application."""
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


def _cancel(*timers: asyncio.TimerHandle | None) -> None:
    for timer in timers:
        if timer is not None:
            timer.cancel()
