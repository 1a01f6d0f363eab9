"""Who may come in: checks of every request before any route sees it, and headers on every answer.

Written as plain ASGI, so that it holds for pages, the interface and WebSockets alike.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from limner.studio.addresses import LOOPBACK_NAMES, bracketed, is_loopback
from limner.studio.limits import Limits

COOKIE = "limner-studio"
QUERY = "token"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True)
class Entry:
    """What is asked of those who come in."""

    host: str = "127.0.0.1"
    """The address that the server is bound to."""
    token: str | None = None
    """A secret to be shown; not needed on the loopback."""
    limits: Limits = field(default_factory=Limits)
    uploads: tuple[str, ...] = ("/api/scan",)
    """Paths that take larger bodies."""
    names: frozenset[str] = frozenset()
    """Names by which others reach this machine; its addresses need not be named."""

    @property
    def local(self) -> bool:
        """Whether nobody but this machine can come."""
        return is_loopback(self.host)


class Guard:
    """Middleware: refuses foreign hosts and origins, strangers without the token, and oversized bodies.

    Parameters
    ----------
    app : ASGI application
    entry : Entry

    Raises
    ------
    ValueError
        If the server is bound to anything but the loopback and there is no token.
    """

    def __init__(self, app: ASGIApp, entry: Entry) -> None:
        if not entry.local and not entry.token:
            raise ValueError("a studio that others can reach needs a token")
        self.app, self.entry = app, entry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _refuse(scope, send, *refusal)
        elif scope["type"] == "websocket":
            await self.app(scope, receive, send)
        elif self.entry.token and scope["method"] == "GET" and _query_token(scope) == self.entry.token:
            await _remember(scope, send, self.entry.token)
        else:
            await self._pass(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if not self._is_own(_name_of(host), scope):
            own = "the names localhost and 127.0.0.1" if self.entry.local else "this machine's own addresses"
            return 421, f"This studio answers to {own} only."
        if len(headers.getlist("host")) != 1:
            return 400, "A request names one host."
        if _is_foreign(scope, headers, host):
            return 403, "Requests from other pages are refused."
        if self.entry.token and not self._knows_token(scope, headers):
            return 401, "Open the address that limner studio printed: it carries the token."
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 15 or int(length) > self._most_bytes(scope):
            return 413, f"A request holds {self._most_bytes(scope)} bytes at most."
        return None

    def _is_own(self, name: str, scope: Scope) -> bool:
        """Tell whether a request was meant for this machine: by a name of its own, or where it arrived."""
        if name in LOOPBACK_NAMES:
            return True
        arrived = bracketed(str((scope.get("server") or ("",))[0]))
        return not self.entry.local and bool(name) and (name == arrived or name in self.entry.names)

    def _knows_token(self, scope: Scope, headers: Headers) -> bool:
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        shown = (_query_token(scope) or "", _cookie(headers), bearer)
        wanted = (self.entry.token or "").encode()
        return any(secrets.compare_digest(one.encode(), wanted) for one in shown)

    def _most_bytes(self, scope: Scope) -> int:
        limits = self.entry.limits
        return limits.upload_bytes if scope["path"] in self.entry.uploads else limits.body_bytes

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = _Body(receive, self._most_bytes(scope), self.entry.limits)
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message = {**message, "headers": _with(message["headers"], HEADERS)}
            await send(message)

        try:
            await self.app(scope, body, answer)
        except HTTPException as error:  # of the body, where the application has not answered it
            if not started:
                await _refuse(scope, send, error.status_code, error.detail)
        except ClientDisconnect:  # nobody is there to be told
            pass
        except asyncio.CancelledError:  # the studio is being closed
            with suppress(Exception):
                await _refuse(scope, send, 503, "The studio is being closed.")


class _Body:
    """A request's body as it arrives: not more than so many bytes, in not more than so much time.

    The clock starts with the request, and runs slower the more has come.
    """

    def __init__(self, receive: Receive, most: int, limits: Limits) -> None:
        self._receive, self._left, self._rate = receive, most, limits.body_rate
        self._until = asyncio.get_running_loop().time() + limits.body_seconds
        self._complete = False

    async def __call__(self) -> Message:
        if self._complete:
            return await self._receive()  # a disconnection, whenever it comes
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408, "The request took too long to arrive.") from None
        size = len(message.get("body", b""))
        self._left -= size
        self._until += size / self._rate
        if self._left < 0:
            raise HTTPException(413, "The request is too large.")
        self._complete = not message.get("more_body", False)
        return message


def _name_of(host: str) -> str:
    """Take the port off ``name:port`` or ``[address]:port``."""
    name, _, port = host.rpartition(":")
    return (name if port.isdecimal() and name else host).lower().rstrip(".")


def _is_foreign(scope: Scope, headers: Headers, host: str) -> bool:
    origin = headers.get("origin")
    if origin is not None:
        return origin.partition("://")[2].lower() != host.lower()
    from_elsewhere = headers.get("sec-fetch-site", "same-origin") in ("cross-site", "same-site")
    is_visit = headers.get("sec-fetch-mode") == "navigate" and scope.get("method") == "GET"
    return from_elsewhere and not is_visit


def _query_token(scope: Scope) -> str | None:
    return dict(parse_qsl(scope["query_string"].decode("latin-1"))).get(QUERY)


def _cookie(headers: Headers) -> str:
    try:
        jar = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    return jar[COOKIE].value if COOKIE in jar else ""


async def _remember(scope: Scope, send: Send, token: str) -> None:
    """Put a token that was shown in the address into a cookie, and take it off the address."""
    left = [(k, v) for k, v in parse_qsl(scope["query_string"].decode("latin-1")) if k != QUERY]
    place = "/" + quote(scope["path"].lstrip("/")) + ("?" + urlencode(left) if left else "")
    cookie = f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000"
    await _answer(send, 303, b"", {"Location": place, "Set-Cookie": cookie})


async def _refuse(scope: Scope, send: Send, status: int, detail: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": detail})
        return
    body = json.dumps({"detail": detail}).encode()
    await _answer(send, status, body, {"Content-Type": "application/json", "Connection": "close"})


async def _answer(send: Send, status: int, body: bytes, own: Mapping[str, str]) -> None:
    headers = _with([(b"content-length", str(len(body)).encode())], {**HEADERS, **own})
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _with(headers: list[tuple[bytes, bytes]], more: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Add headers, but leave those that are there already as they are."""
    there = {name.lower() for name, _ in headers}
    new = [(name.lower().encode(), value.encode("latin-1")) for name, value in more.items()]
    return [*headers, *((name, value) for name, value in new if name not in there)]
